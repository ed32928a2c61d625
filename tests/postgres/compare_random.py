#!/usr/bin/python3
"""Random DDL on the server of with_server.sh and through retort: each statement must succeed or fail
alike, with the same SQLSTATE, and the catalogs must be the same at the end.

    compare_random.py SEED… [--statements N] [--keep FILE]
    compare_random.py --database NAME [SCRIPT]

The last compares a database with its dump, and with the replay of the script that made it.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import psycopg2  # noqa: E402
from random_ddl import Generator  # noqa: E402
from server_catalog import (  # noqa: E402
    ServerCatalog, show_difference, with_known_types, without_expressions)

KINDS = {
    "constraint": "SELECT conname FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace "
                  "WHERE nspname IN ('public', 's1', 's2', 's3') AND conrelid <> 0 ORDER BY 1",
    "index": "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class c ON c.oid = indexrelid "
             "JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN ('public', 's1', 's2', 's3') ORDER BY 1",
    "sequence": "SELECT seqrelid::regclass::text FROM pg_sequence ORDER BY 1",
    "view": "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE nspname IN ('public', 's1', 's2', 's3') AND relkind IN ('v', 'm') ORDER BY 1",
    "type": "SELECT t.oid::regtype::text FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace "
            "WHERE nspname IN ('public', 's1', 's2', 's3') AND typtype IN ('e', 'd') ORDER BY 1",
}


def look_around(cursor, generator):
    cursor.execute(
        "SELECT nspname, relname, array_remove(array_agg(attname::text ORDER BY attnum) "
        "FILTER (WHERE attnum > 0 AND NOT attisdropped), NULL) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = relnamespace LEFT JOIN pg_attribute ON attrelid = c.oid "
        "WHERE nspname IN ('public', 's1', 's2', 's3') AND relkind IN ('r', 'p') GROUP BY 1, 2 ORDER BY 1, 2")
    generator.tables = {(schema, name): columns or [] for schema, name, columns in cursor.fetchall()}
    for kind, query in KINDS.items():
        cursor.execute(query)
        generator.known[kind] = [row[0] for row in cursor.fetchall()]


def restorable(blocks):
    """Without what a dump does not keep: the order of inherited columns, types of identities."""
    result = []
    for block in blocks:
        lines = block.split("\n")
        if lines[0].startswith("extension "):  # a dump has its comment, the server's own
            del lines[1:]
        if lines[0].startswith("sequence ") and " identity of " in lines[0]:
            continue
        if lines[0].startswith("table ") and (" inherits " in lines[0] or " partition of " in lines[0]):
            lines[1:] = sorted(lines[1:])
        result.append("\n".join(lines))
    return sorted(result)


def compare_dump(seed, dump, expected):
    """What pg_dump wrote, through retort's own forms; true when it is the same catalog."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "dump.sql")
        with open(path, "w") as file:
            file.write(dump)
        result = subprocess.run(["retort", "debug", "--print", "catalog", path],
                                capture_output=True, text=True)
    for line in result.stderr.splitlines():
        if "error[" in line:
            print(f"{seed}: {line}")
    own = with_known_types(without_expressions(re.sub(r"(?m)^  owner .*\n", "", result.stdout)),
                           expected)
    own, expected = restorable(own), restorable(expected)
    if own != expected:
        show_difference(seed, "after a dump", own, expected)
    return own == expected


def compare_script(path, expected):
    """A whole script through the replay; true when nothing failed and it is the same catalog."""
    result = subprocess.run(["retort", "debug", "--print", "catalog", path],
                            capture_output=True, text=True)
    failed = [line for line in result.stderr.splitlines() if "error[" in line]
    for line in failed:
        print(line)
    own = with_known_types(without_expressions(result.stdout), expected)
    if own != expected:
        show_difference(path, "after the script", own, expected)
    return own == expected and not failed


def run(seed, count, keep):
    admin = psycopg2.connect("")
    admin.autocommit = True
    name = f"random_{seed}"
    admin.cursor().execute(f"DROP DATABASE IF EXISTS {name}")
    admin.cursor().execute(f"CREATE DATABASE {name}")
    connection = psycopg2.connect(dbname=name)
    connection.autocommit = True
    cursor = connection.cursor()
    generator = Generator(seed)
    statements, outcomes = [], []
    for turn in range(count):
        look_around(cursor, generator)
        statement = generator.statement() if turn > 1 else f"CREATE SCHEMA s{turn + 1}"
        statements.append(statement)
        try:
            cursor.execute(statement)
            outcomes.append(("", ""))
        except psycopg2.Error as error:
            outcomes.append((error.pgcode, error.diag.message_primary))
    expected = ServerCatalog(cursor).print()
    connection.close()
    dump = subprocess.run(["pg_dump", "-s", name], capture_output=True, text=True, check=True).stdout
    admin.cursor().execute(f"DROP DATABASE {name}")

    with tempfile.TemporaryDirectory() as folder:
        path = keep or os.path.join(folder, "random.sql")
        with open(path, "w") as file:
            # What is no statement at all stays a blank line, so that lines count statements.
            file.write("".join("\n" if "syntax error" in outcome[1] else statement + ";\n"
                               for statement, outcome in zip(statements, outcomes)))
        result = subprocess.run(["retort", "debug", "--print", "catalog", path],
                                capture_output=True, text=True)
    found = {}
    for line in result.stderr.splitlines():
        match = re.match(r".*?\.sql:(\d+):\d+: error\[(.*?)\]: (?:the server would say (\w+): )?(.*)", line)
        if match and match.group(2) == "replay/fails":
            found[int(match.group(1))] = (match.group(3), match.group(4))
        elif match:
            print(f"seed {seed}: {line}")
    bad = 0
    worded = 0
    for number, (statement, outcome) in enumerate(zip(statements, outcomes), 1):
        own = found.get(number, ("", ""))
        if "syntax error" in outcome[1]:
            continue
        if own[0] != outcome[0]:
            bad += 1
            print(f"seed {seed}, statement {number}: {statement}\n  server {outcome}\n  retort {own}")
        elif own[1] != outcome[1]:
            worded += 1
            if os.environ.get("WORDS"):
                print(f"seed {seed}, statement {number}: {statement}\n  server {outcome}\n  retort {own}")
    own = with_known_types(without_expressions(result.stdout), expected)
    if own != expected:
        bad += 1
        show_difference(seed, "at the end", own, expected)
    if not compare_dump(seed, dump, expected):
        bad += 1
    failed = sum(1 for outcome in outcomes if outcome[0])
    return bad, len(statements), failed, worded


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="*")
    parser.add_argument("--database", help="compare this one with its dump and the scripts")
    parser.add_argument("--statements", type=int, default=150)
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    if arguments.database:
        with psycopg2.connect(dbname=arguments.database) as there:
            printed = ServerCatalog(there.cursor()).print()
        text = subprocess.run(["pg_dump", "-s", arguments.database], capture_output=True, text=True,
                              check=True).stdout
        same = compare_dump(arguments.database, text, printed)
        for script in arguments.seeds:
            same &= compare_script(script, printed)
        print("the same catalog" if same else "another catalog")
        return 0 if same else 1
    total = [0, 0, 0, 0]
    for seed in map(int, arguments.seeds):
        total = [a + b for a, b in zip(total, run(seed, arguments.statements, arguments.keep))]
    print(f"{total[1]} statements, {total[2]} of them fail, {total[3]} with other words; "
          f"{total[0]} differences")
    return 1 if total[0] else 0


if __name__ == "__main__":
    sys.exit(main())
