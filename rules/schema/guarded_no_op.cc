// IF NOT EXISTS looks at the name alone: what is there under it may be something else, and then
// nothing happens, in silence. An index whose concurrent build has failed is there, too: invalid.
#include "linter/edits.h"
#include "rules/around.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

std::string columns_of(const std::vector<forms::IndexColumn>& columns) {
  std::vector<std::string> names;
  for (const forms::IndexColumn& column : columns)
    names.push_back(column.column.empty() ? column.expression.text : column.column);
  return join(names, ", ");
}
std::string columns_of(const catalog::Object& table, const catalog::Index& index) {
  std::vector<std::string> names;
  for (const catalog::IndexPart& part : index.columns) {
    const catalog::Column* const column = table.column_at(part.column);
    names.push_back(column ? column->name : part.expression);
  }
  return join(names, ", ");
}

void check_table(const forms::CreateTable& create, Visit& visit) {
  const catalog::Object* const table = visit.relation(create.table);
  if (!create.if_not_exists || !table || !visit.known(create.table) || !create.likes.empty() ||
      !create.inherits.empty() || !create.partition_of.name.empty())
    return;
  const auto* const data = table->maybe<catalog::Table>();
  if (!data)
    return;
  std::vector<std::string> missing;
  for (const forms::Column& column : create.columns)
    if (!table->column_named(column.name))
      missing.push_back(forms::quoted(column.name));
  std::vector<std::string> more;
  for (const catalog::Column& column : data->columns)
    if (!column.dropped && std::none_of(create.columns.begin(), create.columns.end(),
                                        [&](const auto& each) { return each.name == column.name; }))
      more.push_back(forms::quoted(column.name));
  if (missing.empty() && more.empty())
    return;
  Diagnostic& finding = visit.report(
      create.table.at, fmt::format("{} is there with other columns, and stays as it is",
                                   forms::to_text(create.table)));
  if (!missing.empty())
    finding.note("it lacks " + join(missing, ", "));
  if (!more.empty())
    finding.note("it has besides " + join(more, ", "));
  if (const Maker* const maker = visit.maker(table->id))
    finding.note(maker->statement->at, "it was made here");
}

void check_column(const forms::AddColumn& add, Visit& visit) {
  const catalog::Object* const table = visit.relation(add.table);
  const catalog::Column* const column = table ? table->column_named(add.column.name) : nullptr;
  if (!add.if_not_exists || !column || !column->type.known || column->type.object != 0 ||
      visit.type({add.column.type.schema, add.column.type.name, {}}))
    return;
  const std::string serial = catalog::serial_type(add.column.type);
  if (column->type.internal == (serial.empty() ? add.column.type.name : serial) &&
      column->type.modifiers == add.column.type.modifiers &&
      column->type.array == add.column.type.array && (!add.column.not_null || column->not_null))
    return;
  visit.report(add.at,
               fmt::format("{}.{} is there as {}{}, and stays as it is", forms::to_text(add.table),
                           forms::quoted(column->name), visit.text_of(column->type),
                           column->not_null ? " NOT NULL" : ""));
}

void check_index(const forms::CreateIndex& create, Visit& visit) {
  if (!create.if_not_exists || create.index.name.empty())
    return;
  const catalog::Object* const index = visit.relation(create.index);
  if (index) {
    const auto* const data = index->maybe<catalog::Index>();
    const catalog::Object* const table = data ? visit.object(index->table) : nullptr;
    const catalog::Object* const wanted = visit.relation(create.table);
    if (!table ||
        (table == wanted && data->unique == create.unique && data->where == create.where.text &&
         data->method == create.method && columns_of(*table, *data) == columns_of(create.columns)))
      return;
    visit.report(create.at,
                 fmt::format("{} is there as another index, of {} ({}), and stays as it is",
                             forms::to_text(create.index), visit.name_of(*table),
                             columns_of(*table, *data)));
    return;
  }
  if (!create.concurrently || !visit.live(create.table))
    return;
  const auto dropped = find_form<forms::Drop>(earlier(visit), [&](const forms::Drop& drop) {
    return drop.object.kind == forms::ObjectKind::index &&
           drop.object.name.name == create.index.name;
  });
  if (dropped)
    return;
  Diagnostic& finding = visit.report(
      create.at,
      fmt::format("if building it fails, {} is left invalid, and the next try keeps it so",
                  forms::to_text(create.index)),
      {.variant = "invalid-index"});
  const std::string first =
      fmt::format("DROP INDEX CONCURRENTLY IF EXISTS {}",
                  forms::to_text(forms::Name{create.table.schema, create.index.name, {}}));
  finding.note("before it: " + first);
  const LintStatement& statement = visit.statement();
  if (visit.down() || (is_python(statement) && statement.transaction))
    return;
  if (std::optional<Edit> edit = statement_before(visit.sources(), statement, first))
    finding.fix({Safety::safe, "drop what a failed build has left", {std::move(*edit)}});
}

}  // namespace

const Rule schema_guarded_no_op{.name = "schema/guarded-no-op",
                                .level = Level::warning,
                                .checks = {on<check_table>, on<check_column>, on<check_index>}};

}  // namespace retort::rules
