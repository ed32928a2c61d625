// Partitions: what is attached is compared with the bound, and so is the default partition.
#include "compiler/facts/study.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

using catalog::Column;
using catalog::Constraint;
using forms::ConstraintKind;

// FOR VALUES FROM (lo) TO (hi) of one column.
struct Range {
  std::string_view low, high;
};
std::optional<Range> range_of(std::string_view bound) {
  constexpr std::string_view kFrom = "FOR VALUES FROM (";
  if (!bound.starts_with(kFrom))
    return std::nullopt;
  const size_t to = bound.find(") TO (");
  if (to == std::string_view::npos || !bound.ends_with(')'))
    return std::nullopt;
  Range range{bound.substr(kFrom.size(), to - kFrom.size()), bound.substr(to + 6)};
  range.high.remove_suffix(1);
  const bool plain = range.low.find(',') == std::string_view::npos &&
                     range.high.find(',') == std::string_view::npos;
  return plain ? std::optional(range) : std::nullopt;
}

struct Checks {
  bool mention_key = false;
  std::vector<std::string> parts;
  bool all = true;
};

Checks checks_of(const Study& s, Id table, const Column& key) {
  Checks result;
  for (const Id id : s.before.members(table, Kind::constraint)) {
    const auto& check = s.before.get(id)->as<Constraint>();
    if (check.kind != ConstraintKind::check || !check.valid || s.dropped(id))
      continue;
    if (std::find(check.columns.begin(), check.columns.end(), key.number) == check.columns.end())
      continue;
    result.mention_key = true;
    const Conjuncts all = conjuncts(check.text);
    result.all &= all.all;
    result.parts.insert(result.parts.end(), all.parts.begin(), all.parts.end());
  }
  return result;
}

bool says(const Checks& checks, const std::string& conjunct) {
  return std::find(checks.parts.begin(), checks.parts.end(), conjunct) != checks.parts.end();
}

// Whether the rows of `table` are looked at before they may belong to `bound` of `root`.
Answer compared(const Study& s, Id root, Id table, std::string_view bound) {
  const catalog::Table* parent = s.table(root);
  if (!parent || parent->partial || s.look.partial(table))
    return Answer::unknown;
  if (parent->key.size() != 1 || parent->key[0] == 0)
    return parent->key.empty() ? Answer::unknown : Answer::yes;
  const Column* above = s.get(root)->column_at(parent->key[0]);
  const Column* key = above ? s.get(table)->column_named(above->name) : nullptr;
  if (!key)
    return Answer::unknown;
  const Checks checks = checks_of(s, table, *key);
  if (!checks.mention_key)
    return Answer::yes;
  const std::string name = forms::quoted(key->name);
  const bool not_null = key->not_null || says(checks, name + " IS NOT NULL");
  if (const auto range = range_of(bound)) {
    const bool low =
        range->low == "MINVALUE" || says(checks, name + " >= " + std::string(range->low));
    const bool high =
        range->high == "MAXVALUE" || says(checks, name + " < " + std::string(range->high));
    if (low && high)
      return not_null ? Answer::no : Answer::yes;
  }
  if (!not_null && parent->strategy == "range")
    return Answer::yes;
  return Answer::unknown;
}

// A value that the text orders as the server does: a whole number, or a date as ISO writes it.
std::optional<int64_t> ordered(std::string_view text) {
  if (text.size() > 2 && text.front() == '\'' && text.back() == '\'')
    text = text.substr(1, text.size() - 2);
  int64_t number = 0;
  const bool date = text.size() == 10 && text[4] == '-' && text[7] == '-';
  bool negative = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-' && (i == 0 || date)) {
      negative |= i == 0;
      continue;
    }
    if (text[i] < '0' || text[i] > '9' || number > INT64_MAX / 100)
      return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  return text.empty() ? std::nullopt : std::optional(negative ? -number : number);
}

// The default partition gives up what falls into a new bound: its rows are looked at, unless a
// CHECK says that there are none.
Answer default_compared(const Study& s, Id root, Id table, std::string_view bound) {
  const catalog::Table* parent = s.table(root);
  if (!parent || parent->partial)
    return Answer::unknown;
  if (parent->key.size() != 1 || parent->key[0] == 0)
    return Answer::yes;
  const Column* above = s.get(root)->column_at(parent->key[0]);
  const Column* key = above ? s.get(table)->column_named(above->name) : nullptr;
  if (!key)
    return Answer::unknown;
  const Checks checks = checks_of(s, table, *key);
  if (!checks.mention_key)
    return Answer::yes;
  const auto range = range_of(bound);
  const std::string begin = forms::quoted(key->name) + " ";
  if (!range)
    return Answer::unknown;
  for (const std::string& part : checks.parts) {
    if (!part.starts_with(begin))
      continue;
    const std::string_view rest = std::string_view(part).substr(begin.size());
    const size_t space = rest.find(' ');
    const auto value = ordered(space == std::string_view::npos ? "" : rest.substr(space + 1));
    const auto low = ordered(range->low);
    const auto high = ordered(range->high);
    const std::string_view op = rest.substr(0, space);
    if (value && high && ((op == ">=" && *value >= *high) || (op == ">" && *value >= *high - 1)))
      return Answer::no;
    if (value && low && (op == "<" || op == "<=") && *value <= *low - (op == "<=" ? 1 : 0))
      return Answer::no;
  }
  return Answer::unknown;
}

void touch_default(Study& s, Id root, std::string_view bound) {
  const Id other = s.default_partition(root);
  if (other == 0 || bound == "DEFAULT")
    return;
  s.touch(other, LockMode::access_exclusive, "the default partition");
  const Answer answer = default_compared(s, root, other, bound);
  if (s.stored(other) && answer != Answer::no)
    s.scan(other, "rows of the new bound must not be in the default partition", answer);
  if (answer == Answer::unknown)
    s.unknown(fmt::format("whether a CHECK of {} leaves out the new bound", s.name_of(other)));
  s.may_fail("23514");
}

}  // namespace

void new_partition(Study& s, Id root, std::string_view bound) {
  s.touch(root, LockMode::access_exclusive, "gets a partition").named = true;
  touch_default(s, root, bound);
  // Its foreign keys are the new partition's as well.
  for (const Id id : s.before.members(root, Kind::constraint))
    if (const auto& key = s.before.get(id)->as<Constraint>();
        key.kind == ConstraintKind::foreign_key && key.references != 0) {
      s.touch(key.references, LockMode::share_row_exclusive, "referenced by the partitioned table");
      for (const Id partition : s.partitions(key.references))
        s.touch(partition, LockMode::share_row_exclusive, "a partition of the referenced table");
    }
}

void study(Study& s, const forms::AttachPartition& form) {
  if (form.of_index) {
    s.touch(form.table, LockMode::share_update_exclusive);
    s.touch(form.partition, LockMode::access_exclusive);
    for (const forms::Name* name : {&form.table, &form.partition})
      if (const Object* index = s.get(s.find(*name)))
        s.touch(index->table, LockMode::access_share, "the index's table");
    return;
  }
  const Id root = s.find(form.table);
  const Id partition = s.find(form.partition);
  s.touch(form.table, LockMode::share_update_exclusive);
  s.touch(form.partition, LockMode::access_exclusive);
  if (root == 0 || partition == 0)
    return;
  std::vector<Id> stored = s.descendants(partition);
  for (const Id id : stored)
    s.touch(id, LockMode::access_exclusive, "a partition");
  stored.push_back(partition);
  const Answer answer = compared(s, root, partition, form.bound);
  for (const Id id : stored)
    if (s.stored(id) && answer != Answer::no)
      s.scan(id, "its rows are compared with the bound", answer);
  if (answer == Answer::unknown)
    s.unknown(fmt::format("whether a CHECK of {} says the bound", s.name_of(partition)));
  s.may_fail("23514");
  touch_default(s, root, form.bound);
  for (const Id index : s.indexes(root))
    s.touch(index, LockMode::share_update_exclusive, "gets a partition's index");
  for (const Id id : s.before.members(root, Kind::constraint))
    if (const auto& key = s.before.get(id)->as<Constraint>();
        key.kind == ConstraintKind::foreign_key && key.references != 0 && s.stored(partition))
      check_foreign_key(s, partition, key.references, LockMode::share_row_exclusive);
  // An index that the partition does not have is built: seen from the changes.
}

void study(Study& s, const forms::DetachPartition& form) {
  const bool weak = form.concurrently || form.finalize;
  s.touch(form.table, weak ? LockMode::share_update_exclusive : LockMode::access_exclusive);
  s.touch(form.partition,
          !weak && s.server < 14 ? LockMode::share_update_exclusive : LockMode::access_exclusive);
  const Id root = s.find(form.table);
  const Id partition = s.find(form.partition);
  if (root == 0 || partition == 0)
    return;
  if (const Id other = s.default_partition(root); other != 0 && other != partition) {
    if (form.concurrently)
      s.fail("55000", "cannot detach partitions concurrently when a default partition exists",
             form.at);
    s.touch(other, LockMode::access_exclusive, "the default partition");
  }
  // Who refers to the table must not lose what it refers to.
  for (const Id id : s.before.dependents(root)) {
    const auto* key = s.before.get(id)->maybe<Constraint>();
    if (!key || key->kind != ConstraintKind::foreign_key || key->references != root)
      continue;
    const Id owner = s.before.get(id)->table;
    s.touch(partition, LockMode::access_exclusive);
    s.touch(owner, LockMode::access_exclusive, "refers to the partitioned table");
    if (s.stored(owner))
      s.scan(owner, "it must not refer to rows of the partition");
    for (const Id index : s.indexes(partition))
      if (s.before.get(index)->as<catalog::Index>().constraint != 0)
        s.touch(index, LockMode::access_exclusive);
    s.may_fail("23503");
  }
}

}  // namespace retort::facts
