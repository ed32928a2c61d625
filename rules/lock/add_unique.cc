// ADD UNIQUE and ADD PRIMARY KEY build their index under ACCESS EXCLUSIVE. An index that was built
// CONCURRENTLY is taken over in no time with USING INDEX; but a primary key makes its columns NOT
// NULL, and reads every row to be sure unless they are already.
#include "rules/steps.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using forms::ConstraintKind;

// The columns of an index that may hold NULL; nothing when the index is not known.
std::vector<std::string> nullable_columns(const forms::AddConstraint& add, Visit& visit) {
  std::vector<std::string> names;
  const catalog::Object* const index =
      visit.relation({add.table.schema, add.constraint.using_index, {}});
  const catalog::Object* const table = visit.relation(add.table);
  const catalog::Index* const data = index ? index->maybe<catalog::Index>() : nullptr;
  if (!data || !table)
    return names;
  for (const catalog::IndexPart& part : data->columns)
    if (const catalog::Column* const column = table->column_at(part.column);
        column && !column->not_null)
      names.push_back(column->name);
  return names;
}

std::string deferring(const forms::Constraint& key) {
  if (key.initially_deferred)
    return " DEFERRABLE INITIALLY DEFERRED";
  return key.deferrable ? " DEFERRABLE" : "";
}

std::string names_list(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names)
    quoted.push_back(forms::quoted(name));
  return join(quoted, ", ");
}

// The index first, and the constraint takes it over. A partitioned table can do neither, and a
// primary key would read for NULLs where its columns may hold them.
std::optional<Fix> index_first(const Visit& visit, const forms::AddConstraint& add) {
  const forms::Constraint& key = add.constraint;
  const catalog::Object* const table = visit.relation(add.table);
  const catalog::Table* const data = table ? table->maybe<catalog::Table>() : nullptr;
  const std::string name = name_of_constraint(visit, key, add.table);
  if (visit.down() || name.empty() || visit.statement().forms.size() != 1 ||
      (data && !data->strategy.empty()))
    return std::nullopt;
  const bool primary = key.kind == ConstraintKind::primary_key;
  for (const std::string& each : key.columns) {
    const catalog::Column* const column = table ? table->column_named(each) : nullptr;
    if (primary && (!column || !column->not_null))
      return std::nullopt;
  }
  const std::string on = forms::to_text(add.table);
  const std::string index = forms::quoted(name);
  return Fix{Safety::review,
             with_names(visit, "build the index CONCURRENTLY, and take it over"),
             {},
             {{.sql = fmt::format(
                   "CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({}){}{}", index, on,
                   names_list(key.columns),
                   key.include.empty() ? "" : fmt::format(" INCLUDE ({})", names_list(key.include)),
                   key.nulls_not_distinct ? " NULLS NOT DISTINCT" : ""),
               .outside = true},
              {.sql = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}{}", on, index,
                                  primary ? "PRIMARY KEY" : "UNIQUE", index, deferring(key))}}};
}

void check_constraint(const forms::AddConstraint& add, Visit& visit) {
  const forms::Constraint& key = add.constraint;
  const bool primary = key.kind == ConstraintKind::primary_key;
  if ((!primary && key.kind != ConstraintKind::unique) || !visit.live(add.table))
    return;
  const std::string table = forms::to_text(add.table);
  if (!key.using_index.empty()) {
    if (!primary)
      return;
    for (const std::string& column : nullable_columns(add, visit))
      visit
          .report(key.at,
                  fmt::format("column {} may hold NULL: {} is read to the end while nobody else "
                              "can read or write",
                              forms::quoted(column), table),
                  {.variant = "nullable-key", .level = Level::warning})
          .note("make the column NOT NULL first, by way of a CHECK that was validated apart");
    return;
  }
  Diagnostic& finding =
      visit.report(key.at,
                   fmt::format("nobody can read or write {} while the index of this {} is built",
                               table, primary ? "primary key" : "constraint"),
                   {.variant = primary ? "primary-key" : std::string_view()});
  if (std::optional<Fix> fix = index_first(visit, add))
    finding.fix(std::move(*fix));
  else
    finding.note(fmt::format("CREATE UNIQUE INDEX CONCURRENTLY first, then ADD {} USING INDEX",
                             primary ? "PRIMARY KEY" : "UNIQUE"));
}

void check_column(const forms::AddColumn& add, Visit& visit) {
  if (!visit.live(add.table))
    return;
  for (const forms::Constraint& constraint : add.column.constraints) {
    const bool primary = constraint.kind == ConstraintKind::primary_key;
    if (!primary && constraint.kind != ConstraintKind::unique)
      continue;
    visit
        .report(constraint.at,
                fmt::format("nobody can read or write {} while the index of the new column is "
                            "built",
                            forms::to_text(add.table)),
                {.variant = primary ? "primary-key" : std::string_view()})
        .note("add the column alone, build the index CONCURRENTLY, and take it over with USING "
              "INDEX");
  }
}

}  // namespace

const Rule lock_add_unique{.name = "lock/add-unique",
                           .level = Level::error,
                           .checks = {on<check_constraint>, on<check_column>}};

}  // namespace retort::rules
