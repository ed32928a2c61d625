// A way down that demands of the rows what the way up had given up: NOT NULL, a key, a smaller
// type. Rows that were written in between may not comply.
#include "rules/around.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

// The way up has made a key that says the same, of tables whose columns the chain does not know.
bool is_in_force(const Visit& visit, const forms::AddConstraint& key) {
  const forms::Constraint& wanted = key.constraint;
  return !visit.transaction().wrote_rows &&
         find_form<forms::AddConstraint>(
             visit.unit().up.statements, [&](const forms::AddConstraint& made) {
               const forms::Constraint& other = made.constraint;
               return other.kind == wanted.kind && !other.not_valid && made.table == key.table &&
                      other.columns == wanted.columns &&
                      other.references.name == wanted.references.name &&
                      (other.references.schema == wanted.references.schema ||
                       other.references.schema.empty() || wanted.references.schema.empty()) &&
                      other.referenced_columns == wanted.referenced_columns;
             });
}

// Rows that the way down writes itself are another matter, and so is a table that it makes.
bool demands(Visit& visit) {
  const std::vector<forms::Form>& forms = visit.statement().forms;
  return std::any_of(forms.begin(), forms.end(), [&](const forms::Form& form) {
    if (const auto* const set = std::get_if<forms::SetNotNull>(&form))
      return visit.live(set->table);
    if (const auto* const alter = std::get_if<forms::AlterColumnType>(&form))
      return visit.live(alter->table);
    if (const auto* const index = std::get_if<forms::CreateIndex>(&form))
      return index->unique && visit.live(index->table);
    const auto* const add = std::get_if<forms::AddConstraint>(&form);
    return add && !add->constraint.not_valid && visit.live(add->table) &&
           !visit.refers_by_nulls(*add) && !is_in_force(visit, *add);
  });
}

void check(Visit& visit) {
  if (!visit.down() || !demands(visit))
    return;
  for (const std::string_view state : visit.facts().may_fail) {
    const std::string_view why = state == "23502"   ? "a NULL that was written meanwhile"
                                 : state == "23505" ? "a value that is there twice by now"
                                 : state == "23514" ? "a row that breaks the check by now"
                                 : state == "23503" ? "a row whose target is gone by now"
                                 : state == "22001" ? "a value that is too long by now"
                                 : state == "22003" ? "a number that is too large by now"
                                                    : std::string_view();
    if (why.empty())
      continue;
    visit.report({}, fmt::format("going down fails over {} ({})", why, state))
        .note("look before going down, with a query for such rows");
    return;
  }
}

}  // namespace

const Rule revert_data_dependent{
    .name = "revert/data-dependent", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
