// A script for a scratch server: every revision up, down and up again, with the schema compared.
#include "bundle/contents.h"

#include <fmt/format.h>

namespace retort::bundle {

// clang-format off
static constexpr std::string_view kHead = R"sh(#!/bin/sh
# Rehearses this bundle on a scratch server: PGHOST and the like lead to it, and a database of the
# name retort_rehearsal is made and dropped. Every revision goes up, down and up again.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
DB=retort_rehearsal
export PGOPTIONS="${PGOPTIONS:-} -c client_min_messages=warning"
trap 'dropdb --if-exists "$DB"; rm -rf "$work"' EXIT

play() {
  psql -X -q -v ON_ERROR_STOP=1 -d "$DB" -f "$1" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    echo "rehearsal: $1 failed" >&2
    exit 1
  }
}
# Without the random key, the order of columns, the names of sequences that columns own, and the
# copies that wait for their end.
schema() {
  pg_dump -s -N retort_keep -d "$DB" | grep -v -e '^.\(un\)*restrict' -e SEQUENCE -e nextval |
    sed 's/,$//' | LC_ALL=C sort
}
forward() {
  play "$1"
  echo "$1: up ($2)"
}
there_and_back() {
  schema >"$work/before"
  play "$1"
  play "$2"
  schema >"$work/after"
  if ! diff "$work/before" "$work/after" >"$work/difference"; then
    echo "rehearsal: $2 leaves another schema:" >&2
    cat "$work/difference" >&2
    exit 1
  fi
  [ -z "$3" ] || play "$3"
  play "$1"
  echo "$1: up, down, up"
}

dropdb --if-exists "$DB"
createdb "$DB"
play rehearsal/start.sql
)sh";

static constexpr std::string_view kTail = R"sh(play verify/900_verify.sql
echo "rehearsal: done"
)sh";
// clang-format on

std::string rehearsal(const Material& material) {
  const std::vector<std::string> names = script_names(material);
  std::string text(kHead);
  for (size_t i = 0; i < names.size(); ++i) {
    const rollback::RevisionWayBack& way = material.ways[i];
    if (!material.has_way_down(i) || way.worst > rollback::WayBackClass::lossy) {
      text += fmt::format("forward {} \"{}\"\n", names[i], rollback::to_string(way.worst));
      continue;
    }
    const std::string name = rollback::step_name(way, i);
    text += fmt::format("there_and_back {} rollback/down/{}.sql \"{}\"\n", names[i], name,
                        way.kept.empty() ? "" : fmt::format("rollback/clean_up/{}.sql", name));
  }
  return text.append(kTail);
}

}  // namespace retort::bundle
