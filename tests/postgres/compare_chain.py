#!/usr/bin/python3
"""Random chains, compiled and run on the server of with_server.sh: compare_chain.py SEED… [--length N]

Of each chain base to head must run without an error, head to base after it, and base to head again;
each time pg_catalog must be what the replay of the scripts says, and nothing but the version table
may be left at base. --keep leaves the chain and its scripts in a folder.
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
import random_chain  # noqa: E402
from server_catalog import (  # noqa: E402
    ServerCatalog, show_difference, with_known_types, without_expressions)

STEPS = (("upgrade", "base:head"), ("downgrade", "head:base"), ("upgrade", "base:head"))


def compiled(folder, number, command, revisions):
    """A script's file; None, with the reason printed, when there is none."""
    path = os.path.join(folder, f"{number}.sql")
    with open(path, "w", encoding="utf-8") as file:
        result = subprocess.run(["retort", command, "--plain", revisions], cwd=folder, stdout=file,
                                stderr=subprocess.PIPE, text=True)
        file.seek(0, os.SEEK_END)
        if command == "downgrade":  # base to head makes it again
            file.write("\nDROP TABLE alembic_version;\n")
    if result.returncode == 0:
        return path
    print(result.stderr)
    return None


def on_server(name, script):
    result = subprocess.run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", name, "-f", script],
                            capture_output=True, text=True)
    errors = [line for line in result.stderr.splitlines() if "NOTICE" not in line]
    if errors:
        print("\n".join(errors))
    return not errors and result.returncode == 0


def replayed(scripts, expected):
    """The catalog after some scripts; None when one of them fails."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        for script in scripts:
            with open(script, encoding="utf-8") as part:
                file.write(part.read())
        file.flush()
        result = subprocess.run(["retort", "debug", "--print", "catalog", file.name],
                                capture_output=True, text=True)
    if "error[" in result.stderr:
        print(result.stderr)
        return None
    return with_known_types(without_expressions(result.stdout), expected)


def differs(admin, folder, seed):
    """Whether something is wrong with the chain in a folder."""
    name = f"chain_{seed}"
    admin.execute(f"DROP DATABASE IF EXISTS {name}")
    admin.execute(f"CREATE DATABASE {name}")
    scripts = []
    for number, (command, revisions) in enumerate(STEPS):
        script = compiled(folder, number, command, revisions)
        if not script or not on_server(name, script):
            return f"{command} fails"
        scripts.append(script)
        with contextlib.closing(psycopg2.connect(dbname=name)) as connection:
            expected = ServerCatalog(connection.cursor()).print()
        own = replayed(scripts, expected)
        if own != expected:
            show_difference(seed, f"after {command}", own or [], expected)
            return "another catalog"
        left = [block for block in expected if not block.startswith("schema ")]
        if command == "downgrade" and left:
            return f"left at base: {left}"
    admin.execute(f"DROP DATABASE {name}")
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="+", type=int)
    parser.add_argument("--length", type=int, default=25)
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    connection = psycopg2.connect("")
    connection.autocommit = True
    bad = statements = 0
    for seed in arguments.seeds:
        with tempfile.TemporaryDirectory() as temporary:
            folder = arguments.keep or temporary
            random_chain.write(os.path.join(folder, "versions"), seed, arguments.length)
            with open(os.path.join(folder, "retort.toml"), "w", encoding="utf-8") as file:
                file.write('[chain]\nversion_locations = ["versions"]\n')
            wrong = differs(connection.cursor(), folder, seed)
            if wrong:
                bad += 1
                print(f"seed {seed}: {wrong}")
            else:
                with open(os.path.join(folder, "0.sql"), encoding="utf-8") as file:
                    statements += len(re.findall(r";\n", file.read()))
    print(f"{len(arguments.seeds)} chains, {statements} statements to their heads, {bad} differ")
    return 1 if bad else 0


sys.exit(main())
