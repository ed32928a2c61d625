#!/usr/bin/python3
"""What real Alembic prints for each revision of a folder and each direction, alone and offline.

    alembic_bodies.py [-c ALEMBIC_INI] [--root FOLDER]… FOLDER…

One JSON object a line; SQL revisions have none, as Alembic cannot read them.

    file, revision, direction
    sql         the statements, each closed by `;` and an empty line, without the transaction that
                an autocommit block ends and begins; null when Alembic fails, with `error`
    statements  the same one by one, each with what Alembic did to it (`did`):
                parameters   values given to execute() were dropped
                binds        names behind a colon were taken for parameters and became NULL
                tabs         became blanks
                backslashes  were there to be doubled
    touched     names of missing modules that the function used: the text is no reference
    unsure      names of missing modules on which something that was imported depended
    printed     the function printed something, which would have gone into the script

The Python path decides which Alembic that is. An import that fails is replaced by a stand-in, which
does no harm as long as nobody asks for its value. --root adds a folder from which modules may be
imported. -c reads env.py, which otherwise is not run: the settings then are those that print
literals.
"""

import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import signal
import sys
import types
import warnings

sys.dont_write_bytecode = True
warnings.simplefilter("ignore")

from alembic.config import Config  # noqa: E402
from alembic.operations import Operations  # noqa: E402
from alembic.runtime.environment import EnvironmentContext  # noqa: E402
from alembic.script import ScriptDirectory  # noqa: E402
from sqlalchemy.sql.elements import TextClause  # noqa: E402

SECONDS = 10  # for one function, which may wait for what never comes


# --- stand-ins ---------------------------------------------------------------------------------

touched = []  # what of a stand-in was used since it was last cleared
deciding = []  # what of it the course of things depended on


def touch(what, decides=False):
    touched.append(what)
    if decides:
        deciding.append(what)


class StandInType(type):
    def __call__(cls, *arguments, **named):
        if cls.__dict__.get("stands_in_for"):
            touch(cls.stands_in_for)
            return StandIn(cls.stands_in_for)
        touch(cls.__name__)
        try:
            return super().__call__(*arguments, **named)
        except TypeError:
            return StandIn(cls.__name__)

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        touch(f"{cls.__name__}.{name}")
        return StandIn(f"{cls.__name__}.{name}")


class Base(metaclass=StandInType):
    """What a class inherits instead of a stand-in."""

    def __init_subclass__(cls, **named):
        pass

    def __init__(self, *arguments, **named):
        pass

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        touch(f"{type(self).__name__}.{name}")
        return StandIn(f"{type(self).__name__}.{name}")


class StandIn:
    def __init__(self, name):
        self.__dict__["_name"] = name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        touch(f"{self._name}.{name}")
        return StandIn(f"{self._name}.{name}")

    def __setattr__(self, name, value):
        touch(self._name)

    def __call__(self, *arguments, **named):
        touch(self._name)
        # As a decorator it hands back what it decorates.
        if (
            len(arguments) == 1
            and not named
            and isinstance(arguments[0], (type, types.FunctionType))
        ):
            return arguments[0]
        return StandIn(self._name + "()")

    def __mro_entries__(self, bases):
        return (Base,)

    def __enter__(self):
        touch(self._name)
        return self

    def __exit__(self, *error):
        return False

    def __iter__(self):
        touch(self._name, decides=True)
        return iter(())

    def __len__(self):
        touch(self._name, decides=True)
        return 0

    def __bool__(self):
        touch(self._name, decides=True)
        return True

    def __contains__(self, value):
        touch(self._name, decides=True)
        return False

    def __str__(self):
        touch(self._name, decides=True)
        return f"<stand-in {self._name}>"

    __repr__ = __str__

    def __format__(self, how):
        return str(self)

    def __int__(self):
        touch(self._name, decides=True)
        return 0

    __index__ = __int__

    def __float__(self):
        return float(int(self))

    def __hash__(self):
        return hash(self._name)

    def __eq__(self, other):
        touch(self._name, decides=True)
        return self is other


def answer_with_stand_in(operator):
    def method(self, *others):
        touch(self._name)
        return StandIn(f"{self._name}.{operator}")

    return method


for operator in (
    "getitem add radd sub rsub mul rmul mod rmod truediv rtruediv or ror and rand neg invert lt le"
    " gt ge"
).split():
    setattr(StandIn, f"__{operator}__", answer_with_stand_in(operator))


class StandInModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self.__name__}.{name}")


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked when nobody else has the module."""

    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in ("alembic", "sqlalchemy") or top in sys.stdlib_module_names:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = StandInModule(spec.name)
        module.__path__ = []
        module.__all__ = []
        return module

    def exec_module(self, module):
        pass


# --- loading revisions -------------------------------------------------------------------------


@contextlib.contextmanager
def importable(roots):
    """While this lasts, modules come from the roots; afterwards they are forgotten."""
    path, modules = list(sys.path), set(sys.modules)
    sys.path[:0] = roots
    try:
        yield
    finally:
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            module = sys.modules[name]
            place = getattr(module, "__file__", None) or ""
            if isinstance(module, StandInModule) or place.startswith(tuple(roots or ["\0"])):
                del sys.modules[name]


def load(path):
    name = re.sub(r"\W", "_", os.path.basename(path))
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TimeIsUp(BaseException):
    pass


@contextlib.contextmanager
def time_limit():
    def stop(*_):
        raise TimeIsUp(f"took more than {SECONDS} seconds")

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


# --- one function ------------------------------------------------------------------------------


class Recorder:
    """Stands in the way of what a migration context prints, and notes what it did to it."""

    def __init__(self, context):
        self.statements = []
        self.did = set()
        self.done = False  # what comes later is not the function's
        self.impl = context.impl
        self.inner_exec = self.impl._exec
        # SQLAlchemy 1.4 has one name for it, 2.0 another.
        name = "_execute_impl" if hasattr(context.connection, "_execute_impl") else "execute"
        self.inner_execute = getattr(context.connection, name)
        self.impl._exec = self.exec
        self.impl.static_output = self.output
        self.impl.emit_begin = self.impl.emit_commit = lambda: None
        setattr(context.connection, name, self.execute)

    def execute(self, construct, *multiparams, **params):
        if any(multiparams) or params:
            self.did.add("parameters")
        return self.inner_execute(construct, *multiparams, **params)

    def exec(self, construct, *arguments, **options):
        text = construct if isinstance(construct, str) else getattr(construct, "text", "")
        if isinstance(text, str):
            if "\t" in text:
                self.did.add("tabs")
            named = re.search(r"(?<![:\w\\]):\w+(?!:)", text)
            if named and "parameters" not in self.did and not self.has_values(construct):
                self.did.add("binds")
        return self.inner_exec(construct, *arguments, **options)

    @staticmethod
    def has_values(construct):
        return isinstance(construct, TextClause) and all(
            bind.value is not None or bind.callable for bind in construct._bindparams.values()
        )

    def output(self, text):
        if self.done:
            return
        if "\\" in text:
            self.did.add("backslashes")
        self.statements.append({"sql": text, "did": sorted(self.did)})
        self.did = set()

    @property
    def sql(self):
        return "".join(statement["sql"] + "\n\n" for statement in self.statements)


class NoScript:
    """Where there is no folder of revisions."""

    dir = ""


def offline(work, ini=None, target_metadata=None):
    """Calls work() as a step of an offline run; a Recorder, what it failed with, what it printed."""
    config = Config(ini, output_buffer=io.StringIO())
    script = ScriptDirectory.from_config(config) if ini else NoScript()
    recorder, error = None, None

    def steps(rows, context):
        nonlocal recorder, error
        recorder = Recorder(context)
        try:
            with time_limit(), contextlib.redirect_stdout(printed), Operations.context(context):
                work()
        except (Exception, SystemExit, TimeIsUp) as caught:
            error = caught
        recorder.done = True
        return []

    printed = io.StringIO()
    with EnvironmentContext(config, script, fn=steps, as_sql=True) as environment:
        if ini:
            script.run_env()
        else:
            environment.configure(
                dialect_name="postgresql",
                literal_binds=True,
                dialect_opts={"paramstyle": "named"},
                target_metadata=target_metadata,
            )
            environment.run_migrations()
    return recorder, error, printed.getvalue()


def message(error):
    first = (str(error).splitlines() or [""])[0]
    return f"{type(error).__name__}: {re.sub(r' at 0x[0-9a-f]+', '', first)}"


def run(path, direction, ini=None, roots=(), target_metadata=None):
    """The row of one function."""
    row = {
        "sql": None,
        "statements": [],
        "error": None,
        "touched": [],
        "unsure": [],
        "printed": False,
    }
    with importable(list(roots)):
        touched.clear()
        deciding.clear()
        try:
            with time_limit(), contextlib.redirect_stdout(io.StringIO()):
                module = load(path)
                function = getattr(module, direction)
        except (Exception, SystemExit, TimeIsUp) as error:
            row["error"] = "import " + message(error)
            return row
        row["revision"] = getattr(module, "revision", None)
        row["unsure"] = sorted(set(deciding))
        touched.clear()
        if isinstance(function, StandIn):
            touch(function._name)
        recorder, error, printed = offline(function, ini, target_metadata)
        row["touched"] = sorted(set(touched))
    row["statements"] = recorder.statements
    row["printed"] = bool(printed)
    if error is None:
        row["sql"] = recorder.sql
        if "<stand-in " in row["sql"]:
            row["touched"].append("text")
    else:
        row["error"] = message(error)
    return row


def header_id(path):
    """The identity of a file that cannot be imported."""
    with open(path, encoding="utf-8") as file:
        found = re.search(r"^revision\b[^=\n]*=\s*[uU]?['\"]([^'\"]+)", file.read(), re.M)
    return found.group(1) if found else None


def is_revision(name):
    return name.endswith(".py") and not name.startswith(("__init__", ".#"))


def rows(folders, ini=None, roots=(), target_metadata=None):
    """A row for each function of each folder, from the first attempt that was not led astray."""
    if not any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        sys.meta_path.append(StandInFinder())
    for folder in folders:
        for name in sorted(filter(is_revision, os.listdir(folder))):
            path = os.path.join(folder, name)
            revision = header_id(path)
            if revision is None:
                continue
            for direction in ("upgrade", "downgrade"):
                row = run(path, direction, ini, roots, target_metadata)
                if roots and (row["error"] or row["touched"]):
                    other = run(path, direction, ini, (), target_metadata)
                    if other["sql"] is not None and not other["touched"]:
                        row = other
                yield {"file": path, "direction": direction, **row, "revision": revision}


def main(arguments):
    ini, roots, folders = None, [], []
    rest = iter(arguments)
    for argument in rest:
        if argument == "-c":
            ini = next(rest)
        elif argument == "--root":
            roots.append(os.path.abspath(next(rest)))
        else:
            folders.append(argument)
    if not folders:
        sys.exit(__doc__)
    for row in rows(folders, ini, roots):
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
