"""Compares the body that Alembic printed with the one that retort compiled, and says why they
differ where the difference is deliberate.

The rows are those of alembic_bodies.py and of `retort compile`.
"""

import ctypes
import ctypes.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# --- what retort says --------------------------------------------------------------------------


def rows_of(output):
    rows = map(json.loads, output.splitlines())
    return {(row["revision"], row["direction"]): row for row in rows}


def compile_rows(command, folders, cwd=None):
    """The rows of `retort compile` by revision and direction. Where it crashes, each file is compiled
    alone, and those that it crashes on have a row that says so."""
    done = subprocess.run([*command, "compile"], capture_output=True, cwd=cwd)
    if done.returncode in (0, 4):
        return rows_of(done.stdout)
    if done.returncode >= 0 and done.returncode != 70:
        sys.stderr.write(done.stderr.decode(errors="replace")[-2000:])
        sys.exit(f"retort ended with {done.returncode}")
    rows = {}
    for path in [os.path.join(folder, name) for folder in folders for name in os.listdir(folder)]:
        if not path.endswith(".py"):
            continue
        with tempfile.TemporaryDirectory() as temporary:
            shutil.copy(path, temporary)
            alone = [command[0], "--versions", temporary, "compile"]
            done = subprocess.run(alone, capture_output=True)
        if done.returncode >= 0:
            rows |= rows_of(done.stdout)
            continue
        with open(path, encoding="utf-8") as file:
            found = re.findall(r"^revision\b[^=\n]*=\s*['\"]([^'\"]+)", file.read(), re.M)
        for revision in found[-1:]:
            error = {"rule": "crash", "message": f"signal {-done.returncode}", "file": path}
            for direction in ("upgrade", "downgrade"):
                rows[(revision, direction)] = {"ok": False, "sql": "", "error": error}
    return rows


# --- the same statements? ----------------------------------------------------------------------


class Buffer(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("data", ctypes.c_void_p)]


class Parsed(ctypes.Structure):
    _fields_ = [("tree", Buffer), ("stderr", ctypes.c_void_p), ("error", ctypes.c_void_p)]


class Deparsed(ctypes.Structure):
    _fields_ = [("query", ctypes.c_char_p), ("error", ctypes.c_void_p)]


def load_grammar():
    name = ctypes.util.find_library("pg_query")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.pg_query_parse_protobuf.restype = Parsed
    library.pg_query_deparse_protobuf.restype = Deparsed
    library.pg_query_deparse_protobuf.argtypes = [Buffer]
    return library


grammar = load_grammar()


def words(sql):
    """The text with single blanks outside of quotes."""
    parts = re.split(r"('(?:[^']|'')*'|\"[^\"]*\")", sql)
    return "".join(
        part if part[:1] in "'\"" else re.sub(r"\s+", " ", part) for part in parts if part
    ).strip()


def same_statements(sql):
    """A text that is the same for texts that mean the same: parsed and deparsed where that works,
    with single blanks where not."""
    text = sql.encode()
    if grammar is not None and b"\0" not in text:
        parsed = grammar.pg_query_parse_protobuf(text)
        if not parsed.error:
            deparsed = grammar.pg_query_deparse_protobuf(parsed.tree)
            if not deparsed.error:
                return deparsed.query.decode()
    return re.sub(r"(\s*;)+\s*", "; ", words(sql))


# --- why not? ----------------------------------------------------------------------------------

# Reserved for PostgreSQL and not on SQLAlchemy's list.
UNKNOWN_TO_SQLALCHEMY = (
    "lateral tablesample collation concurrently freeze binary authorization".split()
)
UUID = r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}"
TIME = r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[+-]\d\d:?\d\d|Z)?)?"


def without_semicolons(sql):
    return re.sub(r"(\s*;)+\s*$", "", sql)


def ours_where_theirs_is_null(theirs, ours, did, marks):
    """`ours` with their statements where the only difference is what they made of a value."""
    result, rest = [], list(ours)
    for statement, done in zip(theirs, did):
        if not rest:
            break
        if done & marks:
            pattern = re.escape(words(statement)).replace("NULL", "(?:.+?)")
            pattern = re.sub(r"(?<![:\w]):\w+", "(?:.+?)", pattern)
            matching = 0
            while matching < len(rest) and re.fullmatch(pattern, words(rest[matching]), re.S):
                matching += 1
            if matching:
                result.append(statement)
                # Rows of an executemany are statements of their own.
                del rest[: matching if "parameters" in done and statement not in theirs[1:] else 1]
                continue
        result.append(rest.pop(0))
    return result + rest


class Sides:
    """Both lists of statements, without the final `;`, and what Alembic did to its own."""

    def __init__(self, theirs, ours):
        self.did = [set(s["did"]) for s in theirs["statements"]]
        self.theirs = [s["sql"].removesuffix(";") for s in theirs["statements"]]
        self.ours = [s["sql"] for s in ours["statements"]]
        self.stable = theirs.get("stable", True)

    def both(self, change):
        self.theirs = [change(sql) for sql in self.theirs]
        self.ours = [change(sql) for sql in self.ours]

    def keep(self, wanted):
        kept = [(s, d) for s, d in zip(self.theirs, self.did) if wanted(s)]
        self.theirs, self.did = [s for s, _ in kept], [d for _, d in kept]
        self.ours = [s for s in self.ours if wanted(s)]

    def same(self):
        def text(statements):
            return [same_statements(s) for s in statements]

        return self.theirs == self.ours or text(self.theirs) == text(self.ours)


def semicolons(sides):
    sides.both(without_semicolons)
    sides.keep(bool)


def tabs(sides):
    sides.both(lambda sql: sql.replace("\t", "    ").strip())


def backslashes(sides):
    sides.both(lambda sql: sql.replace("\\\\", "\\"))


def parameters(sides):
    sides.ours = ours_where_theirs_is_null(sides.theirs, sides.ours, sides.did, {"parameters"})


def binds(sides):
    sides.ours = ours_where_theirs_is_null(sides.theirs, sides.ours, sides.did, {"binds"})


def nulls(sides):
    did = [{"null"} if s.startswith("INSERT") else set() for s in sides.theirs]
    sides.ours = ours_where_theirs_is_null(sides.theirs, sides.ours, did, {"null"})


def created_types(sides):
    sides.keep(lambda sql: not re.match(r"(CREATE|DROP) (TYPE|DOMAIN)\b", sql))


def quoted_names(sides):
    pattern = re.compile(r'"(%s)"' % "|".join(UNKNOWN_TO_SQLALCHEMY))
    sides.both(lambda sql: pattern.sub(r"\1", sql))


def order(sides):
    if not sides.stable or sum("INDEX" in s for s in sides.theirs) > 1:
        sides.theirs = sorted(sides.theirs)
        sides.ours = sorted(sides.ours)


def unstable(sides):
    if not sides.stable:
        sides.both(lambda sql: re.sub(rf"'{UUID}'|{UUID}|gen_random_uuid\(\)", "uuid", sql))
        sides.both(lambda sql: re.sub(f"'{TIME}'", "'time'", sql))
        sides.both(lambda sql: re.sub(r"\d+(\.\d+)?", "0", sql))


def set_order(sides):
    if not sides.stable:
        sides.both(lambda sql: " ".join(sorted(re.findall(r"[^\s,()]+", sql))))


# In the order in which they are tried.
REASONS = {
    "`;` once": semicolons,
    "tabs stay": tabs,
    "backslashes stay single": backslashes,
    "parameters of execute()": parameters,
    "`:word` stays": binds,
    "Python default instead of NULL": nulls,
    "CREATE TYPE": created_types,
    "quoted names": quoted_names,
    "uuid4() and now()": unstable,
    "order of statements": order,
    "order of a set": set_order,
}


def reasons(theirs, ours):
    """Names of REASONS that are all needed to make both sides the same; None when they do not."""

    def same_with(names):
        sides = Sides(theirs, ours)
        for name in names:
            REASONS[name](sides)
        return sides.same()

    names = list(REASONS)
    if not same_with(names):
        return None
    for name in list(names):
        fewer = [other for other in names if other != name]
        if same_with(fewer):
            names = fewer
    return names


def cause(error):
    """What holes have in common: the rule, and the message without names and numbers, except for
    the names of what retort does not know."""
    if not error:
        return "no cause given"
    message = re.sub(r"`[^`]*`(?! is not interpreted)", "`…`", error["message"])
    return f"{error['rule']}: {re.sub(r'[0-9]+', 'N', message)}"
