"""Gives real Alembic a chain that holds SQL revisions: each becomes a Python file with the same
identity, whose upgrade() and downgrade() run the same statements.

A small reader of the format on purpose, written apart from retort's own.
"""

import os
import re
import shutil
import tomllib

TEMPLATE = '''{doc!r}
from alembic import op

revision = {revision!r}
down_revision = {down_revision!r}
branch_labels = {branch_labels!r}
depends_on = {depends_on!r}


def run(parts):
    for in_transaction, sql in parts:
        if in_transaction:
            execute(sql)
        else:
            with op.get_context().autocommit_block():
                execute(sql)


def execute(sql):
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(sql)


def upgrade():
    run({up!r})


def downgrade():
    if {irreversible!r}:
        raise RuntimeError({irreversible!r})
    run({down!r})
'''

MARK = re.compile(r"^-- retort: ?(up|down|transaction off|transaction on)\s*$", re.IGNORECASE)


def read_header(text):
    """The TOML between the marks, or None for a file that is no revision."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != "-- /// retort":
        return None
    end = next(i for i, line in enumerate(lines) if line.rstrip() == "-- ///")
    return tomllib.loads("\n".join(line.removeprefix("--").removeprefix(" ") for line in lines[1:end]))


def read_parts(text):
    """{'up': [(in_transaction, sql)], 'down': …}; an untransacted part holds one statement."""
    sections = {"up": [], "down": []}
    section, in_transaction, lines = "up", True, []

    def close():
        sql = "\n".join(lines).strip()
        lines.clear()
        if re.sub(r"--.*", "", sql).strip():
            sections[section].append((in_transaction, sql))

    for line in text.splitlines():
        mark = MARK.match(line)
        if not mark:
            lines.append(line)
            continue
        close()
        word = mark.group(1).lower()
        if word in sections:
            section, in_transaction = word, True
        else:
            in_transaction = word == "transaction on"
    close()
    return sections


def down_text(path, text):
    """The text of a second file, for a revision that is a pair of files."""
    if not path.endswith(".up.sql"):
        return text
    with open(path.removesuffix(".up.sql") + ".down.sql", encoding="utf-8") as file:
        return text + "\n-- retort: down\n" + file.read()


def stub(path, text, header):
    parts = read_parts(down_text(path, text))
    parents = header["down_revision"]
    if isinstance(parents, list):
        parents = tuple(parents)
    return TEMPLATE.format(
        doc=header.get("message", ""),
        revision=header["revision"],
        down_revision=parents or None,
        branch_labels=header.get("branch_labels"),
        depends_on=header.get("depends_on"),
        irreversible=header.get("irreversible", ""),
        up=parts["up"],
        down=parts["down"],
    )


def has_sql(folder):
    return any(name.endswith(".sql") for name in os.listdir(folder))


def fill(folder, target):
    """Writes to `target` what real Alembic can read of `folder`; `x.sql` becomes `x.sql.py`."""
    os.makedirs(target, exist_ok=True)
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if name.endswith(".py"):
            shutil.copy(path, target)
        elif name.endswith(".sql"):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            header = read_header(text)
            if header:
                with open(os.path.join(target, name + ".py"), "w", encoding="utf-8") as file:
                    file.write(stub(path, text, header))
