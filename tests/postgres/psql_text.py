#!/usr/bin/env python3
"""Statements that psql would like to change go through a guarded script; the server's log says what
arrived. A blank behind a colon is all that may differ.

    psql_text.py COUNT SEED
"""
import json
import os
import random
import re
import subprocess
import sys

# Variables that psql would put in where it can.
VARIABLES = {"n": "5", "lo": "1", "hi": "9", "a": "x"}
SCALARS = ["1", "'a:n b'", "'it''s :''n'''", "E'tab\\t:n \\' \\\\'", "$$ :n \\. ; ' $$",
           "$q$ $$ :hi \\! $q$", "'\\! rm :lo'", "U&'\\0061:n'", "'é:n'", '"c:n"', "c", "'--:n'",
           "'/* :n'", "c::text", "'2'::int", "'a\nb :n\n\\g\n'", "(ARRAY[1,2])[lo:hi]", "t[1:n]",
           "t[:n]", "t[n:]", "t[c:'3']", 't[lo:"hi"]', "t[1::int:n::int]", "t[lo :n]", "(t[1:n])[lo:n]",
           "/* :n /* ; */ ' */ 7", "-- :n ' ; $$\n8", "coalesce(c::text, ':n')", "t[a.n:a.hi]"]
COLUMNS = ['1 AS c, 2 AS n, 1 AS lo, 3 AS hi, ARRAY[1,2,3] AS t', '7 AS "c:n"']


def statement(rng):
    chosen = ", ".join(rng.choice(SCALARS) for _ in range(rng.randint(1, 4)))
    return f"SELECT {chosen}\n  FROM (SELECT {COLUMNS[0]}, {COLUMNS[1]}) AS a"


def logged(path, begin):
    """The statements of the server's log from some byte on."""
    with open(path, encoding="utf-8") as file:
        file.seek(begin)
        text = file.read()
    entries = re.split(r"^(?:.*?)(?:LOG|ERROR|NOTICE|HINT|STATEMENT|DETAIL|CONTEXT|WARNING|FATAL):  ",
                       text, flags=re.MULTILINE)
    return [entry[len("statement: "):].replace("\n\t", "\n").rstrip("\n")
            for entry in entries if entry.startswith("statement: ")]


def plain(sql):
    return re.sub(r":\s+", ":", sql).strip().rstrip(";").strip()


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    statements = [statement(rng) for _ in range(count)]
    os.makedirs("versions", exist_ok=True)
    with open("versions/1.sql", "w", encoding="utf-8") as file:
        file.write('-- /// retort\n-- revision = "r1"\n-- down_revision = false\n-- ///\n')
        file.write(";\n".join(statements) + ";\n-- retort: down\n")
    row = json.loads(subprocess.run(["retort", "--versions", "versions", "compile", "r1"],
                                    capture_output=True, text=True).stdout.splitlines()[0])
    if not row["ok"]:
        sys.exit(row["error"]["message"])
    script = subprocess.run(["retort", "--versions", "versions", "upgrade"], check=True,
                            capture_output=True, text=True).stdout
    with open("up.sql", "w", encoding="utf-8") as file:
        file.write(script)
    path = os.path.join(os.environ["PGHOST"], "data", "log")
    begin = os.path.getsize(path)
    variables = [part for name, value in VARIABLES.items() for part in ("-v", f"{name}={value}")]
    result = subprocess.run(["psql", "-X", "-f", "up.sql", *variables], capture_output=True,
                            text=True, env={**os.environ, "PGOPTIONS": "-c log_statement=all"})
    if result.returncode != 0:
        sys.exit(result.stderr)
    arrived = {plain(sql) for sql in logged(path, begin)}
    missing = [each["sql"] for each in row["statements"] if plain(each["sql"]) not in arrived]
    for sql in missing[:3]:
        print("did not arrive as it is:", sql)
    print(f"{len(row['statements'])} statements, {len(missing)} changed by psql")


main()
