#!/bin/sh
# Runs a command beside a throw-away PostgreSQL server: with_server.sh COMMAND [ARGUMENT…]
#
# PGHOST, PGUSER and PGDATABASE lead to it, over a socket in a temporary folder. The server refuses
# to run as root, so root starts it as another user; the command stays root's.
set -eu

bin=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "with_server: no PostgreSQL server here: ./dev setup test" >&2; exit 1; }
bin=${bin%/initdb}

as_user=""
home=$(mktemp -d "${TMPDIR:-/tmp}/retort-pg-XXXXXX")
if [ "$(id -u)" = 0 ]; then
  user=postgres
  id -u "$user" >/dev/null 2>&1 || user=nobody
  as_user="runuser -u $user --"
  chown "$user" "$home"
fi

stop() {
  cd "$home"
  [ ! -e "$home/data/postmaster.pid" ] ||
    $as_user "$bin/pg_ctl" -D "$home/data" -m immediate -w stop >/dev/null || true
  cd /
  rm -rf "$home"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

start() {
  $as_user "$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C --no-sync &&
    $as_user "$bin/pg_ctl" -D "$home/data" -l "$home/data/log" -w start \
      -o "-k $home -c listen_addresses= -c fsync=off"
}
cd "$home" # the other user may not be allowed to see where we are
start >"$home/log" 2>&1 || {
  cat "$home/log" "$home/data/log" >&2
  exit 1
}
cd "$OLDPWD"
export PGHOST="$home" PGUSER=postgres PGDATABASE=postgres
export PATH="$bin:$PATH" # psql itself, without the distribution's slow wrapper
"$@"
