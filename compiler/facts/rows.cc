// Statements about rows: what they write, what they read, and whom foreign keys drag in.
#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

using catalog::Constraint;
using forms::ConstraintKind;

bool names_one(const Study& s, Id table, const std::vector<int>& columns,
               const std::vector<std::string>& names) {
  return std::any_of(columns.begin(), columns.end(), [&](int number) {
    const catalog::Column* column = s.get(table)->column_at(number);
    return column && std::find(names.begin(), names.end(), column->name) != names.end();
  });
}

// The table refers to others: each new value is looked up, with a lock on its row.
void look_up(Study& s, Id table, const std::vector<std::string>* written) {
  for (const Id id : s.before.members(table, Kind::constraint)) {
    const auto& key = s.before.get(id)->as<Constraint>();
    if (key.kind != ConstraintKind::foreign_key || key.references == 0 ||
        (written && !names_one(s, table, key.columns, *written)))
      continue;
    s.touch(key.references, LockMode::row_share, "referenced by a foreign key");
    s.lock_indexes(key.references, LockMode::row_share);
    for (const Id partition : s.partitions(key.references)) {
      s.touch(partition, LockMode::row_share, "a partition of the referenced table");
      s.lock_indexes(partition, LockMode::row_share);
    }
  }
}

// Others refer to the table: they are searched, or changed as well.
void search(Study& s, Id table, const std::vector<std::string>* written) {
  for (const Id id : s.before.dependents(table)) {
    const auto* key = s.before.get(id)->maybe<Constraint>();
    if (!key || key->kind != ConstraintKind::foreign_key || key->references != table ||
        (written && !names_one(s, table, key->referenced_columns, *written)))
      continue;
    const std::string& action = written ? key->on_update : key->on_delete;
    const bool changes = action == "CASCADE" || action.starts_with("SET ");
    const LockMode mode = changes ? LockMode::row_exclusive : LockMode::row_share;
    const Id other = s.before.get(id)->table;
    Touched& touched = s.touch(other, mode, "refers to the table");
    touched.changed |= changes;
    s.lock_indexes(other, mode);
    if (!changes)
      s.may_fail("23503");
  }
}

void write(Study& s, const forms::Name& name, bool planned, bool routed, bool filtered = false) {
  Touched& touched = s.touch(name, LockMode::row_exclusive);
  touched.changed = true;
  const Id id = s.find(name);
  if (id == 0)
    return;
  if (planned)
    s.lock_indexes(id, LockMode::row_exclusive);
  if (routed) {
    if (s.partitioned(id))
      s.unknown(fmt::format("the partitions of {} that the rows go to", s.name_of(id)));
    return;
  }
  if (filtered && s.partitioned(id))
    s.unknown(fmt::format("the partitions of {} that the condition leaves", s.name_of(id)));
  for (const Id below : s.descendants(id)) {
    s.touch(below, LockMode::row_exclusive, "unless its bound rules it out").changed = true;
    s.lock_indexes(below, LockMode::row_exclusive);
  }
}

// What UPDATE and DELETE have in common: rows are looked for and changed.
template <class Form>
Id change_rows(Study& s, const Form& form) {
  write(s, form.table, true, false, form.filtered);
  const Id id = s.find(form.table);
  for (const Id each : s.descendants(id))
    if (s.stored(each))
      s.scan(each, "its rows are searched", Answer::unknown);
  if (id != 0 && s.stored(id))
    s.scan(id, "its rows are changed", form.filtered ? Answer::unknown : Answer::yes);
  s.read(form.query);
  return id;
}

}  // namespace

void study(Study& s, const forms::Insert& form) {
  write(s, form.table, form.on_conflict, true);
  s.read(form.query);
  const Id id = s.find(form.table);
  const Object* table = s.get(id);
  if (!table || !table->maybe<catalog::Table>())
    return;
  look_up(s, id, nullptr);
  // Columns that are not written take their defaults, and some of those count.
  if (form.columns.empty() && !form.query.targets.empty())
    return;
  for (const Id sequence : s.owned_sequences(id)) {
    const auto& data = s.before.get(sequence)->as<catalog::Sequence>();
    const catalog::Column* column = table->column_at(data.column);
    if (column && (data.identity || column->fallback != 0) &&
        std::find(form.columns.begin(), form.columns.end(), column->name) == form.columns.end())
      s.touch(sequence, LockMode::row_exclusive, "gives the numbers");
  }
}

void study(Study& s, const forms::Update& form) {
  const Id id = change_rows(s, form);
  if (id == 0)
    return;
  look_up(s, id, &form.columns);
  search(s, id, &form.columns);
}

void study(Study& s, const forms::Delete& form) {
  const Id id = change_rows(s, form);
  if (!form.filtered)
    s.lose(Loss::Kind::rows, id, fmt::format("rows of {}", forms::to_text(form.table)));
  if (id != 0)
    search(s, id, nullptr);
}

void study(Study& s, const forms::Merge& form) {
  write(s, form.table, true, false);
  s.read(form.source);
  if (const Id id = s.find(form.table); id != 0 && s.stored(id))
    s.scan(id, "its rows are joined", Answer::unknown);
}

void study(Study& s, const forms::Select& form) {
  s.read(form.query);
  if (form.called)
    s.unknown("what the procedure does");
}

void study(Study& s, const forms::Copy& form) {
  if (form.table.name.empty())
    return;
  s.touch(form.table, form.from ? LockMode::row_exclusive : LockMode::access_share).changed =
      form.from;
  const Id id = s.find(form.table);
  if (id != 0 && !form.from && s.stored(id))
    s.scan(id, "its rows are read");
  if (id != 0 && form.from)
    look_up(s, id, nullptr);
}

void study(Study& s, const forms::Truncate& form) {
  std::vector<Id> all;
  const auto add = [&](Id id, bool named, std::string_view reason) {
    if (std::find(all.begin(), all.end(), id) != all.end())
      return;
    all.push_back(id);
    s.touch(id, LockMode::access_exclusive, reason).named |= named;
  };
  for (const forms::Name& name : form.tables) {
    const Id id = s.find(name);
    if (id == 0) {
      s.touch(name, LockMode::access_exclusive).new_file = true;
      s.lose(Loss::Kind::rows, 0, "rows of " + forms::to_text(name));
      continue;
    }
    add(id, true, "");
    for (const Id below : s.descendants(id))
      add(below, false, s.partitioned(id) ? "a partition" : "inherits");
    // Up to 13 a partition's table was asked for the bound.
    if (const catalog::Table* data = s.table(id); data && data->partition && s.server < 14)
      for (const Id parent : std::vector<Id>(data->parents))
        s.touch(parent, LockMode::access_share, "the partition's table");
  }
  if (form.behavior == forms::Behavior::cascade)
    for (size_t i = 0; i < all.size(); ++i)
      for (const Id id : s.before.dependents(all[i])) {
        const auto* key = s.before.get(id)->maybe<Constraint>();
        if (!key || key->kind != ConstraintKind::foreign_key || key->references != all[i])
          continue;
        const Id other = s.before.get(id)->table;
        add(other, false, "refers to a table that is emptied");
        for (const Id below : s.descendants(other))
          add(below, false, "a partition");
      }
  for (const Id id : all) {
    if (!s.stored(id))
      continue;
    s.touch(id, LockMode::access_exclusive).new_file = true;
    s.lose(Loss::Kind::rows, id, "rows of " + s.name_of(id));
    for (const Id index : s.indexes(id))
      s.touch(index, LockMode::access_exclusive).new_file = true;
    if (form.restart)
      for (const Id sequence : s.owned_sequences(id))
        s.touch(sequence, LockMode::access_exclusive, "starts again").new_file = true;
  }
}

}  // namespace retort::facts
