// Rows that running code writes are refused from now on: by a key that two of them share, or by a
// demand on a column which that code does not know and leaves NULL.
#include "rules/around.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using forms::ConstraintKind;

// Added by this release, and NULL unless it is written.
bool is_unknown_to_old_code(const Visit& visit, const forms::Name& name,
                            const std::string& column_name) {
  const catalog::Object* const table = visit.relation(name);
  const catalog::Column* const column = table ? table->column_named(column_name) : nullptr;
  if (column &&
      (column->fallback != 0 || column->generated || column->identity != forms::Identity::none))
    return false;
  const auto added = find_form<forms::AddColumn>(earlier(visit), [&](const forms::AddColumn& add) {
    return add.column.name == column_name && same_relation(visit, add.table, name);
  });
  const auto renamed = find_form<forms::Rename>(later(visit), [&](const forms::Rename& rename) {
    return rename.object.kind == catalog::Kind::column && rename.object.column == column_name &&
           same_relation(visit, rename.object.name, name);
  });
  if (!added || renamed)  // what it is called in the end, old code may know
    return false;
  return column || (!added.form->column.fallback && !added.form->column.generated);
}

void report_required(Visit& visit, Span at, std::string_view variant, const forms::Name& table,
                     const std::string& column) {
  visit
      .report(at,
              fmt::format("running code does not write {}.{}, and every INSERT of it fails from "
                          "now on ({})",
                          forms::to_text(table), forms::quoted(column),
                          variant == "check" ? "23514" : "23502"),
              {.variant = variant, .level = Level::warning})
      .note("demand it in a later release, when all code writes it, or give it a default");
}

void check_not_null(const forms::SetNotNull& set, Visit& visit) {
  if (visit.down() || !visit.live(set.table) ||
      !is_unknown_to_old_code(visit, set.table, set.column))
    return;
  const auto filled =
      find_form<forms::SetDefault>(later(visit), [&](const forms::SetDefault& each) {
        return each.column == set.column && same_relation(visit, each.table, set.table);
      });
  if (!filled)
    report_required(visit, set.at, "not-null", set.table, set.column);
}

void report_unique(Visit& visit, Span at, const forms::Name& table,
                   const std::vector<std::string>& columns) {
  if (visit.down() || !visit.live(table) || columns.empty())
    return;
  const catalog::Object* const object = visit.relation(table);
  // NULL is never twice: a column that nobody has written yet is no trouble.
  if (std::any_of(columns.begin(), columns.end(), [&](const std::string& column) {
        return is_unknown_to_old_code(visit, table, column);
      }))
    return;
  if (object)
    for (const catalog::Id id : visit.before().members(object->id, catalog::Kind::index)) {
      const auto& index = visit.object(id)->as<catalog::Index>();
      if (!index.unique || !index.where.empty())
        continue;
      // Already one of these alone is.
      if (std::all_of(index.columns.begin(), index.columns.end(),
                      [&](const catalog::IndexPart& part) {
                        const catalog::Column* const column = object->column_at(part.column);
                        return column && std::find(columns.begin(), columns.end(), column->name) !=
                                             columns.end();
                      }))
        return;
    }
  std::vector<std::string> names;
  for (const std::string& column : columns)
    names.push_back(forms::quoted(column));
  const std::string list = join(names, ", ");
  visit
      .report(at,
              fmt::format("this fails if {} holds a value of ({}) twice (23505), and so does "
                          "running code that writes one",
                          forms::to_text(table), list),
              {.variant = "unique"})
      .note(fmt::format("look first: SELECT {0} FROM {1} GROUP BY {0} HAVING count(*) > 1", list,
                        forms::to_text(table)));
}

void check_constraint(const forms::AddConstraint& add, Visit& visit) {
  const forms::Constraint& constraint = add.constraint;
  if (constraint.kind == ConstraintKind::unique && constraint.using_index.empty())
    return report_unique(visit, constraint.at, add.table, constraint.columns);
  if (constraint.kind != ConstraintKind::check || visit.down() || !visit.live(add.table))
    return;
  // `x IS NOT NULL`, alone or as one of several demands.
  for (const forms::ColumnUse& use : constraint.check->columns) {
    if (use.names.empty())
      continue;
    const std::string demand = forms::quoted(use.names.back()) + " IS NOT NULL";
    if (constraint.check->text.find(demand) != std::string::npos &&
        constraint.check->text.find(" OR ") == std::string::npos &&
        is_unknown_to_old_code(visit, add.table, use.names.back()))
      return report_required(visit, constraint.at, "check", add.table, use.names.back());
  }
}

void check_index(const forms::CreateIndex& index, Visit& visit) {
  if (!index.unique || index.where)
    return;
  std::vector<std::string> columns;
  for (const forms::IndexColumn& column : index.columns) {
    if (column.column.empty())
      return;
    columns.push_back(column.column);
  }
  report_unique(visit, index.at, index.table, columns);
}

}  // namespace

const Rule compat_rejects_old_writers{
    .name = "compat/rejects-old-writers",
    .level = Level::info,
    .checks = {on<check_not_null>, on<check_constraint>, on<check_index>}};

}  // namespace retort::rules
