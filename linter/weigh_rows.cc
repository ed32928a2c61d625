// What the columns of production hold, against what a statement demands of them.
#include "linter/weigh.h"

#include "compiler/catalog/apply.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace retort {
namespace {

using statistics::Table;

// Estimates are made from samples, and rounded.
constexpr double kRounding = 0.999;

std::string percent(double fraction) {
  return fraction < 0.001 ? "under 0.1 %" : fmt::format("about {:.2g} %", fraction * 100);
}

std::string of(const statistics::Statistics& statistics) {
  return fmt::format("(statistics of {})", statistics::text_of(statistics.taken));
}

std::string nulls_in(const Table& table, const std::string& name, const Production& production) {
  const statistics::Column* const column = table.column(name);
  if (!column || column->null_fraction <= 0 || table.rows.value_or(0) < 1)
    return "";
  return fmt::format("this will probably fail (23502): {} is NULL in {} of the rows {}",
                     forms::quoted(name), percent(column->null_fraction),
                     of(*production.statistics));
}

// Values of which there are fewer than rows stand in several of them.
std::string duplicates_in(const Table& table, const std::vector<std::string>& columns,
                          const Production& production) {
  const double rows = table.rows.value_or(0);
  double values = 1, filled = 1;
  std::string names;
  for (const std::string& name : columns) {
    const statistics::Column* const column = table.column(name);
    if (!column || column->distinct == 0)
      return "";
    values *= column->distinct > 0 ? column->distinct : -column->distinct * rows;
    filled -= column->null_fraction;
    names += (names.empty() ? "" : ", ") + forms::quoted(name);
  }
  if (columns.empty() || rows * filled < 2 || values >= rows * filled * kRounding)
    return "";
  return fmt::format("this will probably fail (23505): {} holds about {} different values in "
                     "about {} rows {}",
                     names, statistics::count_text(values), statistics::count_text(rows * filled),
                     of(*production.statistics));
}

// Rows that the release has changed, and columns that it has made, are not those of production.
const Table* unchanged(const Production& production, const catalog::Catalog& catalog,
                       const forms::Name& name) {
  if (!production.statistics || production.anything_written)
    return nullptr;
  const Table* const table = production.table(name, catalog);
  const bool written = table && production.written.contains(
                                    forms::to_text(forms::Name{table->schema, table->name, {}}));
  return written ? nullptr : table;
}

}  // namespace

std::string probable_failure(const forms::Form& form, const Production& production,
                             const catalog::Catalog& catalog,
                             const facts::Transaction& transaction) {
  const auto look = [&](const forms::Name& name, const std::vector<std::string>& columns,
                        bool not_null, bool unique) -> std::string {
    const Table* const table = unchanged(production, catalog, name);
    if (!table)
      return "";
    catalog::Apply names(const_cast<catalog::Catalog&>(catalog));
    const catalog::Id id = names.relation(name);
    if (std::any_of(columns.begin(), columns.end(),
                    [&](const std::string& column) { return transaction.added(id, column); }))
      return "";
    if (not_null)
      for (const std::string& column : columns)
        if (std::string why = nulls_in(*table, column, production); !why.empty())
          return why;
    return unique ? duplicates_in(*table, columns, production) : "";
  };
  if (const auto* const set = std::get_if<forms::SetNotNull>(&form); set && !set->not_valid)
    return look(set->table, {set->column}, true, false);
  if (const auto* const add = std::get_if<forms::AddConstraint>(&form)) {
    const forms::Constraint& key = add->constraint;
    const bool primary = key.kind == forms::ConstraintKind::primary_key;
    if ((primary || key.kind == forms::ConstraintKind::unique) && !key.nulls_not_distinct)
      return look(add->table, key.columns, primary, true);
  }
  if (const auto* const index = std::get_if<forms::CreateIndex>(&form);
      index && index->unique && !index->where && !index->nulls_not_distinct) {
    std::vector<std::string> columns;
    for (const forms::IndexColumn& column : index->columns)
      columns.push_back(column.column);  // none for an expression: nothing is known of it
    return look(index->table, columns, false, true);
  }
  return "";
}

}  // namespace retort
