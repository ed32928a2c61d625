#!/usr/bin/env python3
"""Runs the Python of the Markdown files in this folder through Alembic's offline mode and writes
what it printed below it. Needs Alembic 1.19.2 and SQLAlchemy 2.0 on PYTHONPATH.

    record.py           rewrites every *.md here, and signatures.txt
    record.py --check   only says which of them would change

A section is a heading, a python block and what was recorded: an sql block, or an error block when
Alembic refuses. `convention(…)` in the Python sets the naming convention. `<!-- any order -->` marks
statements that Alembic prints in the order of a Python set, `<!-- PostgreSQL refuses this -->` what
the grammar does not take. A block `sql retort` or `error retort`
is written by hand: what retort does instead, with the reason above it.
types.md holds rows `| type | SQL |` instead.
"""

import inspect
import io
import pathlib
import re
import sys
import warnings

import alembic
import sqlalchemy as sa
from alembic.operations import BatchOperations, Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import postgresql

HERE = pathlib.Path(__file__).parent
SECTION = re.compile(r"^(## .*?)(?=^## |\Z)", re.M | re.S)
PYTHON = re.compile(r"^```python\n(.*?)^```\n", re.M | re.S)
RECORDED = re.compile(r"\n?^```(?:sql|error)\n.*?^```\n", re.M | re.S)
ROW = re.compile(r"^\| `(.*?)` \| .*$", re.M)
VERSIONS = re.compile(r"^Recorded from .*$", re.M)


ANY_ORDER = "<!-- any order -->"


def words(text):
    return sorted(text.replace(", ", " ").split())


def dialect():
    return postgresql.dialect(paramstyle="named")


def names():
    import datetime
    import decimal
    import enum
    import uuid

    return dict(
        sa=sa,
        postgresql=postgresql,
        quoted_name=sa.sql.quoted_name,
        datetime=datetime,
        decimal=decimal,
        enum=enum,
        uuid=uuid,
    )


def run(code):
    output = io.StringIO()
    metadata = sa.MetaData()
    context = MigrationContext.configure(
        dialect=dialect(),
        opts=dict(
            as_sql=True,
            output_buffer=output,
            literal_binds=True,
            target_metadata=metadata,
        ),
    )

    def convention(**templates):
        metadata.naming_convention = templates

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exec(code, names() | dict(op=Operations(context), convention=convention))
        except Exception as error:
            line = re.sub(r" object at 0x[0-9a-f]+", "", str(error).split("\n")[0])
            return "error", f"{type(error).__name__}: {line}".rstrip()
    return "sql", re.sub(r"\n\n+", "\n", output.getvalue()).rstrip("\n")


def record_section(match):
    section = match.group(1)
    python = PYTHON.search(section)
    if not python:
        return section
    kind, text = run(python.group(1))
    recorded = f"\n```{kind}\n{text}\n```\n"
    before = RECORDED.search(section, python.end())
    if ANY_ORDER in section and before and words(before.group(0)) == words(recorded):
        return section
    rest = RECORDED.sub("", section[python.end() :], count=1)
    if rest.strip():
        recorded += "\n" + rest.strip("\n") + "\n"
    return section[: python.end()].rstrip("\n") + "\n" + recorded + "\n"


def record_row(match):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            type_ = sa.types.to_instance(eval(match.group(1), names()))
            sql = type_.compile(dialect=dialect())
            return f"| `{match.group(1)}` | `{sql}` |"
        except Exception as error:
            return f"| `{match.group(1)}` | refused: {type(error).__name__} |"


def signature(function):
    parts, star = [], False
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        if parameter.kind == parameter.VAR_POSITIONAL:
            parts.append("*" + parameter.name)
            star = True
            continue
        if parameter.kind == parameter.VAR_KEYWORD:
            parts.append("**" + parameter.name)
            continue
        if parameter.kind == parameter.KEYWORD_ONLY and not star:
            parts.append("*")
            star = True
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        parts.append(parameter.name + default)
    return ", ".join(parts)


def signatures():
    lines = [versions()]
    for owner, prefix in ((Operations, "op"), (BatchOperations, "batch_op")):
        for name in sorted(dir(owner)):
            member = inspect.getattr_static(owner, name)
            if not name.startswith("_") and not isinstance(member, (classmethod, property)):
                if (prefix, name) != ("batch_op", "batch_alter_table"):
                    lines.append(f"{prefix}.{name}({signature(member)})")
    for module, prefix in ((sa, "sqlalchemy"), (postgresql, "postgresql")):
        for name in sorted(dir(module)):
            member = getattr(module, name)
            if isinstance(member, type) and issubclass(member, sa.types.TypeEngine):
                text = signature(member.__init__)
                lines.append(f"{prefix}.{name}({text.replace('*args, **kwargs', '')})")
    return "\n".join(lines) + "\n"


def versions():
    return f"Recorded from Alembic {alembic.__version__} and SQLAlchemy {sa.__version__}."


def recorded(text):
    text = SECTION.sub(record_section, text)
    text = ROW.sub(record_row, text)
    return VERSIONS.sub(versions(), text).rstrip("\n") + "\n"


def main():
    changed = False
    wanted = {path: recorded(path.read_text()) for path in sorted(HERE.glob("*.md"))}
    wanted[HERE / "signatures.txt"] = signatures()
    for path, text in wanted.items():
        if path.exists() and path.read_text() == text:
            continue
        changed = True
        print(path.name)
        if "--check" not in sys.argv:
            path.write_text(text)
    sys.exit(changed and "--check" in sys.argv)


if __name__ == "__main__":
    main()
