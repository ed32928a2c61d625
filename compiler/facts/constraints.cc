// Constraints of tables.
#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {

using catalog::Constraint;
using forms::ConstraintKind;

// The server checks with one query that joins both tables, and plans it with all their indexes.
void check_foreign_key(Study& s, Id table, Id referenced, LockMode on_referenced, bool holds) {
  const auto side = [&](Id id, LockMode mode, std::string_view reason) {
    if (mode != LockMode::none)
      s.touch(id, mode, reason);
    if (s.stored(id))
      s.scan(id, "the foreign key is checked for every row");
    s.lock_indexes(id, LockMode::access_share);
  };
  side(table, LockMode::none, "");
  side(referenced, on_referenced, "referenced by the foreign key");
  for (const Id partition : s.partitions(referenced))
    side(partition, on_referenced, "a partition");
  if (!holds)
    s.may_fail("23503");
}

namespace {

// Constraints and indexes that hold, or held until this transaction dropped them: what they demand
// is true of every row.
std::vector<const catalog::Object*> guarantees(const Study& s, Id table, catalog::Kind kind) {
  std::vector<const catalog::Object*> all;
  for (const Id id : s.before.members(table, kind))
    all.push_back(s.before.get(id));
  for (const auto& object : s.transaction.dropped)
    if (object->table == table && object->kind == kind)
      all.push_back(object.get());
  return all;
}

std::vector<int> numbers_of(const catalog::Object& table, const std::vector<std::string>& names) {
  std::vector<int> numbers;
  for (const std::string& name : names)
    if (const catalog::Column* const column = table.column_named(name))
      numbers.push_back(column->number);
  return numbers;
}

// Every row has its target: another key says the same, or said it until now.
bool refers_already(const Study& s, Id table, Id referenced, const forms::Constraint& key) {
  const catalog::Object* const own = s.get(table);
  const catalog::Object* const other = s.get(referenced);
  const std::vector<int> columns = numbers_of(*own, key.columns);
  std::vector<int> targets = numbers_of(*other, key.referenced_columns);
  if (key.referenced_columns.empty())
    for (const Id id : s.before.members(referenced, catalog::Kind::index))
      if (const auto& index = s.before.get(id)->as<catalog::Index>(); index.primary)
        for (const catalog::IndexPart& part : index.columns)
          targets.push_back(part.column);
  const auto same = [&](const catalog::Object* object) {
    const Constraint& made = object->as<Constraint>();
    return made.kind == ConstraintKind::foreign_key && made.valid &&
           made.references == referenced && made.columns == columns &&
           (made.referenced_columns == targets || made.referenced_columns.size() < columns.size() ||
            targets.size() < columns.size());  // those of a key that the chain does not know
  };
  const auto all = guarantees(s, table, catalog::Kind::constraint);
  return columns.size() == key.columns.size() && !columns.empty() &&
         std::any_of(all.begin(), all.end(), same);
}

// The transaction has added the column, and a sequence has numbered its rows.
bool is_numbered(const Study& s, Id table, const std::string& name) {
  const catalog::Column* const column = s.get(table)->column_named(name);
  const bool added = !s.before.column(table, name) || s.transaction.added(table, name);
  if (!column || !added || s.transaction.wrote_rows ||
      (column->fallback == 0 && column->identity == forms::Identity::none))
    return false;
  const std::vector<Id> sequences = s.owned_sequences(table);
  return std::any_of(sequences.begin(), sequences.end(), [&](Id id) {
    return s.get(id)->as<catalog::Sequence>().column == column->number;
  });
}

}  // namespace

bool is_unique_already(const Study& s, Id table, const std::vector<std::string>& columns) {
  if (std::any_of(columns.begin(), columns.end(),
                  [&](const std::string& name) { return is_numbered(s, table, name); }))
    return true;
  const std::vector<int> numbers = numbers_of(*s.get(table), columns);
  const auto covers = [&](const catalog::Object* object) {
    const auto& index = object->as<catalog::Index>();
    return index.unique && index.valid && index.where.empty() && !index.columns.empty() &&
           std::all_of(index.columns.begin(), index.columns.end(),
                       [&](const catalog::IndexPart& part) {
                         return part.column != 0 && std::find(numbers.begin(), numbers.end(),
                                                              part.column) != numbers.end();
                       });
  };
  const auto all = guarantees(s, table, catalog::Kind::index);
  return std::any_of(all.begin(), all.end(), covers);
}

namespace {

// Every row passes: another check says as much, or said it until now.
bool is_checked_already(const Study& s, Id table, std::string_view wanted) {
  const auto fresh = s.transaction.new_columns.find(table);
  const auto says_it = [&](const catalog::Object* object) {
    const Constraint& made = object->as<Constraint>();
    // A column of the same name may be another one by now.
    const bool same_columns =
        fresh == s.transaction.new_columns.end() ||
        std::none_of(fresh->second.begin(), fresh->second.end(), [&](const std::string& column) {
          return made.text.find(column) != std::string::npos;
        });
    return made.kind == ConstraintKind::check && made.valid && same_columns &&
           implies(made.text, wanted);
  };
  const auto all = guarantees(s, table, catalog::Kind::constraint);
  return std::any_of(all.begin(), all.end(), says_it);
}

void add_check(Study& s, const forms::AddConstraint& form) {
  // Since 18 the children of NO INHERIT are locked as well.
  const bool only = form.only || (form.constraint.no_inherit && s.server < 18);
  const std::vector<Id> tables =
      s.alter(form.table, form.if_exists, only, LockMode::access_exclusive);
  if (form.constraint.not_valid)
    return;
  for (const Id table : tables) {
    if (!s.stored(table) || (form.constraint.no_inherit && table != tables[0]))
      continue;
    s.scan(table, "the CHECK is tested on every row");
    if (!is_checked_already(s, table, form.constraint.check->text))
      s.may_fail("23514");
  }
}

void add_foreign_key(Study& s, const forms::AddConstraint& form) {
  const std::vector<Id> tables =
      s.alter(form.table, form.if_exists, true, LockMode::share_row_exclusive);
  const Id referenced = s.find(form.constraint.references);
  Touched& other = s.touch(form.constraint.references, LockMode::share_row_exclusive);
  if (other.reason.empty())
    other.reason = "referenced by the foreign key";
  if (tables.empty())
    return;
  const Id table = tables[0];
  if (form.constraint.not_valid && s.partitioned(table) && s.server < 18) {
    s.fail("42809",
           fmt::format("cannot add NOT VALID foreign key on partitioned table \"{}\" referencing "
                       "relation \"{}\"",
                       s.get(table)->name, form.constraint.references.name),
           form.at);
  }
  for (const Id partition : s.partitions(table))
    s.touch(partition, LockMode::share_row_exclusive, "a partition");
  for (const Id partition : s.partitions(referenced))
    s.touch(partition, LockMode::share_row_exclusive, "a partition of the referenced table");
  if (form.constraint.not_valid)
    return;
  std::vector<Id> checked = s.partitions(table);
  checked.push_back(table);
  for (const Id id : checked)
    if (s.stored(id) && referenced != 0)
      check_foreign_key(s, id, referenced, LockMode::share_row_exclusive,
                        refers_already(s, id, referenced, form.constraint));
    else if (s.stored(id))
      s.scan(id, "the foreign key is checked for every row");
}

void add_key(Study& s, const forms::AddConstraint& form) {
  const std::vector<Id> tables =
      s.alter(form.table, form.if_exists, true, LockMode::access_exclusive);
  if (tables.empty())
    return;
  const Id table = tables[0];
  const forms::Constraint& key = form.constraint;
  const bool primary = key.kind == ConstraintKind::primary_key;
  std::vector<const catalog::Column*> nullable;
  bool unknown = false;
  const auto look_at = [&](const catalog::Column* column) {
    if (!column)
      unknown = true;
    else if (!column->not_null)
      nullable.push_back(column);
  };
  if (!key.using_index.empty()) {
    const Id index = s.before.find(catalog::Space::relation, key.using_index, s.get(table)->schema);
    if (index == 0) {
      s.unknown(fmt::format("the index {} is not in the chain", key.using_index));
    } else {
      const bool renames = !key.name.empty() && key.name != key.using_index;
      s.touch(index, renames ? LockMode::share_update_exclusive : LockMode::access_share).named =
          true;
      if (primary)
        for (const catalog::IndexPart& part : s.before.get(index)->as<catalog::Index>().columns)
          look_at(s.get(table)->column_at(part.column));
    }
  } else {
    std::vector<Id> built = form.only ? std::vector<Id>{} : s.partitions(table);
    for (const Id partition : built)
      s.touch(partition, s.server >= 18 ? LockMode::access_exclusive : LockMode::share,
              "a partition");
    built.push_back(table);
    for (const Id id : built)
      if (s.stored(id))
        s.build(id, "the index is built");
    if (primary)
      for (const std::string& name : key.columns)
        look_at(s.before.column(table, name));
    // The columns become NOT NULL, on the partitions as well.
    if (!nullable.empty() && !form.only)
      for (const Id partition : s.partitions(table)) {
        s.touch(partition, LockMode::access_exclusive, "its key becomes NOT NULL");
        if (s.stored(partition))
          s.scan(partition, "the key's columns are tested for NOT NULL");
      }
    if (key.kind == ConstraintKind::exclusion)
      s.may_fail("23P01");
    else if (!is_unique_already(s, table, key.columns))
      s.may_fail("23505");
  }
  for (const catalog::Column* column : nullable)
    if (proven_not_null(s, table, *column) != Answer::yes) {
      if (s.stored(table))
        s.scan(table, "the key's columns are tested for NOT NULL");
      s.may_fail("23502");
    }
  if (unknown && primary && !key.using_index.empty()) {
    s.scan(table, "the key's columns may be tested for NOT NULL", Answer::unknown);
    s.unknown(fmt::format("whether the columns of {} are NOT NULL", key.using_index));
  }
}

const Constraint* constraint_of(const Study& s, Id table, std::string_view name) {
  if (const Id id =
          s.before.get(table) ? s.before.find(catalog::Space::constraint, name, table) : 0)
    return s.dropped(id) ? nullptr : &s.before.get(id)->as<Constraint>();
  for (const auto& made : s.facts.changes)
    if (!made.before && made.after && made.after->table == table && made.after->name == name)
      if (const auto* data = made.after->maybe<Constraint>())
        return data;
  return nullptr;
}

}  // namespace

void study(Study& s, const forms::AddConstraint& form) {
  switch (form.constraint.kind) {
  case ConstraintKind::check: return add_check(s, form);
  case ConstraintKind::foreign_key: return add_foreign_key(s, form);
  default: return add_key(s, form);
  }
}

namespace {

// NOT NULL is a constraint from 18 on, which the children have as well.
bool validates_not_null(Study& s, const forms::ValidateConstraint& form, Id id) {
  const catalog::Column* const column = s.before.not_null_named(id, form.constraint);
  if (!column)
    return false;
  for (const Id table :
       s.alter(form.table, form.if_exists, false, LockMode::share_update_exclusive)) {
    const catalog::Column* const own = s.before.column(table, column->name);
    if (!own || own->not_null_valid || !s.stored(table))
      continue;
    s.scan(table, "the constraint is tested on every row");
    s.may_fail("23502");
  }
  return true;
}

}  // namespace

void study(Study& s, const forms::ValidateConstraint& form) {
  const Id id = s.find(form.table);
  if (validates_not_null(s, form, id))
    return;
  const Constraint* constraint = id == 0 ? nullptr : constraint_of(s, id, form.constraint);
  const bool inherited = constraint && constraint->kind == ConstraintKind::check;
  const bool below = inherited || s.partitioned(id);
  const std::vector<Id> tables =
      s.alter(form.table, form.if_exists, !below, LockMode::share_update_exclusive);
  if (tables.empty())
    return;
  if (!constraint) {
    if (s.look.partial(id)) {
      s.scan(id, "the constraint is tested on every row", Answer::unknown);
      s.unknown(fmt::format("the constraint {} is not in the chain", form.constraint));
    }
    return;
  }
  bool added = false;  // by another action of this statement, so that it is marked valid already
  for (const auto& made : s.facts.changes)
    added |= !made.before && made.after && made.after->table == id &&
             made.after->name == form.constraint;
  if (constraint->valid && !added)
    return;
  if (constraint->kind == ConstraintKind::foreign_key) {
    for (const Id table : tables)
      if (s.stored(table))
        check_foreign_key(s, table, constraint->references, LockMode::row_share);
    return;
  }
  for (const Id table : tables)
    if (s.stored(table))
      s.scan(table, "the constraint is tested on every row");
  s.may_fail("23514");
}

void study(Study& s, const forms::DropConstraint& form) {
  const Id id = s.find(form.table);
  const Constraint* constraint = id == 0 ? nullptr : constraint_of(s, id, form.constraint);
  const bool alone =
      form.only || (constraint && constraint->kind != ConstraintKind::check && !s.partitioned(id));
  s.alter(form.table, form.if_exists, alone, LockMode::access_exclusive);
  if (id != 0 && !constraint && s.look.partial(id) && !form.if_constraint_exists)
    s.unknown(fmt::format("the constraint {} is not in the chain: if it is a foreign key, the "
                          "referenced table is locked as well",
                          form.constraint));
}

void study(Study& s, const forms::AlterConstraint& form) {
  const Id id = s.find(form.table);
  const Constraint* const key =
      form.enforced && id != 0 ? constraint_of(s, id, form.constraint) : nullptr;
  s.alter(form.table, form.if_exists, !s.partitioned(id), LockMode::access_exclusive);
  if (!key || key->kind != ConstraintKind::foreign_key || key->enforced == *form.enforced)
    return;
  if (*form.enforced)
    check_foreign_key(s, id, key->references, LockMode::share_row_exclusive);
  else
    s.touch(key->references, LockMode::access_exclusive, "its triggers go");
}

}  // namespace retort::facts
