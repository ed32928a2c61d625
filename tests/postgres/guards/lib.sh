# shellcheck shell=sh
export PGOPTIONS='-c client_min_messages=warning'
# fresh [REVISION]: a new database, at a revision
fresh() {
  dropdb --if-exists shop
  createdb shop
  [ -z "$1" ] || retort --versions versions upgrade "$1" | psql -Xq -d shop >setup.log
}
# run FILE [PSQL'S OPTIONS…]: prints what the script says, how psql ends, and the rows
run() {
  file=$1
  shift
  status=0
  psql -d shop -f "$file" "$@" >run.log 2>&1 || status=$?
  grep -o 'retort: .*\|HINT: .*' run.log || true
  echo "exit $status, at $(psql -XAtd shop -c 'SELECT version_num FROM alembic_version' 2>&1)"
}
# What the database is: its schema and its rows.
state() { pg_dump --restrict-key=same -d shop 2>/dev/null || pg_dump -d shop | grep -v '^.\(un\)*restrict'; }
