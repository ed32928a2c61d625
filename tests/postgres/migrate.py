#!/usr/bin/python3
"""Runs real Alembic on the chain in the current folder, against the server of with_server.sh:

    migrate.py upgrade REVISION downgrade REVISION …

SQL revisions take part as Python ones (tests/oracle/sql_stubs.py). Alembic tells each step.
"""

import os
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "oracle"))

import sql_stubs  # noqa: E402
from alembic import command  # noqa: E402
from alembic.config import Config  # noqa: E402

with tempfile.TemporaryDirectory() as temporary:
    copy = os.path.join(temporary, "chain")
    shutil.copytree(".", copy)
    sql_stubs.fill("migrations/versions", os.path.join(copy, "migrations/versions"))
    config = Config(os.path.join(copy, "alembic.ini"))
    for direction, revision in zip(sys.argv[1::2], sys.argv[2::2]):
        getattr(command, direction)(config, revision)
