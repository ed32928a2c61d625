// The shell around pg_dump and pg_restore. Each script stops at its first error, and what it asks
// of a file is looked for in the file when it is written, not at night.
#include "bundle/rollback/dump_plan.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::rollback {
namespace {

std::string shell(std::string_view text) {
  std::string result = "'";
  for (const char c : text)
    result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::string toc(const std::vector<TocEntry>& entries) {
  std::string text;
  for (const TocEntry& entry : entries)
    text += fmt::format("{} {}\n", static_cast<char>(entry.how), entry.text);
  return text;
}

std::string tables_of(const DumpPlan& plan) {
  std::string text;
  for (const std::string& pattern : plan.patterns)
    text += " \\\n  -t " + shell(pattern);
  return text;
}

// Prints the lines of `pg_restore -l` that a list names, or, with `rest`, all others; fails when
// the list asks for more than there is.
constexpr std::string_view kFilter = R"sh(# entries DUMP LIST [rest]
entries() {
  pg_restore -l "$1" > "$1.toc"
  awk -v list="$2" -v rest="${3:-}" '
    BEGIN {
      while ((getline line < list) > 0) {
        ++n
        how[n] = substr(line, 1, 1)
        want[n] = substr(line, 3)
      }
    }
    /^;/ { next }
    {
      entry = $0
      sub(/^[0-9]+; [0-9]+ [0-9]+ /, "", entry)
      hit = 0
      for (i = 1; i <= n && !hit; ++i) {
        if (how[i] == "~")
          hit = index(entry, want[i]) == 1
        else if (how[i] == "%") {
          split(want[i], half, "|")
          hit = index(entry, half[1] " ") == 1 && index(entry, " " half[2] " ") > 0
        } else
          hit = index(entry, want[i] " ") == 1
        if (hit)
          found[i] = 1
      }
      if (rest ? !hit : hit)
        print
    }
    END {
      for (i = 1; i <= n; ++i)
        if (how[i] == "=" && !found[i]) {
          print "not in the dump: " want[i] > "/dev/stderr"
          bad = 1
        }
      exit bad
    }' "$1.toc"
}
)sh";

// Definitions without what differs from dump to dump. A list of words is written with its casts in
// another place once it was restored: they go.
constexpr std::string_view kComparable = R"sh(
comparable() {
  sed -e '/^\\restrict/d; /^\\unrestrict/d; /^-- Dumped/d' \
    -e '/ A[NL][YL] (/s/::character varying//g' -e '/ A[NL][YL] (/s/::text//g' \
    -e '/ A[NL][YL] (/s/[][()]//g'
}
)sh";

std::string head(const std::string& what, const std::string& script) {
  return fmt::format("#!/bin/sh\n"
                     "# {}\n"
                     "# Usage: {} DATABASE [FOLDER]   FOLDER has the dumps (default: this folder)\n"
                     "set -eu\n"
                     "db=${{1:?usage: {} DATABASE [FOLDER]}}\n"
                     "folder=${{2:-.}}\n"
                     "lists=$(cd \"$(dirname \"$0\")/../restore\" && pwd)\n\n",
                     what, script, script);
}

std::string save_script(const DumpPlan& plan, const std::string& name) {
  return head(fmt::format("Dumps what step {} destroys: {}.", name, join(plan.tables, ", ")),
              fmt::format("save/{}_dump.sh", name)) +
         std::string(kFilter).append(kComparable) +
         fmt::format(R"sh(
# Definitions of the whole database, for what hangs on the tables; then the tables, in one snapshot.
pg_dump -d "$db" -Fc -s --lock-wait-timeout=60s -f "$folder/{0}.schema.dump"
pg_dump -d "$db" -Fc --strict-names --lock-wait-timeout=60s -f "$folder/{0}.tables.dump"{1}
pg_dump -d "$db" -s --strict-names{1} |
  comparable > "$folder/{0}.tables.sql"

# Everything that the way back will ask for is there.
entries "$folder/{0}.schema.dump" "$lists/{0}_first.toc" > "$folder/{0}.first.list"
entries "$folder/{0}.schema.dump" "$lists/{0}_after.toc" > "$folder/{0}.after.list"
entries "$folder/{0}.tables.dump" "$lists/{0}_leave_out.toc" rest > "$folder/{0}.tables.list"
test -s "$folder/{0}.tables.list"
echo "retort: {0} is saved in $folder/{0}.*; copy these files to a safe place"
)sh",
                     name, tables_of(plan));
}

std::string restore_script(const DumpPlan& plan, const std::string& name) {
  return head(fmt::format("Puts {} back from the dumps, behind the way down of step {}.",
                          join(plan.tables, ", "), name),
              fmt::format("restore/{}_tables.sh", name)) +
         std::string(kFilter).append(kComparable) +
         fmt::format(R"sh(
entries "$folder/{0}.schema.dump" "$lists/{0}_first.toc" > "$folder/{0}.first.list"
entries "$folder/{0}.schema.dump" "$lists/{0}_after.toc" > "$folder/{0}.after.list"
entries "$folder/{0}.tables.dump" "$lists/{0}_leave_out.toc" rest > "$folder/{0}.tables.list"

# One script and one transaction: it comes back whole, or nothing is changed.
script="$folder/{0}.restore.sql"
echo 'BEGIN;' > "$script"
cat "$lists/{0}_drop.sql" >> "$script"
pg_restore -f - -L "$folder/{0}.first.list" "$folder/{0}.schema.dump" >> "$script"
pg_restore -f - -L "$folder/{0}.tables.list" "$folder/{0}.tables.dump" >> "$script"
pg_restore -f - -L "$folder/{0}.after.list" "$folder/{0}.schema.dump" >> "$script"
cat "$lists/{0}_afterwards.sql" >> "$script"
echo 'COMMIT;' >> "$script"
psql -X -q -v ON_ERROR_STOP=1 -d "$db" -f "$script" > "$folder/{0}.restore.log"

pg_dump -d "$db" -s --strict-names{1} |
  comparable > "$folder/{0}.now.sql"
if diff "$folder/{0}.tables.sql" "$folder/{0}.now.sql"; then
  echo 'retort: the tables are back, defined as they were when they were dumped'
else
  echo 'retort: the tables are back; what is defined otherwise stands above' >&2
  exit 1
fi
)sh",
                     name, tables_of(plan));
}

std::string statements(const std::vector<std::string>& all) {
  std::string text;
  for (const std::string& each : all)
    text += each + ";\n";
  return text;
}

}  // namespace

std::vector<File> dump_files(const DumpPlan& plan, const std::string& name) {
  const std::string restore = "restore/" + name;
  return {{fmt::format("save/{}_dump.sh", name), save_script(plan, name), true},
          {restore + "_tables.sh", restore_script(plan, name), true},
          {restore + "_drop.sql", statements(plan.drop), false},
          {restore + "_afterwards.sql", statements(plan.afterwards), false},
          {restore + "_first.toc", toc(plan.first), false},
          {restore + "_after.toc", toc(plan.after), false},
          {restore + "_leave_out.toc", toc(plan.leave_out), false}};
}

}  // namespace retort::rollback
