#!/usr/bin/env python3
"""Compiles the Python of the Markdown files in this folder with SQLAlchemy, through Alembic's offline
mode, and writes what came out below each example. Needs Alembic and SQLAlchemy 2.0 on PYTHONPATH.

    record.py           rewrites every *.md here
    record.py --check   only says which of them would change

An example is a paragraph in a python block: statements, the last of which is an expression, and the
recorded SQL in lines that begin with `#>`. A statement is printed by op.execute(), anything else
compiled alone, with literals. `#>refused` stands for an exception. Lines that begin with `#!` are
written by hand: what retort says instead, with the reason above them. The block `python prelude` goes
before every example of its file.
"""

import ast
import io
import pathlib
import re
import sys
import warnings

import alembic
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql

HERE = pathlib.Path(__file__).parent
PRELUDE = re.compile(r"^```python prelude\n(.*?)^```\n", re.M | re.S)
BLOCK = re.compile(r"^```python\n(.*?)^```\n", re.M | re.S)
VERSIONS = re.compile(r"^Recorded from .*$", re.M)


def dialect():
    return postgresql.dialect(paramstyle="named")


def executed(operations, output, value):
    if value is None:
        return output.getvalue()
    function = isinstance(value, sa.sql.functions.FunctionElement)
    if isinstance(value, (sa.sql.Executable, str)) and not function:
        operations.execute(value)
        return output.getvalue()
    return str(value.compile(dialect=dialect(), compile_kwargs={"literal_binds": True}))


def run(prelude, code):
    output = io.StringIO()
    context = MigrationContext.configure(
        dialect=dialect(), opts=dict(as_sql=True, output_buffer=output, literal_binds=True)
    )
    operations = Operations(context)
    names = dict(op=operations)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(prelude, names)
            tree = ast.parse(code)
            last = ast.Expression(tree.body.pop().value)
            exec(compile(tree, "example", "exec"), names)
            text = executed(operations, output, eval(compile(last, "example", "eval"), names))
        except Exception as error:
            return f"#>refused: {type(error).__name__}"
    text = re.sub(r"\n\n+", "\n", text).rstrip("\n")
    return "\n".join("#> " + line for line in text.split("\n"))


def record_example(prelude, paragraph):
    lines = [line for line in paragraph.split("\n") if not line.startswith("#>")]
    code = [line for line in lines if not line.startswith("#")]
    if not any(code):
        return paragraph
    kept = [line for line in lines if line.startswith("#!")]
    lines = [line for line in lines if not line.startswith("#!")]
    return "\n".join(lines + [run(prelude, "\n".join(code))] + kept)


def recorded(text):
    found = PRELUDE.search(text)
    prelude = found.group(1) if found else ""

    def block(match):
        paragraphs = match.group(1).strip("\n").split("\n\n")
        return "```python\n" + "\n\n".join(record_example(prelude, p) for p in paragraphs) + "\n```\n"

    versions = f"Recorded from Alembic {alembic.__version__} and SQLAlchemy {sa.__version__}."
    return VERSIONS.sub(versions, BLOCK.sub(block, text))


def main():
    changed = False
    for path in sorted(HERE.glob("*.md")):
        text = recorded(path.read_text())
        if path.read_text() == text:
            continue
        changed = True
        print(path.name)
        if "--check" not in sys.argv:
            path.write_text(text)
    sys.exit(changed and "--check" in sys.argv)


if __name__ == "__main__":
    main()
