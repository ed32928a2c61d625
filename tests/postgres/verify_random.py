#!/usr/bin/python3
"""Random DDL on the server of with_server.sh, and whether `retort verify` takes it for what it is.

    verify_random.py SEED… [--statements N] [--keep FOLDER]

What the server takes becomes three SQL revisions. The script for the whole of it, and the scripts
for the last two alone, must pass on the database that the statements made.
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import psycopg2  # noqa: E402
from compare_random import look_around  # noqa: E402
from random_ddl import Generator  # noqa: E402


def accepted(name, seed, count):
    """Makes the database; what the server took."""
    connection = psycopg2.connect(dbname=name)
    connection.autocommit = True
    cursor = connection.cursor()
    generator = Generator(seed)
    statements = []
    for turn in range(count):
        look_around(cursor, generator)
        statement = generator.statement() if turn > 1 else f"CREATE SCHEMA s{turn + 1}"
        try:
            cursor.execute(statement)
            statements.append(statement)
        except psycopg2.Error:
            pass
    connection.close()
    return statements


def write_chain(folder, statements):
    os.makedirs(os.path.join(folder, "versions"), exist_ok=True)
    with open(os.path.join(folder, "retort.toml"), "w", encoding="utf-8") as file:
        file.write('[chain]\nversion_locations = ["versions"]\n')
    third = len(statements) // 3
    parts = [statements[:third], statements[third:2 * third], statements[2 * third:]]
    for number, part in enumerate(parts, 1):
        parent = f'"r{number - 1}"' if number > 1 else "false"
        with open(os.path.join(folder, "versions", f"{number}.sql"), "w", encoding="utf-8") as file:
            file.write(f'-- /// retort\n-- revision = "r{number}"\n-- down_revision = {parent}\n-- ///\n')
            file.write("".join(statement + ";\n" for statement in part))


def passes(folder, name, what):
    """How many checks pass; None, with the differences printed, when one does not."""
    script = subprocess.run(["retort", "verify", what], cwd=folder, capture_output=True, text=True)
    run = subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", name], input=script.stdout,
                         capture_output=True, text=True)
    match = re.search(r"NOTICE:  retort verify: (\d+) checks passed", run.stderr)
    if script.returncode == 0 and run.returncode == 0 and match:
        return int(match.group(1))
    print(f"{name} {what}: {script.stderr}{run.stderr}")
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--statements", type=int, default=200)
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    connection = psycopg2.connect("")
    connection.autocommit = True
    admin = connection.cursor()
    bad = checks = 0
    for seed in arguments.seeds:
        name = f"verify_{seed}"
        admin.execute(f"DROP DATABASE IF EXISTS {name}")
        admin.execute(f"CREATE DATABASE {name}")
        statements = accepted(name, seed, arguments.statements)
        with contextlib.closing(psycopg2.connect(dbname=name)) as there, there:
            there.cursor().execute("CREATE TABLE public.alembic_version (version_num text); "
                                   "INSERT INTO public.alembic_version VALUES ('r3')")
        with tempfile.TemporaryDirectory() as temporary:
            folder = arguments.keep or temporary
            write_chain(folder, statements)
            passed = [passes(folder, name, what) for what in ("heads", "r1:r3", "r2:r3")]
        bad += sum(1 for each in passed if each is None)
        checks += sum(each or 0 for each in passed)
        admin.execute(f"DROP DATABASE {name}")
    print(f"{len(arguments.seeds)} databases, {checks} checks pass, {bad} scripts fail")
    return 1 if bad else 0


sys.exit(main())
