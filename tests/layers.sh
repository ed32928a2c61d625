#!/bin/sh
# Fails when an #include goes against the order of folders, or names a library outside the files
# that wrap it. Usage: layers.sh [ROOT]
#
#   common <- grammars <- versions <- compiler <- linter <- rules <- bundle <- project <- editors <- cli
#
# A folder may include itself and what stands to its left; tests may include anything.
set -eu
cd "${1:-$(dirname "$0")/..}"

folders=""
for folder in common grammars versions compiler linter rules bundle project editors cli tests; do
  [ ! -d "$folder" ] || folders="$folders $folder"
done
[ -n "$folders" ] || { echo "layers: no source folder in $(pwd)" >&2; exit 1; }

# shellcheck disable=SC2086
find $folders -name '*.h' -o -name '*.cc' -o -name '*.def' | LC_ALL=C sort | awk '
  BEGIN {
    rank["common"] = 1; rank["grammars"] = 2; rank["versions"] = 3; rank["compiler"] = 4
    rank["linter"] = 5; rank["rules"] = 6; rank["bundle"] = 7; rank["project"] = 8
    rank["editors"] = 9; rank["cli"] = 10; rank["tests"] = 11

    # Header of a library, and the files that may include it.
    only["^pg_query\\.h$"] = "^grammars/(postgres/|versions\\.cc$)"
    only["^tree_sitter/"] = "^grammars/python/"
    only["^CLI/"] = "^cli/arguments\\.cc$"
    only["^toml\\+\\+"] = "^versions/toml[a-z_]*\\.cc$"
    only["^rapidjson/"] = "^(common/json\\.cc$|grammars/postgres/)"
    only["^sha1\\.h$"] = "^common/sha1\\.cc$"
    only["^sha2\\.h$"] = "^common/sha(256|512)\\.cc$"
    only["^md5\\.h$"] = "^common/md5\\.cc$"
  }
  function bad(why) {
    printf "%s:%d: %s\n", file, line, why
    ++found
  }
  function check(included,   parts, from, to, header) {
    split(file, parts, "/"); from = parts[1]
    split(included, parts, "/"); to = parts[1]
    if (from == "tests")
      return
    for (header in only)
      if (included ~ header && file !~ only[header])
        bad(included " is not for this file")
    if (!quoted)
      return
    if (!(to in rank))
      bad("\"" included "\" is not a path from the root")
    else if (to != from && rank[to] >= rank[from])
      bad(from " must not include " to)
    else if (from == "rules" && included ~ "^rules/.*/")
      bad("a rule must not include another rule")
  }
  {
    file = $0
    ++files
    line = 0
    while ((getline text < file) > 0) {
      ++line
      if (text !~ /^[ \t]*#[ \t]*include[ \t]*["<]/)
        continue
      quoted = text ~ /^[^"<]*"/
      sub(/^[^"<]*["<]/, "", text)
      sub(/[">].*/, "", text)
      check(text)
    }
    close(file)
  }
  END {
    if (!files) {
      print "layers: no source file"
      exit 1
    }
    if (found)
      exit 1
    printf "layers: %d files in order\n", files
  }'
