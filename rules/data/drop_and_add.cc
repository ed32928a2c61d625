// One column goes and another of its type and with a similar name comes: a rename, as autogenerate
// writes it, since it cannot see one. The values are lost.
#include "rules/around.h"
#include "rules/renamed.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::DropColumn& drop, Visit& visit) {
  if (!visit.live(drop.table))
    return;
  const Renamed renamed = renamed_to(visit, drop);
  if (!renamed)
    return;
  const std::string table = forms::to_text(drop.table);
  const std::string from = forms::quoted(drop.column);
  const std::string to = forms::quoted(renamed.add->column.name);
  visit
      .report(drop.at, fmt::format("{} is dropped and {} comes, of the same type: if this is a "
                                   "rename, the values are lost",
                                   from, to))
      .note(renamed.statement->at, "it is added here")
      .note(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {} keeps them", table, from, to));
}

}  // namespace

const Rule data_drop_and_add{
    .name = "data/drop-and-add", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
