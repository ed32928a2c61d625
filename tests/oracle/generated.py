#!/usr/bin/python3
"""Compares `retort compile` with real Alembic on revisions that generate.py makes up.

    generated.py [--count N] [--seed SEED] [--convention] [--retort PATH] [--shrink N] [--kinds]
                 [--keep FOLDER]

Every function is supposed to be compiled to the bytes that Alembic prints. Those that are not are
listed by what they do; of each sort one is cut down to the shortest file that is still wrong, and
printed with both texts. --shrink says how many (5). --kinds counts what was compared. With
--convention names are left to a naming convention.
Exit code 6: there are any.
"""

import argparse
import ast
import collections
import copy
import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True

import alembic_bodies  # noqa: E402
import generate  # noqa: E402
import judge  # noqa: E402
import sqlalchemy  # noqa: E402

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
HEADER = ("revision", "down_revision", "branch_labels", "depends_on")
VERSION = int(sqlalchemy.__version__.partition(".")[0])


class Judges:
    """Both of them, with or without a naming convention."""

    def __init__(self, retort, convention):
        self.retort = retort
        self.convention = convention
        self.metadata = sqlalchemy.MetaData(naming_convention=CONVENTION if convention else None)

    def retort_rows(self, folder):
        """The rows for `versions` in a folder."""
        with open(os.path.join(folder, "retort.toml"), "w", encoding="utf-8") as file:
            file.write('[chain]\nversion_locations = ["versions"]\n')
            if self.convention:
                file.write("[chain.naming_convention]\n")
                file.writelines(f'{key} = "{value}"\n' for key, value in CONVENTION.items())
        return judge.compile_rows([self.retort], [os.path.join(folder, "versions")], cwd=folder)

    def alembic_rows(self, folder):
        return alembic_bodies.rows(
            [os.path.join(folder, "versions")], target_metadata=self.metadata
        )

    def alembic_row(self, path, direction):
        return alembic_bodies.run(path, direction, target_metadata=self.metadata)


def sort_of(theirs, ours):
    """What is wrong, in a few words; None when nothing is."""
    if ours is None:
        return "no row"
    if not ours["ok"]:
        return judge.cause(ours["error"])
    return None if ours["sql"] == theirs["sql"] else "different"


# --- shrinking ---------------------------------------------------------------------------------


def smaller(tree, direction):
    """Every tree with one thing less, and with nothing in the other direction."""

    def spots(node):
        for child in ast.walk(node):
            for field in ("body", "orelse", "args", "keywords", "elts", "finalbody", "handlers"):
                items = getattr(child, field, None)
                if isinstance(items, list):
                    for index in range(len(items)):
                        yield child, field, index
            if isinstance(child, ast.Dict):
                for index in range(len(child.keys)):
                    yield child, "keys", index
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
                if isinstance(child.func.value, ast.Call):
                    yield child, "func", 0

    for number in range(sum(1 for _ in spots(tree))):
        less = copy.deepcopy(tree)
        for at, (node, field, index) in enumerate(spots(less)):
            if at == number:
                break
        if field == "func":
            inner = node.func.value
            node.func, node.args, node.keywords = inner.func, inner.args, inner.keywords
        elif field == "keys":
            del node.keys[index], node.values[index]
        else:
            del getattr(node, field)[index]
            if field == "body" and not node.body:
                node.body = [ast.Pass()]
        yield less
    other = {"upgrade": "downgrade", "downgrade": "upgrade"}[direction]
    less = copy.deepcopy(tree)
    for node in less.body:
        if isinstance(node, ast.FunctionDef) and node.name == other:
            node.body = [ast.Pass()]
            yield less


def source_of(tree):
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except Exception:
        return None


def judged(judges, sources, direction):
    """(theirs, ours) of each source, None where it makes no sense."""
    with tempfile.TemporaryDirectory() as folder:
        versions = os.path.join(folder, "versions")
        os.mkdir(versions)
        for number, source in enumerate(sources):
            with open(f"{versions}/{number:05}.py", "w", encoding="utf-8") as file:
                file.write(source)
                file.write(f"\nrevision = 'c{number:05}'\ndown_revision = None\n")
        ours = judges.retort_rows(folder)
        result = []
        for number in range(len(sources)):
            theirs = judges.alembic_row(f"{versions}/{number:05}.py", direction)
            fine = theirs["sql"] is not None and not theirs["touched"]
            fine = fine and not any(statement["did"] for statement in theirs["statements"])
            result.append((theirs, ours.get((f"c{number:05}", direction))) if fine else None)
        return result


def is_header(node):
    """A docstring, or one of the names by which Alembic knows a revision."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    return any(isinstance(t, ast.Name) and t.id in HEADER for t in targets)


def shrink(judges, source, direction, sort):
    """The shortest source found that is wrong in the same way, and both its rows."""
    tree = ast.parse(source)
    tree.body = [node for node in tree.body if not is_header(node)]
    best, rows = source_of(tree), None
    for _ in range(60):
        candidates = {
            s for s in map(source_of, smaller(tree, direction)) if s and len(s) < len(best)
        }
        candidates = sorted(
            candidates | ({best} if rows is None else set()), key=lambda s: (len(s), s)
        )
        found = None
        for candidate, pair in zip(candidates, judged(judges, candidates, direction)):
            if pair and sort_of(*pair) == sort:
                found = (candidate, pair)
                break
        if found is None or (rows is not None and len(found[0]) >= len(best)):
            break
        best, rows = found
        tree = ast.parse(best)
    return best, rows


# --- the comparison ----------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--retort", default="retort")
    parser.add_argument("--shrink", type=int, default=5)
    parser.add_argument("--convention", action="store_true")
    parser.add_argument("--kinds", action="store_true")
    parser.add_argument("--keep")
    arguments = parser.parse_args()
    folder = arguments.keep or tempfile.mkdtemp()
    versions = os.path.join(folder, "versions")
    shutil.rmtree(versions, ignore_errors=True)
    kinds = generate.fill(versions, arguments.count, arguments.seed, VERSION, arguments.convention)
    judges = Judges(shutil.which(arguments.retort) or arguments.retort, arguments.convention)
    ours = judges.retort_rows(folder)
    compared, same, wrong, refused = collections.Counter(), 0, [], 0
    for theirs in judges.alembic_rows(folder):
        key = (theirs["revision"], theirs["direction"])
        used = kinds[key[0]][key[1] == "downgrade"]
        if theirs["sql"] is None or theirs["touched"]:
            refused += 1  # a mistake of the generator, or of an older Alembic
            continue
        compared.update(used)
        sort = sort_of(theirs, ours.get(key))
        if sort is None:
            same += 1
        else:
            wrong.append((sort, used, theirs))
    print(
        f"seed {arguments.seed}: {same + len(wrong)} functions compared, {same} the same,"
        f" {refused} refused by Alembic"
    )
    if arguments.kinds:
        failed = collections.Counter(name for _, used, _ in wrong for name in used)
        for name, number in compared.most_common():
            print(f"{number:>6}  {name}{f', {failed[name]} wrong' if failed[name] else ''}")

    sorts = collections.defaultdict(list)
    for sort, used, theirs in wrong:
        sorts[(sort, used[0] if sort == "different" else "")].append(
            (len(open(theirs["file"]).read()), theirs)
        )
    shown = sorted(sorts.items(), key=lambda item: -len(item[1]))
    for number, ((sort, used), rows) in enumerate(shown):
        print(f"\n{len(rows):>6}  {sort} {used}".rstrip())
        if number >= arguments.shrink:
            continue
        _, theirs = min(rows, key=lambda row: row[0])
        with open(theirs["file"], encoding="utf-8") as file:
            source, pair = shrink(judges, file.read(), theirs["direction"], sort)
        print(
            f"--- shortest, of revision {theirs['revision']},"
            f" {theirs['direction']}\n{source.strip()}"
        )
        if pair is None:
            print("--- and not wrong on its own")
            continue
        theirs, ours = pair
        print(f"--- Alembic\n{theirs['sql'].rstrip()}")
        print(f"--- retort\n{ours['sql'].rstrip() if ours['ok'] else ours['error']['message']}")
    if not arguments.keep:
        shutil.rmtree(folder)
    sys.exit(6 if wrong else 0)


if __name__ == "__main__":
    main()
