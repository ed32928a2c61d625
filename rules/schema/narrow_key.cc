// A primary key that counts up in 32 bits ends at 2147483647, and INSERT with it (22003, or 2200H
// of the sequence). To widen it later rewrites the table, and every one that refers to it.
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using catalog::Id;
using catalog::Kind;

bool counts(const catalog::Catalog& catalog, const catalog::Column& column) {
  if (column.identity != forms::Identity::none)
    return true;
  const catalog::Object* const fallback = catalog.get(column.fallback);
  const auto* const text = fallback ? fallback->maybe<catalog::Default>() : nullptr;
  return text && text->text.find("nextval(") != std::string::npos;
}

void check(EndVisit& visit) {
  const catalog::Catalog& catalog = visit.catalog();
  for (Id id = 1; id < catalog.size(); ++id) {
    const catalog::Object* const object = catalog.get(id);
    const auto* const index = object ? object->maybe<catalog::Index>() : nullptr;
    const catalog::Object* const table = index ? catalog.get(object->table) : nullptr;
    if (!table || !index->primary || index->columns.size() != 1 || index->parent != 0)
      continue;
    const catalog::Column* const column = table->column_at(index->columns[0].column);
    if (!column || (column->type.internal != "int4" && column->type.internal != "int2") ||
        column->type.object != 0 || !counts(catalog, *column))
      continue;
    const Maker* const maker = visit.maker(table->id);
    if (!maker)
      continue;
    Span at;
    for (const forms::Form& form : maker->statement->forms)
      if (const auto* const create = std::get_if<forms::CreateTable>(&form))
        for (const forms::Column& each : create->columns)
          if (each.name == column->name)
            at = each.at;
    const bool small = column->type.internal == "int2";
    Diagnostic* const finding =
        visit.report(table->id, at,
                     fmt::format("{} can number {} rows and no more", visit.name_of(*table),
                                 small ? "32767" : "2147483647"),
                     {.level = small ? std::optional(Level::warning) : std::nullopt});
    if (finding)
      finding->note("bigint costs four bytes a row now, and a rewrite of this and of every table "
                    "that refers to it later");
  }
}

}  // namespace

const Rule schema_narrow_key{
    .name = "schema/narrow-key", .level = Level::info, .checks = {on<check>}};

}  // namespace retort::rules
