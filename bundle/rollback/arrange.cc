#include "bundle/rollback/arrange.h"

#include "bundle/rollback/affected.h"
#include "compiler/catalog/apply.h"
#include "compiler/statement_forms.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort::rollback {
namespace {

// NOT NULL waits until the old values are back.
struct Split {
  std::string sql, late;
};
Split split_not_null(const std::string& sql, const std::vector<forms::Form>& forms) {
  constexpr std::string_view kEnd = " NOT NULL";
  const auto* const add = forms.size() == 1 ? std::get_if<forms::AddColumn>(&forms[0]) : nullptr;
  if (!add || !add->column.not_null || add->column.fallback || add->column.generated ||
      add->column.identity != forms::Identity::none || !sql.ends_with(kEnd) ||
      !catalog::serial_type(add->column.type).empty())
    return {sql, ""};
  return {sql.substr(0, sql.size() - kEnd.size()),
          fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL", forms::to_text(add->table),
                      forms::quoted(add->column.name))};
}

// What asks for rows, or values, that are not yet back: a foreign key to a table that comes back
// empty, a key or a check of a column that does.
bool waits_for_rows(const std::vector<forms::Form>& forms, const std::set<std::string>& added,
                    catalog::Catalog& catalog, const Moments& moments,
                    const std::set<catalog::Id>& emptied) {
  if (forms.size() != 1)
    return false;
  const auto names = [&](const forms::Name& table, const std::string& column) {
    return added.contains(forms::to_text(table) + "." + column);
  };
  if (const auto* const index = std::get_if<forms::CreateIndex>(&forms[0]))
    return index->unique && std::any_of(index->columns.begin(), index->columns.end(),
                                        [&](const forms::IndexColumn& each) {
                                          return each.column.empty() ||
                                                 names(index->table, each.column);
                                        });
  const auto* const add = std::get_if<forms::AddConstraint>(&forms[0]);
  if (!add)
    return false;
  const forms::Constraint& constraint = add->constraint;
  if (constraint.kind == forms::ConstraintKind::foreign_key)
    if (const catalog::Id target = catalog::Apply(catalog).relation(constraint.references);
        emptied.contains(target) || !was_there(catalog, moments, target))
      return true;
  if (constraint.kind == forms::ConstraintKind::check)
    return std::any_of(constraint.check.get().columns.begin(), constraint.check.get().columns.end(),
                       [&](const forms::ColumnUse& use) {
                         return !use.names.empty() && names(add->table, use.names.back());
                       });
  return std::any_of(constraint.columns.begin(), constraint.columns.end(),
                     [&](const std::string& column) { return names(add->table, column); });
}

}  // namespace

Arranged arrange(const WayBack& way, catalog::Catalog& catalog, const Moments& moments,
                 const std::set<catalog::Id>& emptied) {
  Arranged all;
  std::set<std::string> added;
  for (const BackStep& step : way.steps) {
    const std::vector<forms::Form> forms = forms_of(step.sql);
    for (const forms::Form& form : forms)
      if (const auto* const add = std::get_if<forms::AddColumn>(&form))
        added.insert(forms::to_text(add->table) + "." + add->column.name);
    if (waits_for_rows(forms, added, catalog, moments, emptied)) {
      all.late.push_back(step.sql);
      continue;
    }
    const Split parts = split_not_null(step.sql, forms);
    all.first.push_back(parts.sql);
    if (!parts.late.empty())
      all.late.push_back(parts.late);
  }
  return all;
}

}  // namespace retort::rollback
