// ADD COLUMN … NOT NULL without a default fails as soon as the table has a row (23502); and when it
// has none, every INSERT of running code does.
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::AddColumn& add, Visit& visit) {
  if (add.kind == forms::ObjectKind::type || !visit.live(add.table))
    return;
  const catalog::Object* const table = visit.relation(add.table);
  if (table && table->kind == catalog::Kind::foreign_table)
    return;
  const forms::Column& column = add.column;
  const bool filled = column.fallback || column.generated ||
                      column.identity != forms::Identity::none ||
                      !catalog::serial_type(column.type).empty();
  bool refused = false;
  for (const ServerFacts& each : visit.by_server())
    refused |= each.facts.fails_with_rows && each.facts.fails_with_rows->sqlstate == "23502" &&
               each.facts.fails_with_rows->at == add.at;
  if (!refused && (filled || !column.not_null || table))
    return;
  visit
      .report(add.at,
              fmt::format("this fails if {} has a row (23502), and if not, every INSERT of running "
                          "code does",
                          forms::to_text(add.table)))
      .note("give it a default, which costs nothing if it is a constant; or add it nullable, fill "
            "it, and SET NOT NULL later");
}

}  // namespace

const Rule compat_required_column{
    .name = "compat/required-column", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
