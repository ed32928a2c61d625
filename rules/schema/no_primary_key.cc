// A table without a primary key: logical replication cannot tell its rows apart (UPDATE and DELETE
// fail, 55000), and neither can most ORMs.
#include "rules/around.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using catalog::Id;
using catalog::Kind;

// An index that could be the key: unique, whole, of columns that are never NULL.
const catalog::Object* candidate(const catalog::Catalog& catalog, const catalog::Object& table) {
  for (const Id id : catalog.members(table.id, Kind::index)) {
    const auto& index = catalog.get(id)->as<catalog::Index>();
    if (index.unique && index.where.empty() &&
        std::all_of(index.columns.begin(), index.columns.end(),
                    [&](const catalog::IndexPart& part) {
                      const catalog::Column* const column = table.column_at(part.column);
                      return column && column->not_null;
                    }))
      return catalog.get(id);
  }
  return nullptr;
}

bool has_key(const catalog::Catalog& catalog, const catalog::Object& table) {
  const std::vector<Id> indexes = catalog.members(table.id, Kind::index);
  return std::any_of(indexes.begin(), indexes.end(),
                     [&](Id id) { return catalog.get(id)->as<catalog::Index>().primary; });
}

void check(EndVisit& visit) {
  const catalog::Catalog& catalog = visit.catalog();
  for (Id id = 1; id < catalog.size(); ++id) {
    const catalog::Object* const object = catalog.get(id);
    const Maker* const maker = visit.maker(id);
    if (!object || object->kind != Kind::table || !maker)
      continue;
    const auto& table = object->as<catalog::Table>();
    if (table.partition || table.partial || !table.parents.empty() ||
        table.persistence == forms::Persistence::temporary || has_key(catalog, *object))
      continue;
    const catalog::Object* const unique = candidate(catalog, *object);
    const std::string name = visit.name_of(*object);
    const Unit* const doubt = doubtful(visit, *object);
    Diagnostic* const finding = visit.report(
        id, definition_of(*maker->statement, *object, catalog),
        fmt::format("{} has no primary key: logical replication cannot send its changes", name),
        {.variant = unique ? "unique-instead" : std::string_view(), .unknown = doubt != nullptr});
    if (!finding)
      continue;
    if (doubt)
      finding->note(
          fmt::format("unless {}, which cannot be read whole, adds one", name_of(*doubt)));
    if (unique)
      finding->note(fmt::format("{} would do as one", forms::quoted(unique->name)));
    else
      finding->note("name the columns that tell its rows apart, or give it an identity column");
  }
}

}  // namespace

const Rule schema_no_primary_key{
    .name = "schema/no-primary-key", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
