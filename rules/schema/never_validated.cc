// NOT VALID is half of a constraint: rows that were there before may break it, the planner does not
// trust it, and a dump that holds such rows cannot be restored with it valid.
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using catalog::Id;

void check(EndVisit& visit) {
  const catalog::Catalog& catalog = visit.catalog();
  for (Id id = 1; id < catalog.size(); ++id) {
    const catalog::Object* const object = catalog.get(id);
    const auto* const constraint = object ? object->maybe<catalog::Constraint>() : nullptr;
    const Maker* const maker = visit.maker(id);
    if (!constraint || constraint->valid || !maker || constraint->parent != 0)
      continue;
    const catalog::Object* const table = catalog.get(object->table);
    if (!table)
      continue;
    const bool domain = table->kind == catalog::Kind::domain;
    Diagnostic* const finding = visit.report(
        id, definition_of(*maker->statement, *object, catalog),
        fmt::format("{} is never validated: old rows may break it", forms::quoted(object->name)),
        {.unknown = table->kind == catalog::Kind::table && doubtful(visit, *table)});
    if (finding)
      finding->fix(
          {Safety::review,
           "validate it once it is committed",
           {},
           {{.sql = maker->statement->sql},
            {.sql = fmt::format("ALTER {} {} VALIDATE CONSTRAINT {}", domain ? "DOMAIN" : "TABLE",
                                visit.name_of(*table), forms::quoted(object->name))}}});
  }
}

}  // namespace

const Rule schema_never_validated{
    .name = "schema/never-validated", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
