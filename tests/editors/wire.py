"""Reads what a client and the server said to each other, and whether the server kept to what the client
announced. Usage: wire.py IN OUT"""
import json
import sys


def frames(path):
    data = open(path, "rb").read()
    at = 0
    while at < len(data):
        end = data.find(b"\r\n\r\n", at)
        if end < 0:
            raise SystemExit(f"FAILED - frames: {path} does not go on with a header: {data[at:at + 80]!r}")
        length = next(int(line.split(b":")[1]) for line in data[at:end].split(b"\r\n")
                      if line.lower().startswith(b"content-length:"))
        body = data[end + 4:end + 4 + length]
        if len(body) < length:
            return  # the client was ended while something was on its way
        yield json.loads(body)
        at = end + 4 + length


def within(capabilities, path):
    for name in path.split("."):
        capabilities = capabilities.get(name) if isinstance(capabilities, dict) else None
    return capabilities


# What a client has to announce before the server may send it; None: nothing.
ALLOWED = {
    "textDocument/publishDiagnostics": None,
    "window/logMessage": None,
    "window/showMessage": None,
    "$/progress": "window.workDoneProgress",
    "$/logTrace": None,
    "window/workDoneProgress/create": "window.workDoneProgress",
    "window/showDocument": "window.showDocument.support",
    "workspace/configuration": "workspace.configuration",
    "workspace/applyEdit": "workspace.applyEdit",
    "workspace/diagnostic/refresh": "workspace.diagnostics.refreshSupport",
    "workspace/codeLens/refresh": "workspace.codeLens.refreshSupport",
    "workspace/inlayHint/refresh": "workspace.inlayHint.refreshSupport",
    "workspace/semanticTokens/refresh": "workspace.semanticTokens.refreshSupport",
    "workspace/textDocumentContent/refresh": "workspace.textDocumentContent",
}


def registrable(capabilities, method):
    area, _, name = method.partition("/")
    if method == "workspace/didChangeConfiguration":
        name = "didChangeConfiguration"
    return within(capabilities, f"{area}.{name}.dynamicRegistration")


def main():
    said = list(frames(sys.argv[1]))
    heard = list(frames(sys.argv[2]))
    problems = set()
    start = next(message for message in said if message.get("method") == "initialize")
    capabilities = start["params"]["capabilities"]
    asked = {message["id"]: message["method"] for message in said if "method" in message and "id" in message}
    answered = set()
    for message in heard:
        method = message.get("method")
        if method == "client/registerCapability":
            for each in message["params"]["registrations"]:
                if not registrable(capabilities, each["method"]):
                    problems.add(f"registers {each['method']}, which the client does not let it")
        elif method is not None:
            if method not in ALLOWED:
                problems.add(f"{method} is unheard of")
            elif ALLOWED[method] and not within(capabilities, ALLOWED[method]):
                problems.add(f"{method} without {ALLOWED[method]}")
            if method == "textDocument/publishDiagnostics":
                for each in message["params"]["diagnostics"]:
                    announced = within(capabilities, "textDocument.publishDiagnostics") or {}
                    if "relatedInformation" in each and not announced.get("relatedInformation"):
                        problems.add("relatedInformation was not announced")
                    if "tags" in each and not announced.get("tagSupport"):
                        problems.add("tags were not announced")
                    if "codeDescription" in each and not announced.get("codeDescriptionSupport"):
                        problems.add("codeDescription was not announced")
        else:
            if message["id"] not in asked or message["id"] in answered:
                problems.add(f"an answer to what nobody asked: {json.dumps(message)[:200]}")
                continue
            answered.add(message["id"])
            about = asked[message["id"]]
            # Cancelled and overtaken requests are no mistakes.
            if "error" in message and message["error"]["code"] not in (-32800, -32801, -32802):
                problems.add(f"{about}: {message['error']['message']}")
            result = message.get("result")
            if about == "textDocument/hover" and result and isinstance(result.get("contents"), dict):
                kinds = within(capabilities, "textDocument.hover.contentFormat") or ["plaintext"]
                if result["contents"].get("kind", "plaintext") not in kinds:
                    problems.add(f"hovers are {result['contents']['kind']}, the client reads {kinds}")
            if about in ("textDocument/codeAction", "textDocument/rename") and result:
                edits = [action.get("edit") for action in result] if isinstance(result, list) else [result]
                if any(edit and "documentChanges" in edit for edit in edits) and \
                        not within(capabilities, "workspace.workspaceEdit.documentChanges"):
                    problems.add("documentChanges were not announced")
                if isinstance(result, list) and any("edit" in action and "command" in action for action in result):
                    problems.add("an action with an edit and a command: ALE runs only the command")
    # Those behind the last words of an editor that was ended are not missed.
    orderly = any(message.get("method") == "exit" for message in said)
    if orderly:
        for number, method in asked.items():
            if number not in answered and method != "shutdown":
                problems.add(f"{method} was never answered")
    print(f"{'FAILED' if problems else 'ok'} - the server keeps to what the client announced "
          f"({len(said)} messages in, {len(heard)} out)")
    for problem in sorted(problems):
        print(f"  found: {problem}")
    return 1 if problems else 0


sys.exit(main())
