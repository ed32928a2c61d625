#!/bin/sh
# Upgrades the database of with_server.sh to a revision by real Alembic, and compares pg_catalog with
# the replay of its dump: compare_dump.sh REVISION
set -eu
here=$(dirname "$0")
createdb shop
"$here/migrate.py" upgrade "$1" >migrate.log 2>&1 || { cat migrate.log; exit 1; }
"$here/compare_random.py" --database shop
