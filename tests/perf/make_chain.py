#!/usr/bin/python3
"""Writes a chain of N Alembic revisions that resembles real ones: some two kilobytes a file, mostly
small changes, now and then a table or a data migration, and every fiftieth revision a branch that
is merged again. The same N gives the same bytes.

    make_chain.py FOLDER N
"""

import os
import random
import sys

HEADER = '''"""{title}

Revision ID: {revision}
Revises: {revises}
Create Date: 20{year:02}-{month:02}-{day:02} 10:{minute:02}:00.000000

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = {revision!r}
down_revision = {down_revision!r}
branch_labels = None
depends_on = None


def upgrade():
{upgrade}

def downgrade():
{downgrade}'''

TYPES = ["sa.Integer()", "sa.String(length=120)", "sa.Text()", "sa.DateTime(timezone=True)",
         "postgresql.UUID(as_uuid=True)", "sa.Boolean()", "postgresql.JSONB()"]


def create_table(pick, number):
    columns = "".join(
        f"        sa.Column('field_{i}', {pick.choice(TYPES)}, nullable={pick.random() < 0.7}),\n"
        for i in range(pick.randint(8, 22)))
    table = f"table_{number}"
    return (f"    op.create_table(\n        '{table}',\n"
            f"        sa.Column('id', sa.Integer(), nullable=False),\n{columns}"
            f"        sa.PrimaryKeyConstraint('id'),\n    )\n"
            f"    op.create_index('ix_{table}_field_0', '{table}', ['field_0'])\n",
            f"    op.drop_index('ix_{table}_field_0', table_name='{table}')\n"
            f"    op.drop_table('{table}')\n")


def add_columns(pick, number):
    names = [f"extra_{number}_{i}" for i in range(pick.randint(1, 6))]
    return ("".join(f"    op.add_column('table_0', sa.Column('{name}', {pick.choice(TYPES)}, "
                    f"nullable=True, comment='what the shop knows of {name}'))\n" for name in names),
            "".join(f"    op.drop_column('table_0', '{name}')\n" for name in reversed(names)))


def data_migration(pick, number):
    rows = "".join(f"            WHEN 'state_{i}' THEN 'label {i}'\n" for i in range(pick.randint(5, 30)))
    return ('    op.execute("""\n        UPDATE table_0 SET field_1 = CASE field_2\n'
            f"{rows}        END\n        WHERE id > {number};\n" '    """)\n', "    pass\n")


def main(folder, count):
    pick = random.Random(count)
    os.makedirs(folder, exist_ok=True)
    parent = None
    side = None
    for number in range(count):
        revision = f"{pick.getrandbits(48):012x}"
        down = parent
        if side and number % 50 == 20:
            down, side = (parent, side), None
        elif number % 50 == 10 and parent:
            fork = parent
        kind = create_table if number % 6 == 0 else pick.choice(
            [add_columns, add_columns, add_columns, data_migration, create_table])
        upgrade, downgrade = kind(pick, number)
        title = f"{kind.__name__.replace('_', ' ')} number {number}"
        with open(os.path.join(folder, f"{revision}_{title.replace(' ', '_')}.py"), "w") as file:
            file.write(HEADER.format(
                title=title, revision=revision, down_revision=down,
                revises=", ".join(down) if isinstance(down, tuple) else down or "",
                year=15 + number * 10 // count, month=1 + number % 12, day=1 + number % 28,
                minute=number % 60, upgrade=upgrade, downgrade=downgrade))
        # At 10 of every 50 the line forks: the next revision stands on the same parent.
        if number % 50 == 10 and parent:
            side = revision
            parent = fork
        else:
            parent = revision


main(sys.argv[1], int(sys.argv[2]))
