#!/usr/bin/env python3
"""Compares the free disk that a report asks for with what a server needs (behind with_server.sh).

Every statement is a revision. Statistics are taken before it; the files of the database are measured
before it, at the end of its transaction, and behind it.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

TABLES = """
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE orders (id int NOT NULL, code text, name text, state state, amount numeric(12, 2), day date);
CREATE TABLE narrow (id int PRIMARY KEY, kind int);
CREATE TABLE seen (id int PRIMARY KEY, kind int);
CREATE TABLE documents (id bigint PRIMARY KEY, body text);
CREATE TABLE events (day date, note text) PARTITION BY RANGE (day);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE MATERIALIZED VIEW kinds AS SELECT kind, id FROM seen;
CREATE INDEX narrow_kind ON narrow (kind);
"""
ROWS = """
INSERT INTO orders SELECT g, md5(g::text), 'name ' || g % 100, 'new', g / 7.0, '2020-01-01'::date + g % 700
  FROM generate_series(1, 120000) g;
INSERT INTO narrow SELECT g, g % 20 FROM generate_series(1, 150000) g;
INSERT INTO seen SELECT * FROM narrow;
DELETE FROM narrow WHERE id % 3 = 0;
INSERT INTO documents SELECT g, (SELECT string_agg(md5((g * n)::text), '') FROM generate_series(1, 200) n)
  FROM generate_series(1, 1500) g;
INSERT INTO events SELECT '2020-01-01'::date + g % 700, 'note ' || g FROM generate_series(1, 80000) g;
REFRESH MATERIALIZED VIEW kinds;
ANALYZE;
"""
STATEMENTS = """
ALTER TABLE narrow ALTER COLUMN id TYPE bigint
ALTER TABLE narrow ADD COLUMN token uuid DEFAULT gen_random_uuid()
ALTER TABLE orders ALTER COLUMN state TYPE text
ALTER TABLE orders ALTER COLUMN id SET NOT NULL
ALTER TABLE orders ADD COLUMN extra int DEFAULT 4
CREATE INDEX ON orders (id)
CREATE INDEX ON orders (code)
CREATE INDEX ON orders (name)
CREATE INDEX ON orders (name, code, day) INCLUDE (amount)
CREATE INDEX ON orders (lower(code))
CREATE INDEX ON orders (id) WHERE state = 'paid'
CREATE INDEX ON orders USING hash (code)
CREATE INDEX ON orders USING brin (day)
CREATE INDEX ON events (note)
ALTER TABLE orders ADD UNIQUE (code)
ALTER TABLE orders ADD PRIMARY KEY (id)
ALTER TABLE documents ALTER COLUMN body TYPE varchar(100000)
ALTER TABLE documents ALTER COLUMN id TYPE numeric
CLUSTER narrow USING narrow_kind
REINDEX TABLE narrow
REFRESH MATERIALIZED VIEW kinds
UPDATE orders SET name = upper(name)
UPDATE orders SET name = upper(name) WHERE id < 1000
DELETE FROM orders WHERE id > 100000
INSERT INTO narrow (id, kind) VALUES (0, 1), (-1, 2)
ALTER TABLE orders DROP COLUMN code
DROP TABLE documents
TRUNCATE orders
""".strip().split("\n")

SIZE = ("SELECT sum((pg_stat_file('base/' || d.oid || '/' || f)).size) "
        "FROM pg_database d, pg_ls_dir('base/' || d.oid) f WHERE d.datname = current_database()")


def psql(text, *options, database="disk"):
    done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database, *options], input=text,
                          text=True, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{text}\n{done.stderr}")
    return done.stdout


def size():
    return int(psql(SIZE))


def retort(folder, *words):
    done = subprocess.run(["retort", "--versions", "versions", *words], cwd=folder, text=True,
                          capture_output=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{words}: {done.returncode}\n{done.stderr}")
    return done.stdout


def revision(name, parent, up):
    return f'-- /// retort\n-- revision = "{name}"\n-- down_revision = {parent}\n-- ///\n{up}\n'


def measure(statement):
    """None where all is within the range, else what is not."""
    subprocess.run(["dropdb", "--if-exists", "disk"], check=True, capture_output=True)
    subprocess.run(["createdb", "-T", "full", "disk"], check=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "versions").mkdir()
        (folder / "versions/1.sql").write_text(revision("a1", "[]", TABLES))
        (folder / "versions/2.sql").write_text(revision("b2", '"a1"', statement + ";"))
        (folder / "stats.csv").write_text(psql(retort(folder, "stats", "--print-sql")))
        retort(folder, "bundle", "a1:b2", "-o", "ticket", "--stats", "stats.csv", "--accept", "b2", "--reason", "a test")
        report = json.loads((folder / "ticket/report.json").read_text())
        disk = report["summary"]["disk"]
        use = report["revisions"][0]["statements"][0]["disk"]
        if disk["unknown"]:
            return f"not known: {disk['unknown']}"
        before = size()
        inside = int(psql(f"BEGIN;\n{statement};\n{SIZE};\nROLLBACK;").split()[-1]) - before
        before = size()
        psql((folder / "ticket/before/run.sql").read_text().replace("\\ir ", f"\\ir {folder}/ticket/before/"), "-o",
             str(folder / "log"))
        behind = size() - before
        # The version row, the catalog, and a free space map take some pages.
        little = 600_000
        wrong = []
        if not use["writes"]["low"] - little <= inside <= use["writes"]["high"] + little:
            wrong.append(f"{inside} at the end of the transaction, {use['writes']} were announced")
        if behind > disk["stays"]["high"] + little:
            wrong.append(f"{behind} stay, {disk['stays']} were announced")
        if use["writes"]["low"] > 0 and use["writes"]["high"] > 20 * max(inside, little):
            wrong.append(f"{inside} at the end of the transaction, and {use['writes']} is no help")
        return "; ".join(wrong)


def fill():
    subprocess.run(["createdb", "full"], check=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "versions").mkdir()
        (folder / "versions/1.sql").write_text(revision("a1", "[]", TABLES))
        psql(retort(folder, "upgrade", "a1", "--plain") + ROWS, database="full")


def main():
    fill()
    wrong = 0
    for statement in STATEMENTS:
        problem = measure(statement)
        if problem:
            wrong += 1
            print(f"{statement}: {problem}")
    print(f"{len(STATEMENTS)} statements, {wrong} not within their range")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
