"""Applies the fixes of a SARIF file that are safe to the files that it names.

Of two that overlap the first one counts, as with `retort lint --fix`.
"""
import json
import sys
import urllib.parse


def offset(lines, line, column):
    """Columns count code points from 1, as the file says in columnKind."""
    return sum(len(text) for text in lines[: line - 1]) + column - 1


def overlaps(a, b):
    return a[:2] == b[:2] or (a[0] < b[1] and b[0] < a[1])


run = json.load(open(sys.argv[1], encoding="utf-8"))["runs"][0]
assert run["columnKind"] == "unicodeCodePoints"
edits = {}
for result in run["results"]:
    for fix in result.get("fixes", []):
        if fix["properties"]["safety"] != "safe":
            continue
        new = []
        for change in fix["artifactChanges"]:
            path = urllib.parse.unquote(change["artifactLocation"]["uri"])
            text = open(path, encoding="utf-8", newline="").read()
            lines = text.splitlines(keepends=True)
            for replacement in change["replacements"]:
                region = replacement["deletedRegion"]
                begin = offset(lines, region["startLine"], region["startColumn"])
                end = offset(lines, region["endLine"], region["endColumn"])
                new.append((path, (begin, end, replacement["insertedContent"]["text"])))
        if not any(overlaps(edit, other) for path, edit in new for other in edits.get(path, [])):
            for path, edit in new:
                edits.setdefault(path, []).append(edit)
        break
for path, changes in edits.items():
    text = open(path, encoding="utf-8", newline="").read()
    # From the end on; of insertions at one place the first one stands first.
    for begin, end, inserted in reversed(sorted(changes, key=lambda change: change[0])):
        text = text[:begin] + inserted + text[end:]
    open(path, "w", encoding="utf-8", newline="").write(text)
print("changed:", *sorted(edits))
