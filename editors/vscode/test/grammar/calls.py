# SYNTAX TEST "source.python" "SQL in the literals of calls"

op.execute("ALTER TABLE orders ADD COLUMN note text")
#           ^^^^^ meta.embedded.inline.sql.retort keyword.other.sql
#          ^ punctuation.definition.string.begin.python - meta.embedded
#                                                  ^ punctuation.definition.string.end.python - meta.embedded
#                                                   ^ punctuation.definition.arguments.end.python

op.execute('DROP TABLE "orders"')
#           ^^^^ meta.embedded.inline.sql.retort keyword.other.sql
#                      ^^^^^^^^ string.quoted.double.sql
#                              ^ punctuation.definition.string.end.python
x = 1
#   ^ constant.numeric.dec.python - meta.embedded

op.execute(
    # why
#   ^^^^^ comment.line.number-sign.python
    """
    UPDATE orders -- isn't "done"
#   ^^^^^^ meta.embedded.block.sql.retort keyword.other.DML.sql
#                 ^^^^^^^^^^^^^^^ comment.line.double-dash.sql
    SET status = 'it''s'  /* " */
#                ^^^^^^^ string.quoted.single.sql
    WHERE id = :id AND day = %(day)s AND n::int > 1 AND tags[1] = 'x';
#              ^^^ variable.parameter.bind.sql
#                            ^^^^^^^ variable.parameter.bind.sql
#                                         ^^^^ - variable.parameter.bind.sql
    """
#   ^^^ punctuation.definition.string.end.python
)
y = "SELECT"
#    ^^^^^^ - meta.embedded

op.execute("SELECT 1 -- to the end")
#                    ^^^^^^^^^^^^^ comment.line.double-dash.sql
#                                 ^ punctuation.definition.string.end.python
z = 1
#   ^ constant.numeric.dec.python - comment meta.embedded

op.execute(sa.text("SELECT 1"))
#                   ^^^^^^ meta.embedded.inline.sql.retort

op.execute("SELECT 1 "
           "FROM orders")
#           ^^^^ meta.embedded.inline.sql.retort keyword.other.DML.sql
#                      ^ - meta.embedded

op.execute(f"ALTER TABLE {table!r} ADD {{x}} text")
#          ^ storage.type.string.python
#            ^^^^^ meta.embedded.inline.sql.retort keyword.other.sql
#                         ^^^^^ meta.fstring.python source.python
#                                 ^ - meta.fstring.python
#                                  ^^^ keyword.other.sql
#                                      ^^ constant.character.escape.python

conn.exec_driver_sql(r'''SELECT '\d' ''')
#                    ^ storage.type.string.python
#                        ^^^^^^ meta.embedded.block.sql.retort
#                               ^^^^ string.quoted.single.sql - constant.character.escape.python
session.scalars("SELECT \"a\" FROM b")
#                       ^^ constant.character.escape.python
op.execute(statement, "SELECT 1")
#          ^^^^^^^^^ - meta.embedded
#                      ^^^^^^ - meta.embedded
sa.CheckConstraint('amount > 0', name="ck")
#                   ^^^^^^ meta.embedded.inline.sql.retort
#                                      ^^ - meta.embedded
sa.Column("at", server_default=sa.text("now()"), comment="SELECT")
#                                       ^^^^^ meta.embedded.inline.sql.retort
#          ^^ - meta.embedded
#                                                         ^^^^^^ - meta.embedded
print("ALTER TABLE orders")
#      ^^^^^ - meta.embedded
executed("ALTER TABLE orders")
#         ^^^^^ - meta.embedded
reexecute("ALTER TABLE orders")
#          ^^^^^ - meta.embedded
op.execute("DO $$ BEGIN END $$")
#              ^^^^^^^^^^^^^^^ string.unquoted.dollar.sql
#                             ^ punctuation.definition.string.end.python
op.execute("SELECT '")
#                   ^ punctuation.definition.string.end.python
z = 1
#   ^ constant.numeric.dec.python - string
op.execute("")
z = 1
#   ^ constant.numeric.dec.python - meta.embedded
