// Tables that a statement locks without naming them: the one that a foreign key refers to.
#include "rules/around.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

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

// What is left to do about a lock that is short, but waits and stays; empty: nothing.
std::string_view advice(const Visit& visit) {
  const bool limited =
      visit.settings().lock_timeout || visit.transaction().has_limit("lock_timeout");
  const std::vector<LintStatement>& all = visit.side().statements;
  const bool alone = std::none_of(all.begin(), all.end(), [&](const LintStatement& other) {
    return other.transaction && &other != &visit.statement() &&
           !find_form<forms::Set>(std::span(&other, 1), [](const auto&) { return true; });
  });
  if (!visit.statement().transaction || alone)
    return limited ? "" : "do it under a lock_timeout";
  return limited ? "do it in a transaction of its own"
                 : "do it in a transaction of its own, under a lock_timeout";
}

void check_constraint(const forms::DropConstraint& drop, Visit& visit) {
  const catalog::Object* const table = visit.relation(drop.table);
  if (!table || advice(visit).empty())
    return;
  const catalog::Id id =
      visit.before().find(catalog::Space::constraint, drop.constraint, table->id);
  const catalog::Object* const constraint = visit.object(id);
  const catalog::Constraint* const data =
      constraint ? constraint->maybe<catalog::Constraint>() : nullptr;
  if (!data || data->kind != forms::ConstraintKind::foreign_key || data->references == table->id)
    return;
  for (const facts::Touched* const other : others(visit, LockMode::access_exclusive))
    if (other->id == data->references && is_concerned(visit, other->id))
      visit
          .report(drop.at,
                  fmt::format("dropping this foreign key also stops reads and writes of {}",
                              other->name),
                  {.variant = "drop-key"})
          .note(std::string(advice(visit)));
}

void check_table(const forms::Drop& drop, Visit& visit) {
  if (drop.object.kind != forms::ObjectKind::table)
    return;
  const catalog::Object* const table = visit.relation(drop.object.name);
  if (!table || !visit.live(table->id) || advice(visit).empty())
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
        .note(std::string(advice(visit)));
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
  if (others.empty())
    return;
  std::vector<std::string> names;
  for (const forms::Name& other : others)
    names.push_back(forms::to_text(other));
  visit
      .report(others.front().at,
              fmt::format("writes to {} wait until this transaction ends", join(names, ", ")),
              {.variant = "create-table", .level = Level::info})
      .note("let it be the last statement, or a transaction of its own");
}

}  // namespace

const Rule lock_other_table{.name = "lock/other-table",
                            .level = Level::warning,
                            .checks = {on<check_constraint>, on<check_table>, on<check_create>}};

}  // namespace retort::rules
