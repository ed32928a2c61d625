// A foreign key whose own columns have no index: DELETE or a change of the key in the other table
// reads this one to the end, once for each row.
#include "rules/around.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using catalog::Id;
using catalog::Kind;

// The columns, in any order, lead the index. Rows that hold NULL refer to nothing, so that an index
// without them serves.
bool serves(const catalog::Object& table, const catalog::Index& index,
            const std::vector<int>& columns) {
  if (!index.valid || index.columns.size() < columns.size() || index.method == "gin" ||
      index.method == "brin")
    return false;
  if (!index.where.empty()) {
    const catalog::Column* const column = table.column_at(columns.front());
    if (columns.size() != 1 || !column ||
        index.where != forms::quoted(column->name) + " IS NOT NULL")
      return false;
  }
  for (size_t i = 0; i < columns.size(); ++i)
    if (std::find(columns.begin(), columns.end(), index.columns[i].column) == columns.end())
      return false;
  return true;
}

// The end of the statement, where a new one fits in.
Fix index_behind(const LintStatement& statement, const std::string& sql) {
  const uint32_t end = statement.at.span.end;
  return {Safety::safe, "make the index", {{{statement.at.file, {end, end}}, ";\n" + sql}}};
}

void check(EndVisit& visit) {
  const catalog::Catalog& catalog = visit.catalog();
  for (Id id = 1; id < catalog.size(); ++id) {
    const catalog::Object* const object = catalog.get(id);
    const auto* const key = object ? object->maybe<catalog::Constraint>() : nullptr;
    const Maker* const maker = visit.maker(id);
    if (!key || !maker || !maker->unit->reported ||
        key->kind != forms::ConstraintKind::foreign_key || key->parent != 0 || key->columns.empty())
      continue;
    const catalog::Object* const table = catalog.get(object->table);
    if (!table || table->kind != Kind::table)
      continue;
    const std::vector<Id> indexes = catalog.members(table->id, Kind::index);
    if (std::any_of(indexes.begin(), indexes.end(), [&](Id index) {
          return serves(*table, catalog.get(index)->as<catalog::Index>(), key->columns);
        }))
      continue;
    const catalog::Object* const other = catalog.get(key->references);
    const std::string list = column_list(*table, key->columns);
    const std::string name = visit.name_of(*table);
    const Unit* const doubt = doubtful(visit, *table);
    const bool partial = table->as<catalog::Table>().partial;
    Diagnostic* const finding =
        visit.report(id, definition_of(*maker->statement, *object, catalog),
                     fmt::format("no index on {} ({}): a DELETE in {} reads it to the end for each "
                                 "row",
                                 name, list, other ? visit.name_of(*other) : "the other table"),
                     {.unknown = doubt || partial});
    if (!finding)
      continue;
    if (doubt)
      finding->note(
          fmt::format("unless {}, which cannot be read whole, makes one", name_of(*doubt)));
    else if (partial)
      finding->note(fmt::format("unless whoever made {} has made one: the chain did not", name));
    const bool fresh = [&] {
      const Maker* const made = visit.maker(table->id);
      return made && made->statement == maker->statement;
    }();
    const std::string index = forms::quoted(
        catalog::make_object_name(table->name, table->column_at(key->columns[0])->name, "idx"));
    if (fresh && maker->statement->exact)
      finding->fix(index_behind(*maker->statement,
                                fmt::format("CREATE INDEX {} ON {} ({})", index, name, list)));
    finding->note(
        fmt::format("CREATE INDEX{} ON {} ({})", fresh ? "" : " CONCURRENTLY", name, list));
  }
}

}  // namespace

const Rule schema_fk_without_index{
    .name = "schema/fk-without-index", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
