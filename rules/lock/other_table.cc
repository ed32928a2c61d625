// Tables that a statement locks without naming them: the one that a foreign key refers to.
#include "rules/around.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort::rules {
namespace {

using facts::LockMode;

// The existing tables that are locked and not named, with at least this lock.
std::vector<const facts::Touched*> others(Visit& visit, LockMode least) {
  std::vector<const facts::Touched*> found;
  for (const facts::Touched& touched : visit.facts().touched)
    if (!touched.named && !touched.made && !touched.dropped && touched.lock >= least &&
        touched.kind == catalog::Kind::table && visit.live(touched.id))
      found.push_back(&touched);
  return found;
}

// A statement behind this one drops it.
bool goes_later(const Visit& visit, catalog::Id id) {
  return static_cast<bool>(find_form<forms::Drop>(later(visit), [&](const forms::Drop& drop) {
    const catalog::Object* const object = visit.relation(drop.object.name);
    return drop.object.kind == forms::ObjectKind::table && object && object->id == id;
  }));
}

// Who is stopped now and was not before, and stays.
bool is_concerned(const Visit& visit, catalog::Id id) {
  return visit.object(id) && visit.live(id) && !is_locked_already(visit, id) &&
         !goes_later(visit, id);
}

// What goes with the statement in its transaction takes no time, and no lock that anybody would
// notice: new tables and what belongs to them.
bool is_alone(const Visit& visit) {
  std::set<std::pair<std::string_view, std::string_view>> made;
  const auto is_made = [&](const forms::Name& table) {
    return made.contains({table.schema, table.name});
  };
  const auto is_nothing = [&](const forms::Form& form) {
    if (const auto* const create = std::get_if<forms::CreateTable>(&form)) {
      made.emplace(create->table.schema, create->table.name);
      return true;
    }
    const auto* const index = std::get_if<forms::CreateIndex>(&form);
    const auto* const comment = std::get_if<forms::Comment>(&form);
    return std::holds_alternative<forms::Set>(form) ||
           std::holds_alternative<forms::CreateEnum>(form) || (index && is_made(index->table)) ||
           (comment && is_made(comment->object.name));
  };
  const std::vector<LintStatement>& all = visit.side().statements;
  return std::all_of(all.begin(), all.end(), [&](const LintStatement& other) {
    return !other.transaction || std::all_of(other.forms.begin(), other.forms.end(), is_nothing) ||
           &other == &visit.statement();
  });
}

// What is left to do about a lock that is short, but waits and stays; empty: nothing.
std::string advice(const Visit& visit) {
  const bool limited = visit.transaction().has_limit("lock_timeout");
  if (!visit.statement().transaction || is_alone(visit))
    return limited ? "" : "do it under a lock_timeout";
  return limited ? "do it in a transaction of its own"
                 : "do it in a transaction of its own, under a lock_timeout";
}

// A key that comes back, as one with ON DELETE, is made before the old one goes: then there is one
// at any time, and no row has to be looked at under the lock.
std::string advice_for_key(const Visit& visit, const forms::DropConstraint& drop,
                           const catalog::Constraint& key) {
  const auto comes_back = [&](const forms::AddConstraint& add) {
    const catalog::Object* const table = visit.relation(add.table);
    if (add.constraint.kind != forms::ConstraintKind::foreign_key || !table ||
        table != visit.relation(drop.table) || add.constraint.columns.size() != key.columns.size())
      return false;
    for (size_t i = 0; i < key.columns.size(); ++i) {
      const catalog::Column* const column = table->column_named(add.constraint.columns[i]);
      if (!column || column->number != key.columns[i])
        return false;
    }
    return true;
  };
  if (find_form<forms::AddConstraint>(later(visit), comes_back))
    return "it comes back behind this: add the new key first, NOT VALID and under another name; "
           "validate it and drop this one in transactions of their own";
  return advice(visit);
}

void check_constraint(const forms::DropConstraint& drop, Visit& visit) {
  const catalog::Object* const table = visit.relation(drop.table);
  if (!table)
    return;
  const catalog::Id id =
      visit.before().find(catalog::Space::constraint, drop.constraint, table->id);
  const catalog::Object* const constraint = visit.object(id);
  const catalog::Constraint* const data =
      constraint ? constraint->maybe<catalog::Constraint>() : nullptr;
  if (!data || data->kind != forms::ConstraintKind::foreign_key || data->references == table->id)
    return;
  const std::string next = advice_for_key(visit, drop, *data);
  if (next.empty())
    return;
  for (const facts::Touched* const other : others(visit, LockMode::access_exclusive))
    if (other->id == data->references && is_concerned(visit, other->id))
      visit
          .report(drop.at,
                  fmt::format("dropping this foreign key also stops reads and writes of {}",
                              other->name),
                  {.variant = "drop-key"})
          .note(next);
}

void check_table(const forms::Drop& drop, Visit& visit) {
  if (drop.object.kind != forms::ObjectKind::table)
    return;
  const catalog::Object* const table = visit.relation(drop.object.name);
  const std::string next = table && visit.live(table->id) ? advice(visit) : "";
  if (next.empty())
    return;
  std::vector<std::string> names;
  for (const catalog::Id id : visit.before().members(table->id, catalog::Kind::constraint)) {
    const catalog::Constraint& key = visit.object(id)->as<catalog::Constraint>();
    if (key.kind != forms::ConstraintKind::foreign_key || key.references == table->id ||
        !is_concerned(visit, key.references))
      continue;
    std::string name = visit.name_of(*visit.object(key.references));
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  }
  if (!names.empty())
    visit
        .report(drop.object.name.at,
                fmt::format("dropping {} also stops reads and writes of {}, which it refers to",
                            visit.name_of(*table), join(names, ", ")),
                {.variant = "drop-table"})
        .note(next);
}

// Writers of it wait already.
bool is_held(const Visit& visit, const forms::Name& name) {
  const catalog::Object* const object = visit.relation(name);
  const facts::Transaction::Held* const held =
      object && visit.statement().transaction ? visit.transaction().lock(object->id) : nullptr;
  return held && held->mode >= LockMode::share_row_exclusive;
}

// One finding for all that a new table refers to.
void check_create(const forms::CreateTable& create, Visit& visit) {
  std::vector<forms::Name> others;
  const auto look = [&](const forms::Constraint& constraint) {
    if (constraint.kind == forms::ConstraintKind::foreign_key &&
        constraint.references != create.table && visit.live(constraint.references) &&
        !is_held(visit, constraint.references) &&
        std::find(others.begin(), others.end(), constraint.references) == others.end())
      others.push_back(constraint.references);
  };
  for (const forms::Column& column : create.columns)
    for (const forms::Constraint& constraint : column.constraints)
      look(constraint);
  for (const forms::Constraint& constraint : create.constraints)
    look(constraint);
  const std::string next = others.empty() ? "" : advice(visit);
  if (next.empty())
    return;
  std::vector<std::string> names;
  for (const forms::Name& other : others)
    names.push_back(forms::to_text(other));
  visit
      .report(others.front().at,
              fmt::format("writes to {} wait until this transaction ends", join(names, ", ")),
              {.variant = "create-table", .level = Level::info})
      .note(next);
}

}  // namespace

const Rule lock_other_table{.name = "lock/other-table",
                            .level = Level::warning,
                            .checks = {on<check_constraint>, on<check_table>, on<check_create>}};

}  // namespace retort::rules
