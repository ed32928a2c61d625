#!/usr/bin/env python3
"""Interrupts a guarded script at every statement in turn, runs it again, and compares the database
with that of a run that nobody disturbed: schema, rows, version rows, no invalid index.

    interrupt.py RANGE START HOW EVERY [--down] [OPTION…]     HOW: kill-psql, kill-backend, hold

With `--client any` each transaction is a file, as other clients than psql run them: the file that died is run
again, and then the rest of them.

START is the revision that the database is at before; of the places, EVERYth is tried. `hold` keeps an old snapshot open in another
session, so that statements outside of transactions wait, and ends their backend while they do.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile
import time

TEMPLATE = "start"


def psql(database, *arguments, **options):
    return subprocess.run(["psql", "-X", "-d", database, *arguments], capture_output=True,
                          text=True, **options)


def retort(*arguments):
    return subprocess.run(["retort", "--versions", "versions", *arguments], check=True,
                          capture_output=True, text=True).stdout


def ends_of_statements(lines):
    """The numbers of the lines behind which another statement begins."""
    inside = False
    open_statement = False
    for number, line in enumerate(lines, 1):
        if line.startswith("DO $retort$") and "END $retort$" not in line:
            inside = True
        elif inside:
            inside = not line.startswith("END $retort$;")
            if inside:
                continue
        stripped = line.strip()
        if not stripped or stripped.startswith("--"):
            continue
        open_statement = not (stripped.endswith(";") or stripped.startswith("\\")
                              or re.search(r"\\g(set|exec)$", stripped))
        if not inside and not open_statement:
            yield number


def state(database):
    """What the database is; the random key of pg_dump is not part of it."""
    dump = subprocess.run(["pg_dump", "-d", database], capture_output=True, text=True, check=True)
    lines = [line for line in dump.stdout.splitlines() if not re.match(r"\\(un)?restrict", line)]
    for begin in [i for i, line in enumerate(lines) if line.startswith("COPY ")]:
        end = lines.index("\\.", begin)  # rows have no order
        lines[begin + 1:end] = sorted(lines[begin + 1:end])
    invalid = psql(database, "-Atc", "SELECT indexrelid::regclass FROM pg_index "
                   "WHERE NOT indisvalid").stdout
    return lines, invalid


def fresh(database):
    subprocess.run(["dropdb", "--if-exists", "--force", database], check=True,
                   capture_output=True)
    subprocess.run(["createdb", "-T", TEMPLATE, database], check=True)


def broken_script(lines, behind, how):
    """The script with a death behind one of its lines."""
    death = {"kill-psql": r"\! kill -9 $PPID",
             "kill-backend": "SELECT pg_terminate_backend(pg_backend_pid());"}[how]
    return "\n".join(lines[:behind] + [death] + lines[behind:])


def run_disturbed(database, lines, behind, how):
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        file.write(broken_script(lines, behind, how))
        file.flush()
        return psql(database, "-f", file.name).returncode


HOLD = ("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM orders; "
        "LOCK TABLE orders, old, parts_2025 IN ROW EXCLUSIVE MODE; SELECT pg_sleep(60);")


HELD = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'BEGIN%' AND wait_event = 'PgSleep' " \
       "AND datname = current_database()"


def run_held(database, lines, statement):
    """Another session's snapshot makes CONCURRENTLY wait; then its backend is ended."""
    behind = next(i for i, line in enumerate(lines) if line.startswith(statement))
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as file:
        hold = (f'\\! psql -Xqd {database} -c "{HOLD}" >/dev/null 2>&1 & '
                f'until psql -XAtd {database} -c "{HELD}" | grep -q 1; do sleep 0.1; done')
        file.write("\n".join(lines[:behind] + [hold] + lines[behind:]))
        file.flush()
        script = subprocess.Popen(["psql", "-X", "-d", database, "-f", file.name],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ended = ("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                 f"WHERE datname = '{database}' AND ")
        while script.poll() is None:
            psql(database, "-c", ended + f"wait_event_type = 'Lock' AND query LIKE '{statement}%'")
            time.sleep(0.1)
        psql(database, "-c", ended + "query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()")
        return script.returncode


def run_when_free(database, *arguments):
    """The backend of a psql that has ended, or was killed, may live a moment longer."""
    again = psql(database, *arguments)
    while "already being changed" in again.stderr:
        time.sleep(0.1)
        again = psql(database, *arguments)
    return again


def trial_of_files(number, files, expected, how, point):
    """A file for each transaction; who runs them stops at the first that fails."""
    database = f"trial_{number}"
    fresh(database)
    broken, behind = point
    for file in files[:broken]:
        if psql(database, "-v", "ON_ERROR_STOP=1", "-f", file).returncode != 0:
            sys.exit(f"{file} fails, and nobody disturbed it")
    with open(files[broken], encoding="utf-8") as file:
        code = run_disturbed(database, file.read().splitlines(), behind, how)
    problem = None
    for file in files[broken:]:
        again = run_when_free(database, "-v", "ON_ERROR_STOP=1", "-f", file)
        # What died behind its commit was done already.
        hint = re.search(r"it only has to be noted\nHINT:  (.*;)", again.stderr)
        if hint:  # a client without conditions leaves that to who runs it
            psql(database, "-v", "ON_ERROR_STOP=1", "-c", hint[1])
            again = run_when_free(database, "-v", "ON_ERROR_STOP=1", "-f", file)
        done = re.search("already at|the step was not begun|it was not begun", again.stderr)
        if again.returncode != 0 and not (file == files[broken] and done):
            problem = f"{how} at {file}:{behind}: then {again.returncode}\n{again.stderr}"
            break
    if not problem and state(database) != expected:
        problem = f"{how} at {files[broken]}:{behind}: another database"
    subprocess.run(["dropdb", "--force", database], check=True)
    return problem, code


def interrupt_files(command, options, revisions, how, every):
    retort(command, *options, "--split", "transaction", "-o", "files-" + how, revisions)
    files = sorted(f"files-{how}/{name}" for name in os.listdir("files-" + how) if name.endswith(".sql"))
    files = [file for file in files if not file.endswith("run.sql")]
    fresh("undisturbed")
    for file in files:
        first = psql("undisturbed", "-v", "ON_ERROR_STOP=1", "-f", file)
        if first.returncode != 0:
            sys.exit(f"{file}: {first.stderr}")
    expected = state("undisturbed")
    points = []
    for place, name in enumerate(files):
        with open(name, encoding="utf-8") as file:
            points += [(place, line) for line in ends_of_statements(file.read().splitlines())]
    points = points[::every]
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        results = list(pool.map(lambda each: trial_of_files(each[0], files, expected, how, each[1]),
                                enumerate(points)))
    tell(f"{how}, {len(files)} files", results)


def tell(what, results):
    for problem, _ in results:
        if problem:
            print(problem)
    disturbed = sum(code != 0 for _, code in results)
    print(f"{what}: {len(results)} places, {disturbed} interrupted, "
          f"{sum(1 for problem, _ in results if problem)} with another end")


def trial(number, script, lines, expected, how, point):
    database = f"trial_{number}"
    fresh(database)
    if how == "hold":
        code = run_held(database, lines, point)
    else:
        code = run_disturbed(database, lines, point, how)
    again = run_when_free(database, "-f", script)
    # At the very end everything was done already.
    finished = again.returncode == 0 or "already at" in again.stderr
    same = state(database) == expected
    problem = None
    if not finished or not same:
        problem = f"{how} at {point}: first exit {code}, then {again.returncode}"
        problem += "" if same else ", another database"
        problem += "\n" + again.stderr
    subprocess.run(["dropdb", "--force", database], check=True)
    return problem, code


def main():
    revisions, start, how, every, *options = sys.argv[1:]
    os.environ["PGOPTIONS"] = "-c client_min_messages=warning"
    subprocess.run(["createdb", TEMPLATE], check=True)
    if start != "base":
        psql(TEMPLATE, "-q", input=retort("upgrade", start))
    command = "downgrade" if options[:1] == ["--down"] else "upgrade"
    options = options[1 if command == "downgrade" else 0:]
    if "any" in options:
        interrupt_files(command, options, revisions, how, int(every))
        return
    text = retort(command, *options, revisions)
    lines = text.splitlines()
    with open("script.sql", "w", encoding="utf-8") as file:
        file.write(text)
    fresh("undisturbed")
    first = psql("undisturbed", "-f", "script.sql")
    if first.returncode != 0:
        sys.exit(first.stderr)
    expected = state("undisturbed")
    if how == "hold":
        points = ["CREATE UNIQUE INDEX C", "CREATE INDEX C", "DROP INDEX C", "REINDEX",
                  "ALTER TABLE parts D"]
    else:
        points = list(ends_of_statements(lines))[::int(every)]
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        results = list(pool.map(lambda each: trial(each[0], "script.sql", lines, expected, how,
                                                   each[1]), enumerate(points)))
    tell(how, results)


main()
