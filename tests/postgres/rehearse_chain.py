#!/usr/bin/python3
"""Rehearses every revision of random chains: rehearse_chain.py SEED… [--length N] [--keep FOLDER]
or of a chain of files: rehearse_chain.py --versions FOLDER

Behind with_server.sh. Tables are filled, the revision goes up with its keeps and down with what puts
them back, and where it promised so, schema and rows must be what they were; then it goes up for good.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import random_chain  # noqa: E402
from rehearse import (LISTS, Wrong, difference, psql, row_difference, rows, schema,  # noqa: E402
                      transaction, way_down)

PROMISES = ("exact", "exact, slow", "data kept")

VALUES = {
    "int2": "g", "int4": "g", "int8": "g", "numeric": "g", "float4": "g", "float8": "g",
    "text": "'v' || g", "varchar": "'v' || g", "bpchar": "'v' || g", "bool": "g % 2 = 0",
    "uuid": "md5(g::text)::uuid", "timestamp": "timestamp '2020-01-01' + g * interval '1 day'",
    "timestamptz": "timestamptz '2020-01-01 00:00+00' + g * interval '1 day'",
    "date": "date '2020-01-01' + g", "json": "'{}'::json", "jsonb": "jsonb_build_object('g', g)",
}

COLUMNS = """
SELECT format('%I.%I', n.nspname, c.relname), format('%I', a.attname), y.typname, y.typtype,
       format_type(a.atttypid, NULL), a.attnotnull,
       coalesce((SELECT format('(SELECT %I FROM %s ORDER BY 1 OFFSET (g - 1) %% 5 LIMIT 1)', r.attname,
                               k.confrelid::regclass)
                   FROM pg_constraint k JOIN pg_attribute r
                     ON r.attrelid = k.confrelid AND r.attnum = k.confkey[1]
                  WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey[1] = a.attnum LIMIT 1), '')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type y ON y.oid = a.atttypid
 WHERE c.relkind = 'r' AND n.nspname !~ '^(pg_|information_schema|retort_keep)'
   AND a.attgenerated = '' AND a.attidentity = ''
   AND NOT coalesce((SELECT pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%' FROM pg_attrdef d
                      WHERE d.adrelid = c.oid AND d.adnum = a.attnum), false)
 ORDER BY c.oid, a.attnum"""


def fill(database):
    """Five rows for each table that has none, as far as its constraints let them in."""
    tables = {}
    for line in psql(database, COLUMNS).splitlines():
        table, *column = line.split("|", 6)
        tables.setdefault(table, []).append(column)
    for table, columns in tables.items():
        if psql(database, f"SELECT EXISTS (SELECT FROM {table})") == "t":
            continue
        values = []
        for _, base, kind, type_name, _, reference in columns:
            value = reference or (
                f"(enum_range(NULL::{type_name}))[1 + g % 2]" if kind == "e"
                else "'{}'" if base.startswith("_") else VALUES.get(base, "NULL"))
            values.append(value)
        names = ", ".join(column[0] for column in columns)
        for number in range(1, 6):
            try:
                psql(database, f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} "
                               f"FROM (SELECT {number} AS g) AS n")
            except RuntimeError:
                break


def parse(text):
    """The ways back that `debug --print way-back -v` tells of."""
    ways = {}
    lists = current = None
    for line in text.splitlines():
        if not line.startswith(" "):
            identity, kind = line.split(": ", 1)
            lists = {name: [] for name in LISTS}
            ways[identity] = (kind, lists)
            current = None
        elif line[:2] == "  " and line[2:] in LISTS:
            current = lists[line[2:]]
        elif line.startswith("      ") and current:
            current[-1] += "\n" + line[6:]
        elif line.startswith("    ") and current is not None:
            current.append(line[4:])
    return ways


def rehearse(folder, database, counts, options=()):
    def retort(*arguments):
        return subprocess.run(["retort", *options, *arguments], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout

    ways = parse(retort("debug", "--print", "way-back", "-v", "base:heads"))
    bodies = {}
    for line in retort("compile", "base:heads").splitlines():
        row = json.loads(line)
        bodies[row["revision"], row["direction"]] = [each["sql"] for each in row["statements"]]
    chain = database + "_chain"  # has no rows but those of its revisions
    for name in (database, chain):
        psql("postgres", f"DROP DATABASE IF EXISTS {name}")
    psql("postgres", f"CREATE DATABASE {chain}")
    for identity, (kind, lists) in ways.items():
        up, down = bodies[identity, "upgrade"], bodies[identity, "downgrade"]
        counts[kind] = counts.get(kind, 0) + 1
        if kind in PROMISES:
            psql("postgres", f"CREATE DATABASE {database} TEMPLATE {chain}")
            fill(database)
            try:
                try_out(database, lists, up, down)
            except Wrong as problem:
                raise Wrong(f"{identity} ({kind}) {problem}") from problem
            psql("postgres", f"DROP DATABASE {database}")
        psql(chain, transaction(up))
    psql("postgres", f"DROP DATABASE {chain}")


def try_out(database, lists, up, down):
    old_schema, old_rows = schema(database), rows(database)
    try:
        psql(database, transaction(lists["keep"] + up + lists["seal"]))
    except RuntimeError:
        return  # made-up rows are not what the revision was written for
    try:
        psql(database, transaction(way_down(lists, down)))
    except RuntimeError as problem:
        raise Wrong(f"cannot go back: {problem}") from problem
    found = difference(old_schema, schema(database))
    found += row_difference(old_rows, rows(database))
    if found:
        raise Wrong("does not come back:\n" + "\n".join(found))
    psql(database, transaction(lists["clean up"]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="*", type=int)
    parser.add_argument("--versions")
    parser.add_argument("--length", type=int, default=25)
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    wrong = 0
    counts = {}
    if arguments.versions:
        try:
            rehearse(".", "rehearsal", counts, ("--versions", arguments.versions))
        except (Wrong, RuntimeError) as problem:
            wrong += 1
            print(problem)
    for seed in arguments.seeds:
        with tempfile.TemporaryDirectory() as temporary:
            folder = arguments.keep or temporary
            random_chain.write(os.path.join(folder, "versions"), seed, arguments.length)
            with open(os.path.join(folder, "retort.toml"), "w", encoding="utf-8") as file:
                file.write('[chain]\nversion_locations = ["versions"]\n')
            try:
                rehearse(folder, f"rehearsal_{seed}", counts)
            except (Wrong, RuntimeError) as problem:
                wrong += 1
                print(f"seed {seed}: {problem}")
        for name in (f"rehearsal_{seed}", f"rehearsal_{seed}_chain"):
            psql("postgres", f"DROP DATABASE IF EXISTS {name}")
    for kind in sorted(counts):
        print(f"{kind}: {counts[kind]}")
    print(f"{len(arguments.seeds) or 1} chains, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
