// docs/errors.md names every error that the code can report, and no other.
#include "common/disk.h"
#include "common/path.h"

#include <doctest/doctest.h>
#include <set>

using namespace retort;

namespace {

constexpr std::string_view kGroups[] = {"chain",     "compile", "config", "current",
                                        "integrity", "output",  "range",  "replay",
                                        "sql",       "stats",   "usage"};

// Every `group/problem` between two `quote`s.
void collect(std::string_view text, char quote, std::set<std::string>& names) {
  for (const std::string_view group : kGroups) {
    const std::string opening = quote + std::string(group) + "/";
    for (size_t at = text.find(opening); at != text.npos; at = text.find(opening, at + 1)) {
      const size_t end = text.find(quote, at + 1);
      const std::string_view name = text.substr(at + 1, end - at - 1);
      const std::string_view problem = name.substr(group.size() + 1);
      if (!problem.empty() &&
          problem.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == problem.npos)
        names.emplace(name);
    }
  }
}

void collect_from_code(const std::string& folder, std::set<std::string>& names) {
  const DiskResult<std::vector<Entry>> entries = real_disk().list(folder);
  REQUIRE(entries);
  for (const Entry& entry : *entries) {
    const std::string path = join_path(folder, entry.name);
    if (entry.kind == EntryKind::folder)
      collect_from_code(path, names);
    else if (path.ends_with(".cc") || path.ends_with(".h"))
      collect(*real_disk().read(path), '"', names);
  }
}

}  // namespace

TEST_CASE("every error is documented, and every documented error exists") {
  std::set<std::string> reported;
  for (const std::string_view folder : {"common", "grammars", "versions", "compiler", "linter",
                                        "rules", "project", "editors", "cli"})
    collect_from_code(join_path(RETORT_SOURCE, folder), reported);
  std::set<std::string> documented;
  collect(*real_disk().read(join_path(RETORT_SOURCE, "docs/errors.md")), '`', documented);
  CHECK(reported.size() > 10);
  for (const std::string& name : reported)
    CHECK_MESSAGE(documented.contains(name), name << " is missing from docs/errors.md");
  for (const std::string& name : documented)
    CHECK_MESSAGE(reported.contains(name), name << " is in docs/errors.md but nothing reports it");
}
