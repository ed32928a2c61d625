// DROP NOT NULL: whoever reads the column meets NULL, and code that runs has never seen one there.
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::DropNotNull& drop, Visit& visit) {
  const catalog::Object* const table = visit.relation(drop.table);
  const catalog::Column* const column = table ? table->column_named(drop.column) : nullptr;
  if (visit.down() || !visit.live(drop.table) || (column && !column->not_null))
    return;
  if (table && visit.transaction().added(table->id, drop.column))
    return;
  // On the way out, for the sake of the code that stops writing it.
  const auto goes = find_form<forms::DropColumn>(later(visit), [&](const forms::DropColumn& other) {
    return other.column == drop.column && same_relation(visit, other.table, drop.table);
  });
  if (goes)
    return;
  visit
      .report(drop.at, fmt::format("running code that reads {}.{} may meet NULL from now on",
                                   forms::to_text(drop.table), forms::quoted(drop.column)))
      .note("deploy code that takes NULL first");
}

}  // namespace

const Rule compat_nullable_again{
    .name = "compat/nullable-again", .level = Level::info, .checks = {on<check>}};

}  // namespace retort::rules
