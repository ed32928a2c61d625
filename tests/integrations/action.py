#!/usr/bin/python3
"""Runs the steps of action.yml as a runner does: inputs put in for their expressions, each script in
a shell of its own, its outputs read back. Prints the exit code, the outputs and the summary.

    action.py NAME=INPUT…
"""

import os
import re
import subprocess
import sys
import tempfile

import yaml

ROOT = os.environ["RETORT_SOURCE"]


def main(words):
    with open(os.path.join(ROOT, "action.yml")) as file:
        action = yaml.safe_load(file)
    inputs = {name: str(each.get("default", "")) for name, each in action["inputs"].items()}
    for word in words:
        name, value = word.split("=", 1)
        if name not in inputs:
            sys.exit(f"there is no input {name}")
        inputs[name] = value
    steps = {}

    def fill(text):
        def value(match):
            what = match.group(1)
            if what.startswith("inputs."):
                return inputs[what[7:]]
            if what.startswith("steps."):
                _, step, _, name = what.split(".")
                return steps[step][name]
            return {"github.action_path": ROOT}[what]
        return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", value, str(text))

    code = 0
    with tempfile.TemporaryDirectory() as scratch:
        summary = os.path.join(scratch, "summary")
        for step in action["runs"]["steps"]:
            outputs = os.path.join(scratch, "outputs")
            open(outputs, "w").close()
            environment = dict(os.environ, GITHUB_OUTPUT=outputs, GITHUB_STEP_SUMMARY=summary,
                               **{name: fill(value) for name, value in step["env"].items()})
            code = subprocess.run([step["shell"], "-e", "-o", "pipefail", "-c", fill(step["run"])],
                                  cwd=fill(step["working-directory"]), env=environment).returncode
            with open(outputs) as file:
                steps[step["id"]] = dict(line.rstrip("\n").split("=", 1) for line in file)
        sys.stdout.flush()
        print("exit", code)
        for name, output in action["outputs"].items():
            print(name, fill(output["value"]))
        print(open(summary).read(), end="")


main(sys.argv[1:])
