# shellcheck shell=sh
export PGOPTIONS='-c client_min_messages=warning'
export DB=shop
# shop [REVISION]: a new database at a revision, with some orders
shop() {
  dropdb --if-exists shop
  createdb shop
  retort --versions versions upgrade "${1:-r1}" | psql -Xq -d shop >setup.log
  psql -Xqd shop -c "INSERT INTO orders SELECT g, 'new', 'nöte ' || g, g + 0.25
                       FROM generate_series(1, 200) g"
}
# The lines of a README that are commands, as the operator copies them: readme DIR WORD
readme() { grep '^    ' "$1/README.txt" | sed 's/^    //' | grep "$2"; }
rows() { psql -XAtd shop -c "$1"; }
schema() {
  pg_dump -s -N retort_keep -d shop | grep -v '^.\(un\)*restrict' | sed 's/,$//' | LC_ALL=C sort
}
