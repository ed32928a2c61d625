// A script for a scratch server: every revision up, down and up again, with schema and rows
// compared.
#include "bundle/contents.h"

#include <fmt/format.h>

namespace retort::bundle {

// clang-format off
static constexpr std::string_view kHead = R"sh(#!/bin/sh
# Rehearses this bundle on a scratch server: PGHOST and the like lead to it, and a database of the
# name retort_rehearsal (or REHEARSAL_DB) is made and dropped. Every revision goes up, down and up
# again; schema and rows must be what they were, but for what the report announces as lost.
#
#   sh rehearsal/rehearse.sh            with the rows that the revisions themselves write
#   ROWS=rows.sql sh rehearsal/rehearse.sh    with others, put in where the range begins
set -eu
rows_file=
[ -z "${ROWS:-}" ] || rows_file=$(cd "$(dirname "$ROWS")" && pwd)/$(basename "$ROWS")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
DB=${REHEARSAL_DB:-retort_rehearsal}
failed=0
: >"$work/done"
export PGOPTIONS="${PGOPTIONS:-} -c client_min_messages=warning"
trap 'dropdb --if-exists "$DB"; rm -rf "$work"' EXIT

problem() { # WORDS FILE
  echo "rehearsal: $1" >&2
  tail -n 40 "$2" >&2
}
play() { # SCRIPT
  psql -X -q -v ON_ERROR_STOP=1 -d "$DB" -f "$1" >"$work/log" 2>&1 || {
    problem "$1 failed" "$work/log"
    return 1
  }
}
# The schema without the random key, the order of columns, the names of sequences that columns own,
# and the copies that wait for their end; then of each table its rows, in no order.
look() { # NAME
  pg_dump -s -N retort_keep -d "$DB" >"$work/dump" || return 1
  grep -v -e '^.\(un\)*restrict' -e SEQUENCE -e nextval -e '_seq OWNER' "$work/dump" |
    sed -e 's/,$//' -e '/ A[NL][YL] (/s/::character varying//g' -e '/ A[NL][YL] (/s/::text//g' \
      -e '/ A[NL][YL] (/s/[][()]//g' | LC_ALL=C sort >"$work/$1.schema"
  psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$DB" >"$work/$1.rows" <<'SQL'
SELECT format('SELECT %L, count(*), md5(string_agg(t, '','' ORDER BY t)) FROM '
              '(SELECT to_jsonb(x)::text COLLATE "C" AS t FROM ONLY %s x) y', c.oid::regclass, c.oid::regclass)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'retort_keep')
 ORDER BY c.oid::regclass::text \gexec
SQL
}
same() { # WHAT SCRIPT
  # A constraint that was tested on the way up may stay so.
  awk 'NR == FNR { there[$0]; next }
       { valid = $0; sub(/ NOT VALID;$/, ";", valid); print (valid in there) ? valid : $0 }' \
    "$work/after.schema" "$work/before.schema" | LC_ALL=C sort >"$work/valid"
  mv "$work/valid" "$work/before.schema"
  for what in $1; do
    diff "$work/before.$what" "$work/after.$what" >"$work/difference" || {
      problem "$2 leaves other $what:" "$work/difference"
      return 1
    }
  done
}
clean_up() { # SCRIPT
  [ -z "$1" ] || play "$1"
}
there_and_back() { # UP DOWN CLEAN_UP WHAT
  look before && play "$1" && play "$2" && look after && same "$4" "$2" && clean_up "$3"
}
# As there_and_back, with the dumps that rollback/PLAN.txt asks for.
by_dump() { # UP DOWN CLEAN_UP WHAT NAME
  mkdir -p "$work/dumps"
  look before || return 1
  sh "rollback/save/$5_dump.sh" "$DB" "$work/dumps" >"$work/log" 2>&1 || {
    problem "rollback/save/$5_dump.sh failed" "$work/log"
    return 1
  }
  play "$1" && play "$2" || return 1
  sh "rollback/restore/$5_tables.sh" "$DB" "$work/dumps" >"$work/log" 2>&1 || {
    problem "rollback/restore/$5_tables.sh failed" "$work/log"
    return 1
  }
  look after && same "$4" "restore/$5_tables.sh" && clean_up "$3"
}
# The whole database from a backup, since nothing less has what the step destroys.
by_backup() { # UP
  look before && pg_dump -F c -d "$DB" -f "$work/whole.dump" && play "$1" || return 1
  dropdb "$DB" && createdb "$DB" || return 1
  pg_restore --exit-on-error -d "$DB" "$work/whole.dump" >"$work/log" 2>&1 || {
    problem "the backup of the whole database could not be restored" "$work/log"
    return 1
  }
  look after && same "schema rows" "the backup of the whole database"
}
begin() {
  dropdb --if-exists "$DB"
  createdb "$DB"
  play rehearsal/start.sql
  [ -z "$rows_file" ] || play "$rows_file"
}
# One that did not come back is told, and the rest is rehearsed all the same.
rehearse() { # WORDS HOW UP ...
  words=$1
  how=$2
  shift 2
  if ! "$how" "$@"; then
    failed=$((failed + 1))
    words="up (what came back is not what was there)"
    begin
    while read -r script; do play "$script"; done <"$work/done"
  fi
  forward "$1" "$words"
}
forward() { # UP WORDS
  play "$1"
  echo "$1" >>"$work/done"
  echo "$1: $2"
}

begin
)sh";

static constexpr std::string_view kTail = R"sh(play verify/900_verify.sql
[ "$failed" = 0 ] || {
  echo "rehearsal: $failed of $(wc -l <"$work/done" | tr -d ' ') revisions did not come back" >&2
  exit 1
}
echo "rehearsal: done"
)sh";
// clang-format on

namespace {

// One line of the script for a revision.
std::string line_of(const rollback::RevisionWayBack& way, const std::string& script,
                    const std::string& name, bool has_way_down) {
  using rollback::WayBackClass;
  const bool dump = way.worst == WayBackClass::backup_only && way.dump && !way.whole_backup;
  if (way.worst == WayBackClass::backup_only && !dump)
    return fmt::format(
        "rehearse \"up, restored from a backup of the whole database, up\" by_backup {}\n", script);
  if (!has_way_down || way.worst == WayBackClass::no_way_back)
    return fmt::format("forward {} \"up (no way back)\"\n", script);
  const std::string clean_up =
      way.kept.empty() ? "" : fmt::format("rollback/clean_up/{}.sql", name);
  // Of what is lossy the rows are not what they were.
  const std::string_view what = way.worst == WayBackClass::lossy ? "schema" : "schema rows";
  const std::string arguments =
      fmt::format("{} rollback/down/{}.sql \"{}\" \"{}\"", script, name, clean_up, what);
  if (dump)
    return fmt::format("rehearse \"up, down, restored from the dump, up\" by_dump {} {}\n",
                       arguments, name);
  return fmt::format("rehearse \"up, down, up\" there_and_back {}\n", arguments);
}

}  // namespace

std::string rehearsal(const Material& material) {
  const std::vector<std::string> names = script_names(material);
  std::string text(kHead);
  for (size_t i = 0; i < names.size(); ++i)
    text += line_of(material.ways[i], names[i], rollback::step_name(material.ways[i], i),
                    material.has_way_down(i));
  return text.append(kTail);
}

}  // namespace retort::bundle
