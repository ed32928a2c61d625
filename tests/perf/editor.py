#!/usr/bin/python3
"""Types into a revision of a long chain as an editor would, and says how long the answers take.

Milliseconds, and the goals for a quiet machine beside them; nothing fails, since a busy machine
would fail everything. While a string is open nothing is compiled, so the median of the keys is that
of cheap ones: the 95th percentile is what to read. The client is that of tests/lsp.

    editor.py BINARY_FOLDER [REVISIONS…]
"""

import glob
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lsp"))
import client  # noqa: E402

TYPED = '    op.execute("ALTER TABLE typed ADD COLUMN note text")\n'


def shown(name, times, goal=None):
    times = sorted(time * 1000 for time in times)
    line = f"{name:<44}{times[len(times) // 2]:>9.1f}{times[int(len(times) * 0.95)]:>9.1f}{times[-1]:>9.1f}"
    print(line + (f"   goal {goal}" if goal else ""), flush=True)


class Editor:
    def __init__(self, folder, path, pull=True, at="def upgrade"):
        os.chdir(folder)
        options = ["--utf8"] if pull else ["--utf8", "--push"]
        begin = time.perf_counter()
        self.server = client.Server(client.capabilities(options), {"inlayHints": "all"})
        self.server.start()
        self.uri = client.uri_of(path)
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.version = 0
        self.server.tell("textDocument/didOpen", {"textDocument": {
            "uri": self.uri, "languageId": "python", "version": 0, "text": self.text}})
        self.at = self.text.index(at)
        self.at = self.text.index("\n", self.at) + 1
        self.line = self.text.count("\n", 0, self.at)
        if pull:
            self.pull()
        else:
            self.pushed()
        self.cold = time.perf_counter() - begin

    def ask(self, method, **params):
        return self.server.result("textDocument/" + method,
                                  {"textDocument": {"uri": self.uri}, **params})

    def pull(self):
        return self.ask("diagnostic")["items"]

    def pushed(self):
        while True:
            message = self.server.told.pop(0) if self.server.told else self.server.read()
            if message.get("method") == "textDocument/publishDiagnostics" and \
                    message["params"]["uri"] == self.uri and \
                    message["params"].get("version", self.version) == self.version:
                return

    def type(self, column, text, remove=0):
        self.version += 1
        self.server.tell("textDocument/didChange", {
            "textDocument": {"uri": self.uri, "version": self.version},
            "contentChanges": [{"range": {
                "start": {"line": self.line, "character": column},
                "end": {"line": self.line, "character": column + remove}}, "text": text}]})

    def memory(self):
        with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as status:
            lines = dict(line.split(":", 1) for line in status)
        return int(lines["VmHWM"].split()[0]) / 1024

    def cpu(self):
        with open(f"/proc/{self.server.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def keys(editor, after):
    """One key after the other, a line of SQL and its removal."""
    times = []
    for column, key in enumerate(TYPED):
        begin = time.perf_counter()
        editor.type(column, key)
        after()
        times.append(time.perf_counter() - begin)
    return times


def measure(folder, count):
    history = subprocess.run(["retort", "history"], cwd=folder, capture_output=True, check=True,
                             text=True).stdout
    files = {os.path.basename(path)[:12]: path
             for path in glob.glob(os.path.join(folder, "versions", "*.py"))}
    revisions = [files[line.split(" -> ")[1][:12]] for line in reversed(history.splitlines())]
    middle = revisions[len(revisions) // 2]
    print(f"\n{count} revisions{'p50':>40}{'p95':>9}{'max':>9}")
    editor = Editor(folder, middle)
    shown("start, with the first findings", [editor.cold], 300)
    editor.server.settle()
    times = []
    for _ in range(4):
        times += keys(editor, editor.pull)
        editor.server.tell("textDocument/didChange", {
            "textDocument": {"uri": editor.uri, "version": editor.version + 1},
            "contentChanges": [{"text": editor.text}]})
        editor.version += 1
        editor.pull()
    shown("a key to findings, asked for", times, 15 if count < 5000 else 20)
    editor.server.settle()
    position = {"line": editor.line, "character": 8}
    everywhere = {"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}}
    for method, params in (
            ("hover", {"position": position}), ("completion", {"position": position}),
            ("codeAction", {"range": {"start": position, "end": position}, "context": {}}),
            ("inlayHint", {"range": everywhere}), ("codeLens", {}), ("documentSymbol", {}),
            ("semanticTokens/full", {}), ("definition", {"position": position}),
            ("references", {"position": position})):
        times = []
        for _ in range(50):
            begin = time.perf_counter()
            editor.ask(method, **params)
            times.append(time.perf_counter() - begin)
        shown(method, times, {"completion": 10, "references": 30}.get(method, 5))
    times = []
    for _ in range(10):
        for key in range(60):
            editor.type(key, "#"[:1])
        begin = time.perf_counter()
        editor.pull()
        times.append(time.perf_counter() - begin)
        editor.version += 1
        editor.server.tell("textDocument/didChange", {
            "textDocument": {"uri": editor.uri, "version": editor.version},
            "contentChanges": [{"text": editor.text}]})
    shown("60 keys at once, the last to findings", times, 60)
    begin = time.perf_counter()
    edits = 0
    while edits < 10000:
        keys(editor, editor.pull)
        edits += len(TYPED)
        editor.version += 1
        editor.server.tell("textDocument/didChange", {
            "textDocument": {"uri": editor.uri, "version": editor.version},
            "contentChanges": [{"text": editor.text}]})
    print(f"{edits} edits in {time.perf_counter() - begin:.0f} s; "
          f"peak {editor.memory():.0f} MiB (goal 100)")
    editor.server.settle()
    time.sleep(0.5)
    before = editor.cpu()
    time.sleep(3)
    print(f"CPU in 3 idle seconds: {(editor.cpu() - before) * 1000:.0f} ms (goal 0)")
    editor.server.stop()
    editor = Editor(folder, middle, pull=False)
    editor.server.settle()
    editor.server.told.clear()
    times = keys(editor, editor.pushed)
    shown("a key to findings, pushed (40 ms of it wait)", times, 60)
    editor.server.stop()
    first = Editor(folder, revisions[0])
    first.server.settle()
    times = keys(first, first.pull)
    shown("a key in the first revision, own file", times)
    times = []
    for number in range(5):
        first.type(0, f'    op.execute("ALTER TABLE typed ADD COLUMN other{number} text")\n')
        first.pull()
        time.sleep(0.16)  # the pause behind an edit
        begin = time.perf_counter()
        first.server.settle()
        times.append(time.perf_counter() - begin)
    shown("then all later ones looked at again", times, 80 if count == 1000 else None)
    first.server.stop()


def measure_long(folder, count):
    """A key in the middle of a revision of many statements."""
    os.makedirs(os.path.join(folder, "versions"))
    tables = [f"CREATE TABLE t{i} (id bigint PRIMARY KEY);" for i in range(50)]
    sql = ["-- /// retort", '-- revision = "a1"', "-- down_revision = false", "-- ///", *tables,
           *(f"ALTER TABLE t{i % 50} ADD COLUMN c{i} bigint;" for i in range(count))]
    python = ["from alembic import op", 'revision = "a1"', "down_revision = None", "",
              "def upgrade():", *(f'    op.execute("{table[:-1]}")' for table in tables),
              *(f'    op.add_column("t{i % 50}", sa.Column("c{i}", sa.BigInteger()))'
                for i in range(count))]
    with open(os.path.join(folder, "retort.toml"), "w", encoding="utf-8") as file:
        file.write('[chain]\nversion_locations = ["versions"]\n')
    for name, lines, typed in (("SQL", sql, "ALTER TABLE t1 ADD COLUMN typed text;"),
                               ("Python", python, TYPED.strip())):
        path = os.path.join(folder, "versions", "a1." + ("sql" if name == "SQL" else "py"))
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        editor = Editor(folder, path, at=lines[len(lines) // 2])
        editor.server.settle()
        times = []
        indent = "    " if name == "Python" else ""
        editor.type(0, indent + "\n")
        for column, key in enumerate(typed):
            begin = time.perf_counter()
            editor.type(column + len(indent), key)
            editor.pull()
            times.append(time.perf_counter() - begin)
        shown(f"a key in {name} of {count} statements", times, 60)
        editor.server.stop()
        os.remove(path)


def main():
    binaries, counts = os.path.abspath(sys.argv[1]), [int(each) for each in sys.argv[2:]]
    os.environ["PATH"] = binaries + os.pathsep + os.environ["PATH"]
    for count in counts or [1000]:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, os.path.join(HERE, "make_chain.py"), folder, str(count)],
                           check=True)
            measure(folder, count)
            os.chdir(HERE)
    with tempfile.TemporaryDirectory() as folder:
        print()
        measure_long(folder, 5000)
        os.chdir(HERE)


if __name__ == "__main__":
    main()
