#!/usr/bin/python3
"""Each statement of tests/facts/locks.tsv and versions.jsonl on the server of with_server.sh, in a transaction that is
rolled back: the locks that it holds, the files that it writes anew and the rows that it reads must
be those that `retort debug --print locks` says.

    compare_facts.py [--all] [--only WORD] [--verbose]

What changes the database before the statement needs a copy of it, and copies take their time: one
in sixteen of those is taken, or --all.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import psycopg2  # noqa: E402

FACTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "facts")
MODES = ["", "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE",
         "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"]
LOCKS = {mode.title().replace(" ", "") + "Lock": rank for rank, mode in enumerate(MODES) if mode}
# What differs on this server for reasons of its own; see kKnown in tests/facts_test.cc.
KNOWN = {"json_group_by", "add-fk-to-partitioned", "type-used-by-publication-where", "alter-database-rename",
         "prepare-transaction", "type mood -> mood2 +cast", "set-compression-lz4"}
# Extensions, tablespaces and publications that the throw-away server may not have.
NOT_HERE = re.compile(r"uuid-ossp|citext|btree_gist|other_space|subscription|scratch|program|load ")

RELATIONS = """
SELECT c.oid, CASE WHEN nspname = 'public' THEN '' ELSE nspname || '.' END || relname, relkind,
       pg_relation_filenode(c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname IN ('public', 's2')"""
HELD = "SELECT relation, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'"
READ = "SELECT relid, seq_tup_read FROM pg_stat_xact_all_tables"


def read(name):
    with open(os.path.join(FACTS, name), encoding="utf-8") as file:
        return file.read()


def lock_rows():
    return [line.split("\t") for line in read("locks.tsv").splitlines()[1:]
            if "outside" not in line.split("\t")[3]]


def version_rows():
    found = []
    for line in read("versions.jsonl").splitlines():
        row = json.loads(line)
        if len(row["statements"]) == 1 and "25001" not in line:
            found.append([row["key"], row["setup"], row["statements"][0], ""])
    return found


def model(case, preset, folder):
    """What retort says of the last statement: name to (lock, flags, flags that are not sure)."""
    name, setup, statement, _ = case
    path = os.path.join(folder, re.sub(r"\W", "_", name) + str(abs(hash(name))) + ".sql")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{preset}\n{setup};\nSET timezone = 'UTC';\n{statement};\n")
    printed = subprocess.run(["retort", "debug", "--print", "locks", path], capture_output=True,
                             text=True, check=False).stdout
    last = re.split(r"^\S.*:\d+:\d+$", printed, flags=re.M)[-1]
    said, fails, known = {}, set(), True
    for line in last.splitlines():
        line = line.strip()
        if line.startswith("fails"):
            fails.add(line.split(": ")[1].split()[0])
        elif line.startswith("may fail"):
            fails.update(line.split(": ")[1].split())
        elif line.startswith("not known"):
            known = False
        elif not line.startswith(("work", "lost", "not in")) and line:
            found = re.match(r"(\S+)((?: [A-Z]+)*)((?:, [a-z ]+)*)", line)
            flags = {flag.strip() for flag in found[3].split(",") if flag.strip()}
            relation = found[1].removeprefix("public.")
            if relation in said and "made" in flags:  # dropped, and another made of the same name
                flags = {"built"}
            said[relation] = (MODES.index(found[2].strip()), flags)
    return said, fails, known


def observe(cursor, statement):
    """What the statement does on the server, in the transaction that is open."""
    cursor.execute(RELATIONS)
    before = {oid: (name, kind, file) for oid, name, kind, file in cursor.fetchall()}
    cursor.execute(READ)
    earlier = dict(cursor.fetchall())
    cursor.execute(statement)
    cursor.execute(HELD)
    held = {}
    for oid, mode in cursor.fetchall():
        held[oid] = max(held.get(oid, 0), LOCKS[mode])
    cursor.execute(RELATIONS)
    after = {oid: (name, kind, file) for oid, name, kind, file in cursor.fetchall()}
    cursor.execute(READ)
    read = {oid for oid, rows in cursor.fetchall() if rows > earlier.get(oid, 0)}
    names = {name: oid for oid, (name, _, _) in after.items()}
    seen = {}
    for oid, (name, kind, file) in before.items():
        flags = set()
        if oid not in after:
            again = names.get(name)  # an index that is made again keeps its name, perhaps its file
            flags.add("gone" if again is None else
                      "kept" if after[again][2] == file else "new file")
        elif after[oid][2] != file:
            flags.add("new file")
        if oid in read and kind in "rm":
            flags.add("read")
        if held.get(oid) or flags:
            seen[name] = (held.get(oid, 0), flags)
    return seen, {name for name, kind, _ in before.values() if kind in "rpm"}


def differences(seen, tables, said):
    found = []
    old = {name: what for name, what in said.items() if "made" not in what[1]}
    for name in sorted(set(seen) | set(old)):
        lock, flags = seen.get(name, (0, set()))
        own, words = old.get(name, (0, set()))
        if lock != own:
            found.append(f"{name}: the server holds {MODES[lock] or 'no lock'}, "
                         f"the model says {MODES[own] or 'none'}")
        sure = {word for word in words if not word.startswith("perhaps ")}
        unsure = {word.removeprefix("perhaps ") for word in words} - sure
        new_file = bool(sure & {"rewritten", "new file"}) or "built" in sure and name not in tables
        if ("new file" in flags) != new_file and not unsure & {"rewritten", "built"}:
            found.append(f"{name}: a new file is {'made' if 'new file' in flags else 'not made'}, "
                         f"the model says {sorted(words)}")
        if "read" in flags and not (sure | unsure) & {"scanned", "rewritten", "built", "new file"}:
            found.append(f"{name}: its rows are read, the model says {sorted(words)}")
        if ("gone" in flags) != ("dropped" in words):
            found.append(f"{name}: {'gone' if 'gone' in flags else 'still there'}, "
                         f"the model says {sorted(words)}")
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    admin = psycopg2.connect("")
    admin.autocommit = True
    run = admin.cursor()
    run.execute("CREATE ROLE other_role")
    counts = Counts()
    compare(run, read("locks.sql"), chosen(lock_rows(), arguments), arguments, counts)
    compare(run, read("versions.sql"), chosen(version_rows(), arguments), arguments, counts)
    print(f"{counts.checked} statements do what the model says, {counts.refused} are refused, "
          f"{counts.not_known} are not known to the model, {counts.skipped} are newer than the "
          f"server; {len(counts.wrong)} differences")
    return 1 if counts.wrong else 0


@dataclasses.dataclass
class Counts:
    checked: int = 0
    refused: int = 0
    not_known: int = 0
    skipped: int = 0
    wrong: list = dataclasses.field(default_factory=list)


def chosen(rows, arguments):
    cases = [row for row in rows
             if arguments.only in row[0] and not NOT_HERE.search(row[1] + row[2])]
    if not arguments.all and not arguments.only:
        changing = [row for row in cases if row[1] and not row[1].startswith("create table ty ")]
        left_out = {row[0] for i, row in enumerate(changing) if i % 16}
        cases = [row for row in cases if row[0] not in left_out]
    return cases


def compare(run, preset, cases, arguments, counts):
    run.execute("CREATE DATABASE facts_base")
    with psycopg2.connect(dbname="facts_base") as base:
        base.cursor().execute(preset)
        if "vbase_mv" in preset:
            base.cursor().execute("REFRESH MATERIALIZED VIEW vbase_mv")
    base.close()

    connection = None

    def fresh():
        nonlocal connection
        if connection:
            connection.close()
        run.execute("DROP DATABASE IF EXISTS facts")
        run.execute("CREATE DATABASE facts TEMPLATE facts_base")
        connection = psycopg2.connect(dbname="facts", options="-c timezone=UTC")
    fresh()

    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        models = [pool.submit(model, case, preset, folder) for case in cases]
        for case, future in zip(cases, models):
            name, setup, statement, _ = case
            said, fails, known = future.result()
            dirty = False
            error = None
            seen, tables = {}, set()
            with connection.cursor() as cursor:
                try:
                    if setup:
                        dirty = not setup.startswith("create table ty ")
                        cursor.execute(setup)
                        connection.commit()
                except psycopg2.Error:
                    connection.rollback()  # newer than the server
                    counts.skipped += 1
                    continue
                try:
                    seen, tables = observe(cursor, statement)
                except psycopg2.Error as problem:
                    error = problem.pgcode
            connection.rollback()
            if setup and not dirty:
                with connection.cursor() as cursor:
                    cursor.execute("DROP TABLE ty")
                connection.commit()
            elif dirty:
                fresh()
            found = []
            if error == "42601":
                counts.skipped += 1
            elif error:
                counts.refused += 1
                if error not in fails and known:
                    found = [f"fails with {error}, the model says {sorted(fails)}"]
            else:
                found = differences(seen, tables, said)
                if not known and found:
                    counts.not_known += 1
                    found = []
                counts.checked += not found
            if found and name not in KNOWN:
                counts.wrong.append(name)
                print(f"{name}: {statement}")
                for line in found:
                    print(f"  {line}")
            elif arguments.verbose:
                print(f"{name}: right")
    connection.close()
    run.execute("DROP DATABASE facts")
    run.execute("DROP DATABASE facts_base")


if __name__ == "__main__":
    sys.exit(main())
