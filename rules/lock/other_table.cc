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
  for (const facts::Touched* const other : others(visit, LockMode::access_exclusive))
    if (other->id == data->references && !is_locked_already(visit, other->id))
      visit
          .report(drop.at,
                  fmt::format("dropping this foreign key also stops reads and writes of {}",
                              other->name),
                  {.variant = "drop-key"})
          .note("do it in a transaction of its own, under a lock_timeout");
}

void check_table(const forms::Drop& drop, Visit& visit) {
  if (drop.object.kind != forms::ObjectKind::table)
    return;
  const catalog::Object* const table = visit.relation(drop.object.name);
  if (!table || !visit.live(table->id))
    return;
  for (const catalog::Id id : visit.before().members(table->id, catalog::Kind::constraint)) {
    const catalog::Constraint& key = visit.object(id)->as<catalog::Constraint>();
    if (key.kind != forms::ConstraintKind::foreign_key || key.references == table->id ||
        !visit.live(key.references) || !visit.object(key.references) ||
        is_locked_already(visit, key.references))
      continue;
    visit
        .report(drop.object.name.at,
                fmt::format("dropping {} also stops reads and writes of {}, which it refers to",
                            visit.name_of(*table), visit.name_of(*visit.object(key.references))),
                {.variant = "drop-table"})
        .note("do it in a transaction of its own, under a lock_timeout");
    return;
  }
}

// One finding for all that a new table refers to.
void check_create(const forms::CreateTable& create, Visit& visit) {
  std::vector<forms::Name> others;
  const auto look = [&](const forms::Constraint& constraint) {
    if (constraint.kind == forms::ConstraintKind::foreign_key &&
        constraint.references != create.table && visit.live(constraint.references) &&
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
