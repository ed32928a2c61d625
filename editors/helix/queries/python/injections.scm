; For ~/.config/helix/runtime/queries/python/injections.scm. It takes the place of the file that Helix
; brings, whose two rules (comments, patterns of `re`) come first.

((comment) @injection.content
  (#set! injection.language "comment"))

(call
  function: (attribute
    object: (identifier) @_module
    attribute: (identifier) @_name)
  arguments: (argument_list . (string (string_content) @injection.content))
  (#eq? @_module "re")
  (#any-of? @_name
    "compile" "search" "match" "fullmatch" "sub" "subn" "findall" "finditer" "split")
  (#set! injection.language "regex"))

; SQL in the first argument of calls that run it or carry it.
((call
  function: [
    (identifier) @_name
    (attribute attribute: (identifier) @_name)
  ]
  arguments: (argument_list
    . [
      (string (string_content) @injection.content)
      (concatenated_string (string (string_content) @injection.content))
    ]))
  (#any-of? @_name
    "execute" "exec_driver_sql" "scalar" "scalars" "text" "DDL" "CheckConstraint" "Computed" "literal_column")
  (#set! injection.language "sql"))

; The condition of op.create_check_constraint is its third argument.
((call
  function: (attribute attribute: (identifier) @_name)
  arguments: (argument_list
    . (_)
    . (_)
    . (string (string_content) @injection.content)))
  (#eq? @_name "create_check_constraint")
  (#set! injection.language "sql"))

((keyword_argument
  name: (identifier) @_name
  value: (string (string_content) @injection.content))
  (#any-of? @_name "sqltext" "condition")
  (#set! injection.language "sql"))
