#!/usr/bin/python3
"""Writes N files of SQL as migrations without Alembic have them, some five statements each, that
build on each other in the order of their names; or one file with N statements. Each statement is
one that a server takes after those before it. The same N gives the same bytes.

    make_sql.py FOLDER N          FOLDER/00001.sql …
    make_sql.py FOLDER/FILE N     one file
"""

import os
import random
import sys

TYPES = ["integer", "bigint", "varchar(120)", "text", "boolean", "timestamp with time zone",
         "numeric(12, 2)", "uuid", "jsonb"]
WORDS = ["account", "address", "amount", "basket", "channel", "city", "code", "currency", "customer",
         "delivery", "discount", "email", "invoice", "language", "name", "note", "order", "payment",
         "phone", "price", "product", "quantity", "reason", "refund", "shipment", "status", "stock",
         "street", "supplier", "title", "total", "voucher", "warehouse", "weight"]


class Schema:
    """What stands so far; each sort of change returns one statement."""

    def __init__(self, pick):
        self.pick = pick
        self.columns = {}  # of each table: its plain columns
        self.number = 0

    def table(self):
        return self.pick.choice(list(self.columns))

    def create_table(self):
        pick = self.pick
        table = f"{pick.choice(WORDS)}_{self.number}"
        names = [f"{word}_{self.number}" for word in pick.sample(WORDS, pick.randint(4, 12))]
        lines = ["    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"]
        lines += [f"    {name} {pick.choice(TYPES)}{pick.choice(['', '', ' NOT NULL'])}"
                  for name in names]
        lines.append("    created_at timestamp with time zone DEFAULT now() NOT NULL")
        if self.columns:
            parent = self.table()
            lines.append(f"    {parent}_id bigint REFERENCES {parent} (id) ON DELETE CASCADE")
        self.columns[table] = names
        return f"CREATE TABLE {table} (\n" + ",\n".join(lines) + "\n)"

    def add_column(self):
        table, name = self.table(), f"{self.pick.choice(WORDS)}_{self.number}"
        self.columns[table].append(name)
        end = self.pick.choice(["", "", " DEFAULT NULL"])
        return f"ALTER TABLE {table} ADD COLUMN {name} {self.pick.choice(TYPES)}{end}"

    def create_index(self):
        table = self.table()
        return (f"CREATE INDEX {self.pick.choice(['', 'CONCURRENTLY '])}ix_{self.number} "
                f"ON {table} ({self.pick.choice(self.columns[table])})")

    def check(self):
        table = self.table()
        column = self.pick.choice(self.columns[table])
        return (f"ALTER TABLE {table} ADD CONSTRAINT ck_{self.number} "
                f"CHECK ({column} IS NOT NULL) NOT VALID")

    def set_not_null(self):
        table = self.table()
        return f"ALTER TABLE {table} ALTER COLUMN {self.pick.choice(self.columns[table])} SET NOT NULL"

    def update(self):
        table = self.table()
        rows = "".join(f"        WHEN {i} THEN {i * 7}\n" for i in range(self.pick.randint(2, 8)))
        return (f"UPDATE {table} SET created_at = now() + make_interval(days => CASE id % 20\n{rows}"
                f"        ELSE 0 END)\n    WHERE id BETWEEN {self.number} AND {self.number + 1000}")

    def comment(self):
        table = self.table()
        return f"COMMENT ON TABLE {table} IS 'what the shop knows of {table}'"

    def statement(self):
        self.number += 1
        kinds = ([self.add_column] * 8 + [self.create_table] * 4 + [self.create_index] * 4
                 + [self.check, self.set_not_null, self.update, self.comment])
        kind = self.create_table if self.number < 4 else self.pick.choice(kinds)
        return kind() + ";\n"


def main(place, count):
    pick = random.Random(count)
    schema = Schema(pick)
    if place.endswith(".sql"):
        with open(place, "w") as file:
            file.writelines(schema.statement() for _ in range(count))
        return
    os.makedirs(place, exist_ok=True)
    for number in range(1, count + 1):
        with open(os.path.join(place, f"{number:05}.sql"), "w") as file:
            file.write(f"-- change {number} of the shop\n")
            file.write("\n".join(schema.statement() for _ in range(pick.randint(2, 8))))


main(sys.argv[1], int(sys.argv[2]))
