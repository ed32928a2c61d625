"""A client of `retort lsp` for tests.

    client.py ask FILE [OPTION…]   asks what the carets in the file ask, and prints the file with the
                                   answers; the server never sees the lines of the carets
    client.py talk [OPTION…]       sends what standard input says, line by line, and prints what comes
                                   back: `METHOD {params}` asks, `!METHOD {params}` only tells,
                                   `raw TEXT` sends bytes, `together A ;; B` messages in
                                   one piece, `bytewise A` one byte by byte; `wait N` prints so many
                                   messages, `told TEXT` those with the text that came so far,
                                   `settle` waits until the chain was looked at, `write FILE TEXT`
                                   changes a file, `end` ends the input; `@resultId` is the last one

A caret is a comment below a line: `#   ^ hover`, in SQL `--   ^ hover`. Options: --utf8, --push,
--plain (a client that can do little), --setting KEY=JSON.
"""

import difflib
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

ANSWER = " | "


def uri_of(path):
    return "file://" + urllib.parse.quote(os.path.realpath(path))


class Server:
    def __init__(self, capabilities, settings=None, folder=None, arguments=()):
        self.process = subprocess.Popen(
            ["retort", "lsp", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.next_id = 0
        self.told = []  # notifications and requests of the server
        self.write_id = True
        self.capabilities = capabilities
        self.initial = {
            "processId": os.getpid(),
            "rootUri": uri_of(folder or "."),
            "capabilities": capabilities,
            "initializationOptions": settings or {},
        }

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def read(self):
        length = None
        while True:
            line = self.process.stdout.readline()
            if not line:
                return None
            if line.strip() == b"":
                break
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        message = json.loads(self.process.stdout.read(length))
        # It has times in it.
        return self.read() if message.get("method") == "window/logMessage" else message

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params):
        self.next_id += 1
        self.send({"id": self.next_id, "method": method, "params": params})
        while True:
            message = self.read()
            if message is None:
                raise SystemExit(f"the server ended instead of answering {method}")
            if "method" in message:
                self.told.append(message)
                if "id" in message:
                    self.send({"id": message["id"], "result": None})
            elif message.get("id") == self.next_id:
                return message

    def result(self, method, params):
        answer = self.ask(method, params)
        if "error" in answer:
            return {"error": answer["error"]["message"]}
        return answer["result"]

    def settle(self):
        """Waits until what edits mean for all of the chain is known."""
        while not all(chain.get("complete", True)
                      for chain in self.result("retort/status", {})["chains"]):
            time.sleep(0.005)

    def start(self):
        answer = self.ask("initialize", self.initial)
        self.tell("initialized", {})
        return answer

    def stop(self):
        self.ask("shutdown", None)
        self.tell("exit", None)
        self.process.stdin.close()
        return self.process.wait(timeout=10)


FULL = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "diagnostic": {},
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True,
                               "tagSupport": {"valueSet": [1, 2]}},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "completion": {"completionItem": {"snippetSupport": True}},
    },
    "workspace": {
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create", "rename"]},
        "textDocumentContent": {},
        "diagnostics": {"refreshSupport": True},
    },
    "window": {"showDocument": {"support": True}},
}


def capabilities(options):
    if "--plain" in options:
        return {}
    chosen = json.loads(json.dumps(FULL))
    if "--utf8" in options:
        chosen["general"]["positionEncodings"] = ["utf-8", "utf-16"]
    if "--push" in options:
        del chosen["textDocument"]["diagnostic"]
    return chosen


class Columns:
    """Columns of the client's encoding, and characters."""

    def __init__(self, text, utf8):
        self.lines = text.split("\n")
        self.encoding, self.unit = ("utf-8", 1) if utf8 else ("utf-16-le", 2)

    def column(self, line, character):
        return len(self.lines[line][:character].encode(self.encoding)) // self.unit

    def character(self, line, column):
        data = self.lines[line].encode(self.encoding)[: column * self.unit]
        return len(data.decode(self.encoding, errors="replace"))

    def offset(self, place):
        line = min(place["line"], len(self.lines) - 1)
        if place["line"] > line:
            return sum(len(each) + 1 for each in self.lines) - 1
        return sum(len(each) + 1 for each in self.lines[:line]) + self.character(
            line, place["character"])

    def text(self, span):
        return "\n".join(self.lines)[self.offset(span["start"]):self.offset(span["end"])]

    def shown(self, span):
        start, end = span["start"], span["end"]
        where = f"{start['line'] + 1}:{self.character(start['line'], start['character']) + 1}"
        if end["line"] != start["line"]:
            where += f"-{end['line'] + 1}:{self.character(end['line'], end['character']) + 1}"
        return where


class Asking:
    def __init__(self, path, options):
        self.path = path
        self.utf8 = "--utf8" in options
        settings = {"inlayHints": "all"}
        for option in options:
            if option.startswith("--setting="):
                key, _, value = option[len("--setting="):].partition("=")
                settings[key] = json.loads(value)
        self.read(path)
        self.server = Server(capabilities(options), settings)
        self.server.start()
        self.uri = uri_of(path)
        self.document = {"uri": self.uri}
        self.server.tell("textDocument/didOpen", {"textDocument": {
            "uri": self.uri, "languageId": "python" if path.endswith(".py") else "sql",
            "version": 0, "text": self.text}})

    def read(self, path):
        with open(path, encoding="utf-8", newline="") as file:
            given = file.read()
        lines, self.questions = [], {}
        for line in given.split("\n"):
            mark = re.match(r"^\s*(?:#|--)\s*(\^+)\s*(\S.*)$", line)
            if mark and lines:
                self.questions.setdefault(len(lines) - 1, []).append(
                    (line, mark.start(1), mark.end(1), mark.group(2).strip()))
            else:
                lines.append(line)
        self.text = "\n".join(lines)
        self.columns = Columns(self.text, self.utf8)

    def of_other(self, uri):
        path = urllib.parse.unquote(uri[len("file://"):])
        if uri == self.uri:
            return os.path.relpath(path), self.columns
        with open(path, encoding="utf-8") as file:
            return os.path.relpath(path), Columns(file.read(), self.utf8)

    def place(self, location):
        if not location["uri"].startswith("file:"):
            return location["uri"]
        path, columns = self.of_other(location["uri"])
        text = columns.text(location["range"]).split("\n")
        return f"{path}:{columns.shown(location['range'])} {text[0]}{' …' if text[1:] else ''}"

    def at(self, line, begin, end):
        position = {"line": line, "character": self.columns.column(line, begin)}
        stop = {"line": line, "character": self.columns.column(line, end)}
        return position, {"start": position, "end": stop}

    def run(self):
        for number, line in enumerate(self.text.split("\n")):
            print(line)
            for mark, begin, end, question in self.questions.get(number, []):
                sign = "#" if "#" in mark[:begin] else "--"
                print(mark)
                for answer in self.answer(question, *self.at(number, begin, end)):
                    print((sign + ANSWER + answer).rstrip())
        code = self.server.stop()
        if code != 0:
            print(f"the server ended with {code}")

    def answer(self, question, position, span):
        name, _, rest = question.partition(" ")
        self.server.settle()
        return getattr(self, "ask_" + name)(position, span, rest)

    def ask(self, method, **params):
        return self.server.result("textDocument/" + method,
                                  {"textDocument": self.document, **params})

    def ask_hover(self, position, span, rest):
        found = self.ask("hover", position=position)
        if not found:
            return ["nothing"]
        return found["contents"]["value"].rstrip("\n").split("\n")

    def ask_definition(self, position, span, rest):
        return [self.place(each) for each in self.ask("definition", position=position)] or ["nothing"]

    def ask_references(self, position, span, rest):
        found = self.ask("references", position=position, context={"includeDeclaration": True})
        return [self.place(each) for each in found] or ["nothing"]

    def ask_highlight(self, position, span, rest):
        found = self.ask("documentHighlight", position=position)
        return [self.columns.shown(each["range"]) for each in found] or ["nothing"]

    def ask_complete(self, position, span, rest):
        found = self.ask("completion", position=position)["items"]
        limit = int(rest or 8)
        lines = [f"{each['label']}  {each.get('detail', '')}" for each in found[:limit]]
        return lines + ([f"… {len(found) - limit} more"] if len(found) > limit else []) or ["nothing"]

    def ask_signature(self, position, span, rest):
        found = self.ask("signatureHelp", position=position)
        if not found:
            return ["nothing"]
        signature = found["signatures"][0]
        return [signature["label"],
                "now: " + signature["parameters"][found["activeParameter"]]["label"]]

    def diagnostic(self, each):
        severity = {1: "error", 2: "warning", 3: "info", 4: "hint"}[each["severity"]]
        lines = f"{self.columns.shown(each['range'])} {severity}[{each['code']}] {each['message']}"
        lines = lines.split("\n")
        for note in each.get("relatedInformation", []):
            lines.append(f"  {self.place(note['location']).split(' ')[0]}: {note['message']}")
        return lines

    def findings(self):
        if "diagnostic" in self.server.capabilities.get("textDocument", {}):
            return self.ask("diagnostic")["items"]
        while True:
            for told in self.server.told:
                if told["method"] == "textDocument/publishDiagnostics" and \
                        told["params"]["uri"] == self.uri:
                    return told["params"]["diagnostics"]
            self.server.told.append(self.server.read())

    def ask_findings(self, position, span, rest):
        return sum((self.diagnostic(each) for each in self.findings()), []) or ["nothing"]

    def actions(self, span, rest=None):
        context = {"diagnostics": self.findings()}
        if rest:
            context["only"] = [rest]
        return self.ask("codeAction", range=span, context=context)

    def ask_actions(self, position, span, rest):
        return [f"{each['kind']}: {each['title']}{' (preferred)' if each.get('isPreferred') else ''}"
                for each in self.actions(span, rest)] or ["nothing"]

    def changed(self, edit):
        """What a workspace edit does, as a patch."""
        lines = []
        changes = edit.get("documentChanges") or [
            {"textDocument": {"uri": uri}, "edits": edits}
            for uri, edits in edit.get("changes", {}).items()]
        for change in changes:
            if change.get("kind") == "create":
                lines.append("create " + os.path.basename(change["uri"]))
                continue
            if change.get("kind") == "rename":
                lines.append("rename {} to {}".format(os.path.basename(change["oldUri"]),
                                                      os.path.basename(change["newUri"])))
                continue
            uri = change["textDocument"]["uri"]
            path = urllib.parse.unquote(uri[len("file://"):])
            if os.path.exists(path):
                name, columns = self.of_other(uri)
            else:
                name, columns = os.path.relpath(path), Columns("", self.utf8)
            before = after = "\n".join(columns.lines)
            for each in sorted(change["edits"], reverse=True,
                               key=lambda edit: columns.offset(edit["range"]["start"])):
                after = (after[:columns.offset(each["range"]["start"])] + each["newText"] +
                         after[columns.offset(each["range"]["end"]):])
            lines.append(name)
            lines += [line.rstrip("\n") for line in difflib.unified_diff(
                before.split("\n"), after.split("\n"), lineterm="", n=0)][2:]
        return lines

    def ask_apply(self, position, span, rest):
        kind = "source.fixAll.retort" if rest == "retort: fix all" else None
        for action in self.actions(span, kind):
            if action["title"] == rest:
                return self.changed(action["edit"])
        return ["there is no such action"]

    def ask_rename(self, position, span, rest):
        found = self.ask("rename", position=position, newName=rest)
        return [found["error"]] if "error" in found else self.changed(found)

    def ask_lenses(self, position, span, rest):
        return [f"{self.columns.shown(each['range'])} {each['command']['title']}"
                for each in self.ask("codeLens")] or ["nothing"]

    def ask_hints(self, position, span, rest):
        end = {"line": len(self.columns.lines), "character": 0}
        return [f"{each['position']['line'] + 1} {each['label']} ({each['tooltip']})"
                for each in self.ask("inlayHint", range={"start": {"line": 0, "character": 0},
                                                         "end": end})] or ["nothing"]

    def ask_symbols(self, position, span, rest):
        def lines(symbols, depth):
            for each in symbols:
                yield f"{'  ' * depth}{each['name']} ({each.get('detail', '')})"
                yield from lines(each.get("children", []), depth + 1)
        return list(lines(self.ask("documentSymbol"), 0)) or ["nothing"]

    def ask_workspace(self, position, span, rest):
        found = self.server.result("workspace/symbol", {"query": rest})
        return [f"{each['name']} at {self.place(each['location']).split(' ')[0]}"
                for each in found] or ["nothing"]

    def ask_links(self, position, span, rest):
        return [f"{self.columns.shown(each['range'])} {os.path.basename(each['target'])}"
                for each in self.ask("documentLink")] or ["nothing"]

    def ask_folding(self, position, span, rest):
        return [f"{each['startLine'] + 1}-{each['endLine'] + 1}"
                for each in self.ask("foldingRange")] or ["nothing"]

    def ask_selection(self, position, span, rest):
        lines, found = [], self.ask("selectionRange", positions=[position])[0]
        while found:
            lines.append(self.columns.shown(found["range"]))
            found = found.get("parent")
        return lines

    def ask_tokens(self, position, span, rest):
        data = self.ask("semanticTokens/full")["data"]
        legend = ["keyword", "type", "string", "number", "operator", "comment", "parameter",
                  "variable"]
        line = column = 0
        words = {}
        for i in range(0, len(data), 5):
            line, column = line + data[i], data[i + 1] + (column if data[i] == 0 else 0)
            text = self.columns.text({"start": {"line": line, "character": column},
                                      "end": {"line": line, "character": column + data[i + 2]}})
            words.setdefault(line, []).append(f"{text}:{legend[data[i + 3]]}")
        return [f"{line + 1} {' '.join(words[line])}" for line in sorted(words)] or ["nothing"]

    def ask_calls(self, position, span, rest):
        found = self.ask("prepareCallHierarchy", position=position)
        if not found:
            return ["nothing"]
        lines = [f"{found[0]['name']} {found[0]['detail']}"]
        for method, key in (("outgoing", "to"), ("incoming", "from")):
            for each in self.server.result(f"callHierarchy/{method}Calls", {"item": found[0]}):
                lines.append(f"{method} {each[key]['name']} {each[key]['detail']}")
        return lines

    def ask_content(self, position, span, rest):
        found = self.server.result("workspace/textDocumentContent", {"uri": rest})
        return found.get("text", found.get("error")).rstrip("\n").split("\n")

    def ask_type(self, position, span, rest):
        """Types at the caret, and asks again."""
        self.server.tell("textDocument/didChange", {
            "textDocument": {"uri": self.uri, "version": 1},
            "contentChanges": [{"range": {"start": position, "end": position}, "text": rest}]})
        begin = self.columns.offset(position)
        self.text = self.text[:begin] + rest + self.text[begin:]
        self.columns = Columns(self.text, self.utf8)
        return ["typed"]


def talk(options):
    server = Server(capabilities(options))
    if "--silent" not in options:
        server.start()

    last = {}

    def show(message):
        if isinstance(message, dict) and "resultId" in message:
            last["id"] = message["resultId"]
        text = json.dumps(message, ensure_ascii=False)
        print("<", text.replace(uri_of("."), "file:///chain"))

    for line in sys.stdin:
        line = os.path.expandvars(line.rstrip("\n")).replace("file:///chain", uri_of("."))
        line = line.replace("@resultId", last.get("id", ""))
        if line.startswith("raw "):
            server.raw(line[4:].encode().decode("unicode_escape").encode())
        elif line.startswith("together "):
            # Several messages in one piece.
            data = b""
            for body in line[len("together "):].split(" ;; "):
                data += b"Content-Length: %d\r\n\r\n" % len(body.encode()) + body.encode()
            server.raw(data)
        elif line.startswith("bytewise "):
            body = line[len("bytewise "):].encode()
            for byte in b"content-LENGTH: %d\nX-Other: 1\n\n" % len(body) + body:
                server.raw(bytes([byte]))
        elif line.startswith("write "):
            path, _, text = line[len("write "):].partition(" ")
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.encode().decode("unicode_escape"))
        elif line == "settle":
            server.settle()
        elif line.startswith("told "):
            for message in server.told:
                if line[len("told "):] in json.dumps(message):
                    show(message)
            server.told.clear()
        elif line.startswith("wait"):
            for _ in range(int(line.split(" ")[1])):
                show(server.told.pop(0) if server.told else server.read())
        elif line == "end":
            server.process.stdin.close()
            print("ended with", server.process.wait(timeout=10))
            return
        elif line.startswith("!"):
            method, _, params = line[1:].partition(" ")
            server.tell(method, json.loads(params or "null"))
        elif line:
            method, _, params = line.partition(" ")
            answer = server.ask(method, json.loads(params or "null"))
            show(answer["error" if "error" in answer else "result"])
    print("ended with", server.stop())


def main():
    mode, arguments = sys.argv[1], sys.argv[2:]
    options = [each for each in arguments if each.startswith("--")]
    paths = [each for each in arguments if not each.startswith("--")]
    if mode == "talk":
        talk(options)
    else:
        Asking(paths[0], options).run()


if __name__ == "__main__":
    main()
