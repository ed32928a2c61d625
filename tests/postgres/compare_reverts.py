#!/usr/bin/python3
"""What `retort lint` says of the ways down of a chain, against a server: compare_reverts.py [OPTION…]

Behind with_server.sh, in a folder where `retort lint` finds the chain; options are those of retort
(`-c FILE`). Each revision goes up and down in a copy of the database, and the dumps are compared.
What a revision misses and no earlier one made (tables of an application that makes the first ones
itself) is made before it, by guess: such a revision is counted apart, for what it takes away was
never what it gives back.
"""

import json
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from rehearse import difference, schema  # noqa: E402

VERDICTS = ("revert/fails", "revert/not-inverse", "revert/missing")
NAME = r'((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?)'

WORD = r"([\w$]+(?:\.[\w$]+)?)"  # the same without its quotes

# What the server misses, by its words, and what makes it; {0}, {1} are what was found, {table} the
# table of the statement.
CURES = (
    (rf"schema {WORD} does not exist", "CREATE SCHEMA {0}"),
    (rf"relation {WORD} does not exist", "CREATE TABLE {0} (id serial PRIMARY KEY)"),
    (rf"column {WORD} of relation {WORD} does not exist", "ALTER TABLE {table} ADD COLUMN {0} {type}"),
    (rf"column {WORD} does not exist", "ALTER TABLE {table} ADD COLUMN {last} {type}"),
    (rf"column {WORD} (?:named in key|referenced in foreign key constraint) does not exist",
     "ALTER TABLE {other} ADD COLUMN {0} {type}"),
    (rf"no unique constraint matching given keys for referenced table {WORD}",
     "ALTER TABLE {other} ADD UNIQUE ({key})"),
    (rf"constraint {WORD} (?:of relation|for table) {WORD} does not exist",
     "ALTER TABLE {table} ADD CONSTRAINT {last} CHECK (true)"),
    (rf"index {WORD} does not exist",
     "CREATE TABLE IF NOT EXISTS {schema}stub (id int); CREATE INDEX {last} ON {schema}stub (id)"),
    (rf"table {WORD} does not exist", "CREATE TABLE {dropped} (id serial PRIMARY KEY)"),
    (rf"type {WORD} does not exist", "CREATE TYPE {0} AS ENUM ('a')"),
    (rf"sequence {WORD} does not exist", "CREATE SEQUENCE {0}"),
)


def retort(options, *words):
    return subprocess.run(["retort", *options, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True)


def run(database, script):
    """None, or what the server says, with the statement."""
    done = subprocess.run(["psql", "-qXb", "-v", "ON_ERROR_STOP=1", "-d", database],
                          input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return None if done.returncode == 0 else done.stdout[done.stdout.index("ERROR:"):]


def copy(of, database):
    subprocess.run(["dropdb", "--if-exists", database], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["createdb", "-T", of, database], check=True)


def cure(problem):
    """SQL that makes what is missing, as far as the words of the server tell."""
    statement = problem[problem.find("STATEMENT:"):]
    names = re.findall(rf"(?:TABLE(?: IF EXISTS)?|ON|UPDATE|INTO|FROM|REFERENCES) {NAME}", statement)
    dropped = re.search(rf"DROP \w+(?: IF EXISTS)? {NAME}", statement)
    dropped = dropped[1] if dropped else ""
    other = re.search(rf"REFERENCES {NAME}\s*\(?\s*([^)]*)", statement)
    for pattern, making in CURES:
        found = re.match(r"ERROR:\s+" + pattern, problem.splitlines()[0].replace('"', ""))
        if not found:
            continue
        words = [word for word in found.groups() if word]
        last = words[0].split(".")[-1]
        schema_name = (dropped or words[0]).rpartition(".")[0]
        return making.format(
            *words, dropped=dropped, table=names[0] if names else words[0], last=last,
            other=other[1] if other else (names[0] if names else ""),
            key=other[2].strip() or "id" if other else "id",
            schema=schema_name + "." if schema_name else "",
            type="int" if last.endswith("id") else "boolean" if last.startswith("is_") else "text")
    return None


def apply(database, script, made):
    """Runs the script in a copy, and makes in the original what it misses. What stays wrong, and the
    script without what only writes rows that are not there."""
    last = None
    for _ in range(300):
        copy(database, "work")
        problem = run("work", script)
        making = cure(problem) if problem else None
        if making and making != last and run(database, making + ";") is None:
            made.append(making)
            last = making
            continue
        statement = problem[problem.find("STATEMENT:") + 10:].strip() if problem else ""
        if not re.match(r"(UPDATE|INSERT|DELETE|SELECT|WITH)\b", statement) or statement not in script:
            return problem, script
        made.append("no rows")
        script = script.replace(statement, "SELECT 1;" if statement.endswith(";") else "SELECT 1", 1)
    return "it misses too much", script


def verdicts(options):
    said = {}
    for finding in json.loads(retort(options, "lint", "--format", "json").stdout)["findings"]:
        if finding["rule"] in VERDICTS:
            said.setdefault(finding["revision"], {})[finding["rule"]] = finding["message"]
    return said


def shape(database):
    """Without the version table, which no way down takes away."""
    return [part for part in schema(database) if "alembic_version" not in part]


def outcome(up, down, before):
    """What the server makes of the way down, behind the way up in `work`."""
    if down.returncode != 0:
        return "no way down", ""
    problem = run("work", down.stdout)
    if problem:
        return "fails", " ".join(problem.split())
    after = shape("work")
    return ("exact", "") if after == before else ("differs", " | ".join(difference(before, after)))


def main():
    options = sys.argv[1:]
    said = verdicts(options)
    history = json.loads(retort(options, "history", "--json").stdout)["revisions"]
    subprocess.run(["createdb", "current"], check=True)
    counts, missing = {}, []
    for revision in reversed(history):
        name = revision["revision"]
        parents = ",".join(revision["down_revision"] or []) or "base"
        up = retort(options, "upgrade", "--allow-holes", "--plain", f"{parents}:{name}")
        made = []
        if up.returncode not in (0, 4):
            counts["no way up"] = counts.get("no way up", 0) + 1
            continue
        problem, script = apply("current", up.stdout, made)
        if problem:
            counts["way up fails"] = counts.get("way up fails", 0) + 1
            print(f"{name}: way up fails: {problem.splitlines()[0]}")
            continue
        down = retort(options, "downgrade", "--plain", f"{name}:{parents}")
        happened, words = outcome(up, down, shape("current"))
        verdict = " ".join(sorted(rule.split("/")[1] for rule in said.get(name, ()))) or "silent"
        row = f"{happened}{', guessed before it' if made else ''}: {verdict}"
        counts[row] = counts.get(row, 0) + 1
        agree = (happened, verdict) in (("exact", "silent"), ("differs", "not-inverse"), ("fails", "fails"))
        if not agree and happened != "no way down":
            missing.append(f"{name}: {row}\n    server: {words[:300]}\n    retort: {said.get(name)}")
        run("current", script)
    print("\n".join(missing))
    for row in sorted(counts):
        print(f"{counts[row]:5} {row}")


if __name__ == "__main__":
    main()
