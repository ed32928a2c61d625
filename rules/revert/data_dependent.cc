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

// The table of whose rows a form demands something; one that the way down makes has none.
const forms::Name* demanded_of(const Visit& visit, const forms::Form& form) {
  const forms::Name* table = nullptr;
  if (const auto* const set = std::get_if<forms::SetNotNull>(&form))
    table = &set->table;
  else if (const auto* const alter = std::get_if<forms::AlterColumnType>(&form))
    table = &alter->table;
  else if (const auto* const index = std::get_if<forms::CreateIndex>(&form))
    table = index->unique ? &index->table : nullptr;
  else if (const auto* const add = std::get_if<forms::AddConstraint>(&form))
    table = add->constraint.not_valid || visit.refers_by_nulls(*add) || is_in_force(visit, *add)
                ? nullptr
                : &add->table;
  return table && visit.live(*table) ? table : nullptr;
}

// The way down mends rows of the table before it asks for something; null where it does not.
const LintStatement* mends(const Visit& visit, const forms::Name& table) {
  const auto of_table = [&](const auto& form) { return same_relation(visit, form.table, table); };
  if (const auto update = find_form<forms::Update>(earlier(visit), of_table))
    return update.statement;
  return find_form<forms::Delete>(earlier(visit), of_table).statement;
}

void check(Visit& visit) {
  if (!visit.down())
    return;
  const forms::Name* table = nullptr;
  for (const forms::Form& form : visit.statement().forms)
    if (!table)
      table = demanded_of(visit, form);
  if (!table)
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
    const LintStatement* const mended = mends(visit, *table);
    // By what keys and checks the rows were held so far, a table may keep to itself.
    const bool key = state == "23503" || state == "23505" || state == "23514";
    Saying how{.unknown = key && !visit.known(*table)};
    if (mended)
      how.level = Level::info;
    Diagnostic& finding =
        visit.report({}, fmt::format("going down fails over {} ({})", why, state), how);
    if (mended)
      finding.note(mended->at, "unless this has changed all of them");
    else
      finding.note("look before going down, with a query for such rows");
    return;
  }
}

}  // namespace

const Rule revert_data_dependent{
    .name = "revert/data-dependent", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
