; extends

; Marks of plain-SQL revisions and comments that silence a finding.
((comment) @keyword.directive
  (#lua-match? @keyword.directive "^%-%-%s*retort:")
  (#set! priority 110))
((comment) @keyword.directive
  (#lua-match? @keyword.directive "^%-%-%s*///")
  (#set! priority 110))
