# SYNTAX TEST "source.python" "comments for retort in Python"

op.drop_table("x")  # retort: allow(data/drop-table, lock/drop) moved to the archive
#                     ^^^^^^^ keyword.control.directive.retort
#                             ^^^^^ keyword.control.directive.retort
#                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^ entity.name.tag.rule.retort
#                                                               ^^^^^^^^^^^^^^^^^^^^ string.unquoted.reason.retort
op.execute("""
    SELECT 1  -- retort: allow(lock/x) small
#                ^^^^^^^ keyword.control.directive.retort
#                              ^^^^^^ entity.name.tag.rule.retort
""")
# retort is a word here
# ^^^^^^ - keyword.control.directive.retort
