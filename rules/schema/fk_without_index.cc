// A foreign key whose own columns have no index: DELETE or a change of the key in the other table
// reads this one to the end, once for each row.
#include "linter/edits.h"
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

struct Wanted {
  const catalog::Object& table;
  const std::vector<int>& columns;
  std::string name;  // of the index
  std::string on;    // the table, as one writes it
  std::string list;
};

// Behind the statement that makes the table, in the words of its file.
std::optional<Fix> index_behind(const EndVisit& visit, const LintStatement& statement,
                                const Wanted& wanted) {
  std::optional<Edit> edit;
  if (!is_python(statement) || statement.exact) {
    edit = statement_behind(visit.sources(), statement,
                            fmt::format("CREATE INDEX {} ON {} ({})", forms::quoted(wanted.name),
                                        wanted.on, wanted.list));
  } else {
    std::vector<std::string> columns;
    std::vector<std::string> names = {wanted.name, wanted.table.name};
    for (const int number : wanted.columns)
      names.push_back(wanted.table.column_at(number)->name);
    for (std::string& name : names) {
      const std::optional<std::string> text = python_string(name);
      if (!text)
        return std::nullopt;
      name = *text;
    }
    columns.assign(names.begin() + 2, names.end());
    const catalog::Object* const schema = visit.catalog().get(wanted.table.schema);
    const bool elsewhere = schema && schema->name != "public";
    edit = lines_behind(
        visit.sources(), statement,
        {fmt::format("op.create_index({}, {}, [{}]{})", names[0], names[1], join(columns, ", "),
                     elsewhere ? fmt::format(", schema=\"{}\"", schema->name) : "")});
  }
  if (!edit)
    return std::nullopt;
  return Fix{Safety::safe, "make the index", {std::move(*edit)}};
}

void check(EndVisit& visit) {
  const catalog::Catalog& catalog = visit.catalog();
  // The columns that are known of a table from before the chain came with it: so did all indexes.
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
    Diagnostic* const finding =
        visit.report(id, definition_of(*maker->statement, *object, catalog),
                     fmt::format("no index on {} ({}): a DELETE in {} reads it to the end for each "
                                 "row",
                                 name, list, other ? visit.name_of(*other) : "the other table"),
                     {.unknown = doubt != nullptr});
    if (!finding)
      continue;
    if (doubt)
      finding->note(
          fmt::format("unless {}, which cannot be read whole, makes one", name_of(*doubt)));
    const bool fresh = [&] {
      const Maker* const made = visit.maker(table->id);
      return made && made->statement == maker->statement;
    }();
    const std::string index =
        catalog::make_object_name(table->name, table->column_at(key->columns[0])->name, "idx");
    const bool free = catalog.named(catalog::Space::relation, index).empty();
    std::optional<Fix> fix = fresh && free ? index_behind(visit, *maker->statement,
                                                          {*table, key->columns, index, name, list})
                                           : std::nullopt;
    if (fix)
      finding->fix(std::move(*fix));
    finding->note(fmt::format("CREATE INDEX{}{} ON {} ({})", fresh ? "" : " CONCURRENTLY",
                              free ? " " + forms::quoted(index) : "", name, list));
  }
}

}  // namespace

const Rule schema_fk_without_index{
    .name = "schema/fk-without-index", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
