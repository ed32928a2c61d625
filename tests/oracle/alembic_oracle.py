#!/usr/bin/python3
"""What real Alembic says about a folder of revisions, as JSON.

    alembic_oracle.py FOLDER QUERY [ARGUMENT]
    alembic_oracle.py --text FOLDER QUERY [ARGUMENT]   lines as the alembic command prints them, or
                                       ids; not for show
    alembic_oracle.py --batch          one {"versions": FOLDER, "queries": [[QUERY, ARGUMENT…]…]}
                                       a line on stdin, one list of answers a line on stdout

    history [LOW:HIGH]     newest first: revision, and the line that Alembic prints
    heads                  the same for the heads
    branches               the branch points, each with its children
    show [REVISION]        one or all revisions with their fields
    upgrade [START:]END    revisions in the order in which they are upgraded
    downgrade START:END    … and downgraded; several starts are joined by commas
    script COMMAND ARGUMENT [OPTIONS]   the text of `alembic COMMAND ARGUMENT --sql`, where COMMAND
                           is upgrade, downgrade, stamp or ensure_version and OPTIONS are JSON for
                           context.configure(); the same with --text is printed as it is

A query that Alembic refuses is answered by {"error": class, "message": text}. SQL revisions are
replaced by Python ones (sql_stubs.py). Alembic 1.8 takes files as the disk lists them; here, as in
later versions, their names are sorted. What is a set in Alembic is sorted by name. Sets of revisions
follow PYTHONHASHSEED, as sets of text do, so that another seed shows what depends on their order.
"""

import io
import json
import os
import sys
import tempfile
import warnings

sys.dont_write_bytecode = True
warnings.simplefilter("ignore")

unsorted_listdir = os.listdir
os.listdir = lambda *arguments: sorted(unsorted_listdir(*arguments))

import sql_stubs  # noqa: E402
from alembic.config import Config  # noqa: E402
from alembic.runtime.environment import EnvironmentContext  # noqa: E402
from alembic.script import Script, ScriptDirectory  # noqa: E402
from alembic.util import to_tuple  # noqa: E402

Script.__hash__ = lambda self: hash(self.revision)


def line(revision, **how):
    return {"revision": revision.revision, "text": revision.cmd_format(False, **how)}


def history(script, limits=":"):
    low, high = limits.split(":")
    return [
        line(r, include_branches=True, include_doc=True, include_parents=True)
        for r in script.walk_revisions(base=low or "base", head=high or "heads")
    ]


def heads(script):
    return [
        line(r, include_branches=True, tree_indicators=False)
        for r in script.get_revisions(script.get_heads())
    ]


def branches(script):
    return [
        {
            **line(point, include_branches=True),
            "children": [
                line(script.get_revision(child), include_branches=True)
                for child in sorted(point.nextrev)
            ],
        }
        for point in script.walk_revisions()
        if point.is_branch_point
    ]


def described(revision):
    return {
        "revision": revision.revision,
        "down_revision": list(to_tuple(revision.down_revision, default=())),
        "depends_on": list(to_tuple(revision.dependencies, default=())),
        "branch_labels": sorted(revision.branch_labels),
        "children": sorted(revision.nextrev),
        "head": revision.is_head,
        "real_head": revision._is_real_head,
        "branch_point": revision.is_branch_point,
        "merge_point": revision.is_merge_point,
        "file": os.path.basename(revision.path).replace(".sql.py", ".sql"),
        "doc": revision.doc,
        "longdoc": revision.longdoc,
    }


def show(script, name=None):
    if name is not None:
        return [described(r) for r in script.get_revisions(name)]
    return [described(r) for r in script.walk_revisions()]


def current(script, text):
    """The rows of the version table that a START stands for."""
    if text in (None, "", "base"):
        return ()
    return tuple(script.get_revision(name).revision for name in text.split(","))


def upgrade(script, limits):
    start, _, end = limits.rpartition(":")
    return [s.revision.revision for s in script._upgrade_revs(end, current(script, start))]


def downgrade(script, limits):
    start, _, end = limits.rpartition(":")
    return [s.revision.revision for s in script._downgrade_revs(end, current(script, start))]


def script(script_folder, command, limits="", options="{}"):
    """As the env.py of Alembic's own template runs offline."""
    start, _, end = limits.rpartition(":")

    def steps(rows, context):
        if command == "ensure_version":
            context._ensure_version_table()
            return []
        if command == "stamp":
            return script_folder._stamp_revs(tuple(end.split(",")), rows)
        return getattr(script_folder, f"_{command}_revs")(end, rows)

    out = io.StringIO()
    rows = None if start in ("", "base") else start.split(",")
    context = EnvironmentContext(Config(), script_folder, fn=steps, as_sql=True, starting_rev=rows)
    with context:
        context.configure(
            dialect_name="postgresql",
            literal_binds=True,
            dialect_opts={"paramstyle": "named"},
            output_buffer=out,
            **json.loads(options),
        )
        with context.begin_transaction():
            context.run_migrations()
    return out.getvalue()


QUERIES = {f.__name__: f for f in (history, heads, branches, show, upgrade, downgrade, script)}


def answer(script, query, *arguments):
    try:
        return QUERIES[query](script, *arguments)
    except Exception as error:  # also the crashes: they are what Alembic does
        return {"error": type(error).__name__, "message": str(error)}


def answers(folder, queries):
    with tempfile.TemporaryDirectory() as temporary:
        if sql_stubs.has_sql(folder):
            sql_stubs.fill(folder, temporary)
            folder = temporary
        script = ScriptDirectory(folder, version_locations=[folder])
        try:
            for revision in script.revision_map._revision_map.values():
                if revision is not None:
                    revision.branch_labels = sorted(revision.branch_labels)
        except Exception:
            pass  # a broken map: every query says so
        return [answer(script, *query) for query in queries]


def as_text(found):
    if isinstance(found, str):
        sys.stdout.write(found)
        return
    for entry in found:
        if isinstance(entry, str):
            print(entry)
        else:
            print(entry["text"])
            for child in entry.get("children", ()):
                print(" " * len(entry["revision"]), "->", child["text"])
            if "children" in entry:
                print()


def main(arguments):
    if arguments == ["--batch"]:
        for request in map(json.loads, sys.stdin):
            print(json.dumps(answers(request["versions"], request["queries"])), flush=True)
    elif arguments[:1] == ["--text"]:
        as_text(answers(arguments[1], [arguments[2:]])[0])
    elif len(arguments) >= 2 and arguments[1] in QUERIES:
        print(json.dumps(answers(arguments[0], [arguments[1:]])[0], indent=1))
    else:
        sys.exit(__doc__)


main(sys.argv[1:])
