// The names that PostgreSQL makes (indexcmds.c, pg_constraint.c): `t_a_key`, `t_a_key1`.
#include "common/text.h"
#include "compiler/catalog/apply.h"

#include <algorithm>

namespace retort::catalog {
namespace {

constexpr size_t kLongest = 63;

// Whole characters only.
std::string_view clip(std::string_view text, size_t limit) {
  if (text.size() <= limit)
    return text;
  while (limit > 0 && (text[limit] & 0xC0) == 0x80)
    --limit;
  return text.substr(0, limit);
}

}  // namespace

std::string cut_name(std::string_view name) { return std::string(clip(name, kLongest)); }

std::string make_object_name(std::string_view first, std::string_view second,
                             std::string_view label) {
  size_t overhead = label.empty() ? 0 : label.size() + 1;
  size_t second_size = second.size();
  if (!second.empty())
    ++overhead;
  size_t first_size = first.size();
  const size_t available = kLongest - overhead;
  while (first_size + second_size > available)
    --(first_size > second_size ? first_size : second_size);
  std::string name(clip(first, first_size));
  if (!second.empty())
    name.append("_").append(clip(second, second_size));
  if (!label.empty())
    name.append("_").append(label);
  return name;
}

std::string index_columns_name(const std::vector<std::string>& names) {
  std::vector<std::string> unique;
  for (const std::string& name : names) {
    std::string candidate = name;
    for (int i = 1; std::find(unique.begin(), unique.end(), candidate) != unique.end(); ++i)
      candidate = name + std::to_string(i);
    unique.push_back(std::move(candidate));
  }
  return join(unique, "_");
}

std::string Apply::relation_name(std::string_view table, std::string_view columns,
                                 std::string_view label, Id schema, bool constraint) const {
  for (int pass = 0;; ++pass) {
    const std::string suffix = std::string(label) + (pass == 0 ? "" : std::to_string(pass));
    std::string name = make_object_name(table, columns, suffix);
    if (catalog.find(Space::relation, name, schema) != 0)
      continue;
    const std::vector<Id> same = catalog.named(Space::constraint, name);
    if (!constraint || std::none_of(same.begin(), same.end(),
                                    [&](Id id) { return catalog.get(id)->schema == schema; }))
      return name;
  }
}

std::string Apply::constraint_name(std::string_view table, std::string_view columns,
                                   std::string_view label, Id schema,
                                   const std::set<std::string>& taken) const {
  for (int pass = 0;; ++pass) {
    const std::string suffix = std::string(label) + (pass == 0 ? "" : std::to_string(pass));
    std::string name = make_object_name(table, columns, suffix);
    const std::vector<Id> same = catalog.named(Space::constraint, name);
    if (!taken.contains(name) && std::none_of(same.begin(), same.end(), [&](Id id) {
          return catalog.get(id)->schema == schema;
        }))
      return name;
  }
}

}  // namespace retort::catalog
