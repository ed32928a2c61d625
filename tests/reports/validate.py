#!/usr/bin/python3
"""Whether files hold what a JSON Schema says; says what does not, and where.

    validate.py SCHEMA FILE…     a schema's file, or the name of one that `retort schema` prints
    validate.py --lines SCHEMA FILE…    one document a line

`sarif` is the schema of the OASIS standard, from the npm package that tests/reports pins. Beyond
its schema it is asked what hosts want: one run, at most 25,000 results, errors first, relative
references, every rule declared.
"""

import json
import os
import subprocess
import sys
from urllib.parse import unquote, urlsplit

import jsonschema

SARIF = os.path.join(os.environ.get("RETORT_SOURCE", "."), "build/npm-reports/node_modules",
                     "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")


def read_schema(name):
    if name == "sarif":
        return json.load(open(SARIF))
    if os.path.exists(name):
        return json.load(open(name))
    return json.loads(subprocess.run(["retort", "schema", name], check=True, capture_output=True).stdout)


def locations(result):
    return [place["physicalLocation"] for place in result["locations"] + result["relatedLocations"]]


def hosts_take(sarif):
    run, = sarif["runs"]
    order = ["error", "warning", "note"]
    levels = [order.index(result["level"]) for result in run["results"]]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    if len(levels) > 5000 and levels != sorted(levels):
        yield "errors are not first"
    if len(levels) > 25000:
        yield f"{len(levels)} results"
    for result in run["results"]:
        if result["ruleId"] not in rules:
            yield f"no rule {result['ruleId']}"
        for place in locations(result):
            uri = urlsplit(place["artifactLocation"]["uri"])
            if uri.scheme or uri.netloc or uri.query or uri.fragment or not unquote(uri.path):
                yield f"no relative path: {place['artifactLocation']['uri']}"


def main(words):
    lines = words[0] == "--lines"
    name, *files = words[lines:]
    schema = read_schema(name)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)
    good = True
    for path in files:
        with open(path, encoding="utf-8") as file:
            documents = [json.loads(line) for line in file] if lines else [json.load(file)]
        for document in documents:
            problems = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
                        for error in validator.iter_errors(document)]
            if name == "sarif" and not problems:
                problems = list(hosts_take(document))
            for problem in problems[:10]:
                print(f"{path}: {problem}")
            good &= not problems
        print(f"{path}: {len(documents)} {'is' if len(documents) == 1 else 'are'} valid" if good
              else f"{path}: not valid")
    return 0 if good else 1


sys.exit(main(sys.argv[1:]))
