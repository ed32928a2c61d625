#!/usr/bin/python3
"""Rehearses ways back on the server of with_server.sh: rehearse.py [PART/PARTS | NAME…]

For each scenario of rehearsals.py: the base and its rows, the upgrade with what `retort` keeps, the
downgrade with what it puts back; then schema and rows must be what they were, columns in any order,
but for what the plan has announced. And again with writes in between, which must survive.
"""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from rehearsals import SCENARIOS  # noqa: E402

HEADER = "-- /// retort\n-- revision = \"{}\"\n-- down_revision = {}\n{}-- ///\n"


def run(command, **options):
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode:
        raise RuntimeError(f"{' '.join(command)}: {result.stdout}{result.stderr}")
    return result.stdout


def psql(database, script):
    result = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database],
                            input=script, capture_output=True, text=True)
    errors = [line for line in result.stderr.splitlines()
              if not line.startswith(("NOTICE", "psql:<stdin>:")) or "ERROR" in line]
    if result.returncode:
        raise RuntimeError("\n".join(errors) or result.stdout)
    return result.stdout.strip()


def write_chain(folder, scenario):
    def revision(number, identity, below, header, up, down):
        text = HEADER.format(identity, below, header) + up.strip() + "\n"
        if down is not None:
            text += "-- retort: down\n" + down.strip() + "\n"
        with open(os.path.join(folder, "versions", f"{number}.sql"), "w", encoding="utf-8") as file:
            file.write(text)

    os.mkdir(os.path.join(folder, "versions"))
    revision(1, "a1", "false", "", scenario["base"], "")
    revision(2, "b2", "\"a1\"", scenario.get("header", ""), scenario["up"], scenario.get("down"))


def retort(folder, *arguments):
    return run(["retort", "--versions", "versions", *arguments], cwd=folder)


LISTS = ("lost", "notes", "assumes", "instead of the downgrade", "behind the downgrade", "keep",
         "seal", "look", "put back", "clean up")


def way_back(folder):
    """The class of the revision, and its lists."""
    text = retort(folder, "debug", "--print", "way-back", "-v", "a1:b2")
    lists = {name: [] for name in LISTS}
    current = None
    lines = text.splitlines()
    for line in lines[1:]:
        if line.startswith("  ") and line[2:] in LISTS:
            current = lists[line[2:]]
        elif line.startswith("      ") and current:
            current[-1] += "\n" + line[6:]
        elif line.startswith("    ") and current is not None:
            current.append(line[4:])
    return lines[0].split(": ", 1)[1], lists, text


def body(folder, direction):
    """The statements of b2 in one direction, as they are compiled."""
    rows = subprocess.run(["retort", "--versions", "versions", "compile", "a1:b2"], cwd=folder,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    for line in rows.splitlines():
        row = json.loads(line)
        if row["direction"] == direction and row["ok"]:
            return [statement["sql"] for statement in row["statements"]]
    return []


def transaction(statements):
    return "BEGIN;\n" + "".join(statement + ";\n" for statement in statements) + "COMMIT;\n"


def schema(database):
    """The dump without data; the columns of a table in any order."""
    text = run(["pg_dump", "-s", "-N", "retort_keep", database])
    # A list of words has its casts elsewhere once it was restored.
    text = re.sub(r"^.* (?:ANY|ALL) \(.*$",
                  lambda line: re.sub(r"::character varying|::text|[][()]", "", line[0]), text, flags=re.MULTILINE)
    parts = []
    for part in re.split(r"\n\n+(?=-- Name:|--\n-- Name:)", text):
        lines = [re.sub(r",$", "", line) for line in part.splitlines()
                 if not line.startswith(("--", "\\restrict", "\\unrestrict")) and line]
        if any(line.startswith("CREATE TABLE") for line in lines):
            lines.sort()
        parts.append("\n".join(lines))
    return sorted(part for part in parts if part)


def rows(database):
    tables = psql(database, """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^(pg_|information_schema|retort_keep)'
         ORDER BY 1""").splitlines()
    found = {table: sorted(psql(database, f"SELECT to_jsonb(t) FROM {table} AS t").splitlines())
             for table in tables}
    sequences = psql(database, """
        SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'S' AND n.nspname !~ '^(pg_|retort_keep)' ORDER BY 1""").splitlines()
    for sequence in sequences:
        found[sequence] = psql(database, f"SELECT last_value, is_called FROM {sequence}").splitlines()
    return found


def difference(before, after):
    lines = []
    for part in before:
        if part not in after:
            lines += ["- " + line for line in part.splitlines()]
    for part in after:
        if part not in before:
            lines += ["+ " + line for line in part.splitlines()]
    return lines


def row_difference(before, after):
    lines = []
    for table in sorted(set(before) | set(after)):
        a, b = before.get(table, []), after.get(table, [])
        lines += [f"- {table} {row}" for row in a if row not in b]
        lines += [f"+ {table} {row}" for row in b if row not in a]
    return lines


def make(database, scenario, folder):
    psql("postgres", f"DROP DATABASE IF EXISTS {database}")
    psql("postgres", f"CREATE DATABASE {database}")
    psql(database, retort(folder, "upgrade", "base:a1", "--plain"))
    psql(database, scenario.get("data", ""))


class Wrong(Exception):
    pass


def way_down(lists, down):
    ours = lists["instead of the downgrade"]
    if ours:
        down = [] if ours == ["nothing"] else ours
    return lists["look"] + down + lists["behind the downgrade"] + lists["put back"]


def up_and_down(database, scenario, folder, lists, between, up=True):
    if up:
        psql(database, transaction(lists["keep"] + body(folder, "upgrade") + lists["seal"]))
    if between:
        psql(database, between)
    psql(database, transaction(way_down(lists, body(folder, "downgrade"))))


def write_files(folder):
    """What a bundle has in `rollback/`."""
    text = retort(folder, "debug", "--print", "way-back-files", "a1:b2")
    for part in text.split("==== ")[1:]:
        path, content = part.split("\n", 1)
        path = os.path.join(folder, "rollback", path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)


def rehearse_dump(database, scenario, folder, lists):
    """By files of pg_dump: the tables must come back as they were, to the order of their columns."""
    write_files(folder)
    make(database, scenario, folder)
    os.mkdir(os.path.join(folder, "dumps"))
    run(["sh", "rollback/save/0010_b2_dump.sh", database, "dumps"], cwd=folder)
    old_schema, old_rows = schema(database), rows(database)
    up_and_down(database, scenario, folder, lists, scenario.get("between"))
    run(["sh", "rollback/restore/0010_b2_tables.sh", database, "dumps"], cwd=folder)
    found = difference(old_schema, schema(database)) + row_difference(old_rows, rows(database))
    allowed = scenario.get("allowed", [])
    found = [line for line in found if not any(re.search(each, line) for each in allowed)]
    if found:
        raise Wrong("does not come back from the dump:\n" + "\n".join(found))


def rehearse_csv(database, scenario, folder, lists, promised):
    """Without a copy in the database: rows go to files, and become the keep again."""
    write_files(folder)
    make(database, scenario, folder)
    old_schema, old_rows = schema(database), rows(database)
    script = ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", database, "-f"]
    run([*script, "rollback/save/0010_b2_csv.sql"], cwd=folder)
    psql(database, transaction(body(folder, "upgrade")))
    run([*script, "rollback/restore/0010_b2_csv.sql"], cwd=folder)
    up_and_down(database, scenario, folder, {**lists, "keep": [], "seal": []}, None, up=False)
    found = difference(old_schema, schema(database)) + row_difference(old_rows, rows(database))
    found = [line for line in found if not any(re.search(each, line) for each in promised)]
    if found:
        raise Wrong("does not come back from CSV:\n" + "\n".join(found))


def rehearse(database, scenario):
    with tempfile.TemporaryDirectory() as folder:
        write_chain(folder, scenario)
        kind, lists, text = way_back(folder)
        if kind != scenario["class"]:
            raise Wrong(f"is called {kind}, not {scenario['class']}\n{text}")
        if kind == "backup only" and "dump" in scenario:
            rehearse_dump(database, scenario, folder, lists)
        if kind in ("no way back", "backup only"):
            return kind
        make(database, scenario, folder)
        old_schema, old_rows = schema(database), rows(database)
        up_and_down(database, scenario, folder, lists, None)
        found = difference(old_schema, schema(database))
        found += row_difference(old_rows, rows(database))
        allowed = scenario.get("allowed", [])
        found = [line for line in found if not any(re.search(each, line) for each in allowed)]
        if found:
            raise Wrong("does not come back:\n" + "\n".join(found))
        psql(database, transaction(lists["clean up"]))
        if psql(database, "SELECT to_regnamespace('retort_keep')"):
            raise Wrong("retort_keep is still there")
        # The files do not say which rows the upgrade has added.
        if lists["keep"] and not any("_added" in line for line in lists["seal"]):
            rehearse_csv(database, scenario, folder, lists, allowed)
        if "between" in scenario:
            make(database, scenario, folder)
            up_and_down(database, scenario, folder, lists, scenario["between"])
            for query, expected in scenario["then"]:
                answer = psql(database, query)
                if answer != expected:
                    raise Wrong(f"with writes in between: {query}: {answer}, not {expected}")
        psql("postgres", f"DROP DATABASE {database}")
        return kind


def chosen(arguments):
    if len(arguments) == 1 and re.fullmatch(r"\d+/\d+", arguments[0]):
        part, parts = map(int, arguments[0].split("/"))
        return list(SCENARIOS)[part - 1::parts]
    return arguments or list(SCENARIOS)


def main():
    kinds = {}

    def attempt(job):
        number, name = job
        try:
            return rehearse(f"rehearsal_{number}", SCENARIOS[name]), ""
        except (Wrong, RuntimeError) as problem:
            return "wrong", f"{name}: {problem}"

    jobs = list(enumerate(chosen(sys.argv[1:])))
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for kind, problem in pool.map(attempt, jobs):
            kinds[kind] = kinds.get(kind, 0) + 1
            if problem:
                print(problem)
    for kind in sorted(kinds):
        print(f"{kind}: {kinds[kind]}")
    return 1 if "wrong" in kinds else 0


if __name__ == "__main__":
    sys.exit(main())
