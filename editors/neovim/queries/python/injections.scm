; extends

; SQL in the first argument of calls that run it or carry it. Pieces of an f-string are coloured one by one.
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
