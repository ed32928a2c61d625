// Rows that go with their table, schema or database.
#include "rules/around.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using forms::ObjectKind;

std::string referrers(const Visit& visit, catalog::Id table) {
  std::vector<std::string> names;
  for (const catalog::Id id : visit.before().dependents(table)) {
    const catalog::Constraint* const key = visit.object(id)->maybe<catalog::Constraint>();
    if (key && key->references == table && visit.object(id)->table != table)
      names.push_back(visit.name_of(*visit.object(visit.object(id)->table)));
  }
  return join(names, ", ");
}

void check(const forms::Drop& drop, Visit& visit) {
  const std::string name = forms::to_text(drop.object.name);
  if (drop.object.kind == ObjectKind::schema) {
    if (visit.down() || drop.behavior == forms::Behavior::restrict)
      return;  // refused unless it is empty
    visit
        .report(drop.object.name.at.empty() ? drop.at : drop.object.name.at,
                fmt::format("all that the schema {} holds is gone for good", name),
                {.variant = "schema", .level = Level::error})
        .note("take a dump first, or drop what is in it one by one");
    return;
  }
  if (drop.object.kind != ObjectKind::table || visit.down())
    return;  // what a way down loses is told by revert/loses-data
  const catalog::Object* const table = visit.relation(drop.object.name);
  if (!visit.live(drop.object.name))
    return;
  const bool uncertain = !table && drop.if_exists;
  const bool copied = was_copied(visit, drop.object.name);
  Diagnostic& finding = visit.report(
      drop.object.name.at,
      copied ? fmt::format("{} is gone for good; its rows were read before", name)
             : fmt::format("the rows of {} are gone for good", name),
      {.level = copied ? std::optional(Level::info) : std::nullopt, .unknown = uncertain});
  if (std::string rows = visit.rows_in_production(drop.object.name); !rows.empty())
    finding.note(std::move(rows));
  if (table)
    if (const std::string others = referrers(visit, table->id); !others.empty())
      finding.note("refer to it: " + others);
  finding.note("stop using it in one release, drop it in a later one, and keep a dump");
}

void check_database(const forms::Harmless& drop, Visit& visit) {
  if (drop.statement == "DropdbStmt")
    visit
        .report(drop.at, "all that the database holds is gone for good",
                {.variant = "database", .level = Level::error})
        .note("take a dump first");
}

}  // namespace

const Rule data_drop_table{
    .name = "data/drop-table", .level = Level::warning, .checks = {on<check>, on<check_database>}};

}  // namespace retort::rules
