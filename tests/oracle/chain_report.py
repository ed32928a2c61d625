#!/usr/bin/python3
"""Compares `retort compile` with real Alembic on the revisions of a project, one by one.

    chain_report.py [OPTIONS] FOLDER…      the folders of revisions

    --retort PATH      the binary (retort)
    --pass OPTION      an option for retort instead of `--versions FOLDER…`, repeatable
    -c ALEMBIC_INI     Alembic runs env.py with it, for the naming convention, and retort gets it
    --root FOLDER      Alembic may import the project's modules from there
    --alembic FILE     what Alembic said; written when it is not there
    --only REVISION    only this one
    --show N           print so many differences (3) and causes (20) …
    --out FOLDER       … and write all differences there
    --count REASON     take differences of this sort (a word of judge.REASONS) for mistakes
    --all LEAST        fail where retort compiles less than Alembic, or where fewer than LEAST
                       functions are the same
    --line NAME        print only one line, of numbers: see --head
    --head             the meaning of that line

Alembic is what the Python path has. Its text is a reference where the function ran to its end and
used nothing that could not be imported. A difference that judge.py can explain is deliberate.
Exit code 6: there are differences that it cannot, or that --count and --all forbid.
"""

import argparse
import collections
import difflib
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True

import judge  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS = "functions alembic retort both same equal explained different".split()


def alembic_rows(arguments):
    """Asked under two hash seeds: where it disagrees with itself, the text is not stable."""
    if arguments.alembic and os.path.exists(arguments.alembic):
        with open(arguments.alembic, encoding="utf-8") as file:
            return json.load(file)
    command = [os.path.join(HERE, "alembic_bodies.py"), *arguments.folders]
    for root in arguments.root:
        command += ["--root", root]
    if arguments.config:
        command += ["-c", arguments.config]
    runs = []
    for seed in "12":
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        runs.append([json.loads(line) for line in done.stdout.splitlines()])
    rows = runs[0]
    for row, other in zip(rows, runs[1]):
        row["stable"] = row["sql"] == other["sql"]
    if arguments.alembic:
        with open(arguments.alembic, "w", encoding="utf-8") as file:
            json.dump(rows, file)
    return rows


def retort_rows(arguments):
    command = [arguments.retort]
    if arguments.config:
        command += ["-c", arguments.config]
    elif arguments.passed:
        command += arguments.passed
    else:
        for folder in arguments.folders:
            command += ["--versions", folder]
    rows = judge.compile_rows(command, arguments.folders)
    if not rows:
        sys.exit("chain_report.py: retort printed no rows")
    return rows


def is_reference(row):
    return row["sql"] is not None and not row["touched"]


def difference(theirs, ours):
    return "".join(
        difflib.unified_diff(
            theirs["sql"].splitlines(True),
            ours["sql"].splitlines(True),
            f"{theirs['file']} {theirs['direction']}, Alembic",
            f"{theirs['file']} {theirs['direction']}, retort",
        )
    )


class Report:
    def __init__(self):
        self.counts = collections.Counter()
        self.explained = collections.Counter()
        self.holes = collections.Counter()  # by cause, where Alembic has a reference …
        self.other_holes = collections.Counter()  # … and where it has none
        self.examples = {}  # of causes
        self.different = []  # (theirs, ours)

    def add(self, theirs, ours):
        self.counts["functions"] += 1
        reference = is_reference(theirs)
        self.counts["alembic"] += reference
        if ours is None:
            ours = {"ok": False, "error": {"rule": "no row", "message": "retort prints none"}}
        if not ours["ok"]:
            cause = judge.cause(ours["error"])
            (self.holes if reference else self.other_holes)[cause] += 1
            at = ours["error"]
            where = f"{at.get('file')}:{at.get('line')}:{at.get('column')} {theirs['direction']}"
            if reference or cause not in self.examples:
                self.examples.setdefault(cause + str(reference), f"{where} {at['message']}")
            return
        self.counts["retort"] += 1
        if not reference:
            return
        self.counts["both"] += 1
        if ours["sql"] == theirs["sql"]:
            self.counts["same"] += 1
            return
        if judge.same_statements(ours["sql"]) == judge.same_statements(theirs["sql"]):
            self.counts["equal"] += 1
            return
        names = judge.reasons(theirs, ours)
        if names is None and theirs["unsure"]:
            names = ["Alembic's side depends on what could not be imported"]
        if names is None:
            self.counts["different"] += 1
            self.different.append((theirs, ours))
            return
        self.counts["explained"] += 1
        self.explained.update(names)

    def print_causes(self, title, counter, reference, show):
        if not counter:
            return
        print(f"\n{title}")
        for cause, number in counter.most_common(show):
            print(f"{number:>6}  {cause}")
            print(f"          {self.examples.get(cause + str(reference), '')}")
        rest = sum(counter.values()) - sum(n for _, n in counter.most_common(show))
        if rest:
            print(f"{rest:>6}  in {len(counter) - show} other causes")

    def print(self, show):
        def line(number, text):
            print(f"{number:>6}  {text}")

        counts = self.counts
        line(counts["functions"], "functions: revisions, each upwards and downwards")
        line(counts["alembic"], "for which Alembic's text is a reference")
        line(counts["retort"], "compiled by retort")
        line(counts["both"], "both of it, of which are")
        line(counts["same"], "  the same byte for byte")
        line(counts["equal"], "  the same statements, written in another way")
        line(counts["explained"], "  different on purpose:")
        for name, number in self.explained.most_common():
            line(number, f"      {name}")
        line(counts["different"], "  different")
        self.print_causes("Not compiled by retort, but by Alembic", self.holes, True, show * 6)
        self.print_causes("Not compiled by either", self.other_holes, False, show * 3)
        if self.different:
            print("\nDifferent")
        for theirs, ours in self.different[:show]:
            print(difference(theirs, ours))

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        for name in os.listdir(folder):
            if name.endswith(".diff"):
                os.remove(os.path.join(folder, name))
        for theirs, ours in self.different:
            name = f"{theirs['revision']}.{theirs['direction']}.diff".replace("/", "_")
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(difference(theirs, ours))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--retort", default="retort")
    parser.add_argument("--pass", dest="passed", action="append", default=[])
    parser.add_argument("-c", dest="config")
    parser.add_argument("--root", action="append", default=[])
    parser.add_argument("--alembic")
    parser.add_argument("--only")
    parser.add_argument("--show", type=int, default=3)
    parser.add_argument("--out")
    parser.add_argument("--count", action="append", default=[])
    parser.add_argument("--all", type=int)
    parser.add_argument("--line")
    parser.add_argument("--head", action="store_true")
    arguments = parser.parse_args()
    if arguments.head:
        print(f"{'':<20}", *(f"{column:>10}" for column in COLUMNS))
        return
    for word in arguments.count:
        for name in [name for name in judge.REASONS if word in name]:
            del judge.REASONS[name]
    rows = alembic_rows(arguments)
    ours = retort_rows(arguments)
    report = Report()
    for row in rows:
        if arguments.only in (None, row["revision"]):
            report.add(row, ours.get((row["revision"], row["direction"])))
    if arguments.out:
        report.write(arguments.out)
    if arguments.line:
        print(f"{arguments.line:<20}", *(f"{report.counts[column]:>10}" for column in COLUMNS))
    else:
        report.print(arguments.show)
    missing = report.counts["both"] < report.counts["alembic"]
    if arguments.all is not None and (missing or report.counts["same"] < arguments.all):
        sys.exit(6)
    sys.exit(6 if report.different else 0)


main()
