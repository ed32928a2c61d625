// A column comes NOT NULL with a default, and the default goes in the same revision: rows that were
// there are fine, and the next INSERT of running code, which does not know the column, fails.
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::DropDefault& drop, Visit& visit) {
  const catalog::Object* const table = visit.relation(drop.table);
  const catalog::Column* const column = table ? table->column_named(drop.column) : nullptr;
  if (!visit.live(drop.table) || (column && !column->not_null))
    return;
  const auto added = find_form<forms::AddColumn>(earlier(visit), [&](const forms::AddColumn& add) {
    return add.column.name == drop.column && same_relation(visit, add.table, drop.table) &&
           (column || add.column.not_null);
  });
  if (!added)
    return;
  const auto again = find_form<forms::SetDefault>(later(visit), [&](const forms::SetDefault& set) {
    return set.column == drop.column && same_relation(visit, set.table, drop.table);
  });
  if (again)
    return;
  visit
      .report(drop.at, fmt::format("running code that inserts into {} does not know {} and fails "
                                   "from now on (23502)",
                                   forms::to_text(drop.table), forms::quoted(drop.column)))
      .note(added.statement->at, "the column comes here")
      .note("keep the default until the code that writes the column is everywhere");
}

}  // namespace

const Rule compat_default_dropped{
    .name = "compat/default-dropped", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
