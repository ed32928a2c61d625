#!/usr/bin/python3
"""Runs the script of a job in integrations/gitlab/retort.yml in a shell, with its variables and
those of the command line, and says which of its reports are there.

    gitlab.py NAME=VALUE…
"""

import os
import subprocess
import sys

import yaml

with open(os.path.join(os.environ["RETORT_SOURCE"], "integrations/gitlab/retort.yml")) as file:
    job = yaml.safe_load(file)["retort lint"]
environment = os.environ | job["variables"] | dict(word.split("=", 1) for word in sys.argv[1:])
code = subprocess.run(["bash", "-e", "-c", "\n".join(job["script"])], env=environment).returncode
print("exit", code, flush=True)
for kind, path in job["artifacts"]["reports"].items():
    print(kind, path if os.path.exists(path) else "is missing")
