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

// What a form demands of the rows of a table. One that the way down makes has none.
struct Demand {
  const forms::Name* table = nullptr;
  std::vector<std::string> columns;
};
Demand demand_of(const Visit& visit, const forms::Form& form) {
  Demand demand;
  if (const auto* const set = std::get_if<forms::SetNotNull>(&form); set && !set->not_valid) {
    demand = {&set->table, {set->column}};
  } else if (const auto* const alter = std::get_if<forms::AlterColumnType>(&form)) {
    demand = {&alter->table, {alter->column}};
  } else if (const auto* const index = std::get_if<forms::CreateIndex>(&form);
             index && index->unique) {
    demand.table = &index->table;
    for (const forms::IndexColumn& column : index->columns)
      demand.columns.push_back(column.column);
  } else if (const auto* const add = std::get_if<forms::AddConstraint>(&form);
             add && !add->constraint.not_valid && !visit.refers_by_nulls(*add) &&
             !is_in_force(visit, *add)) {
    demand = {&add->table, add->constraint.columns};
    if (add->constraint.check)
      for (const forms::ColumnUse& use : add->constraint.check->columns)
        demand.columns.push_back(use.names.empty() ? "" : use.names.back());
  }
  return demand.table && visit.live(*demand.table) ? demand : Demand{};
}

// The way down looks after those rows before: who wrote it has thought of them.
bool mends(const Visit& visit, const Demand& demand) {
  const auto mends = [&](const auto& form) {
    const auto is_meant = [&](const std::string& column) {
      bool meant = mentions(form.query, column);
      if constexpr (requires { form.columns; })
        meant |= std::find(form.columns.begin(), form.columns.end(), column) != form.columns.end();
      return meant;
    };
    return same_relation(visit, form.table, *demand.table) &&
           std::any_of(demand.columns.begin(), demand.columns.end(), is_meant);
  };
  return find_form<forms::Update>(earlier(visit), mends) ||
         find_form<forms::Delete>(earlier(visit), mends);
}

void check(Visit& visit) {
  if (!visit.down())
    return;
  Demand demand;
  for (const forms::Form& form : visit.statement().forms)
    if (!demand.table)
      demand = demand_of(visit, form);
  if (!demand.table || mends(visit, demand))
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
    // By what keys and checks the rows were held so far, a table may keep to itself.
    const bool key = state == "23503" || state == "23505" || state == "23514";
    visit
        .report({}, fmt::format("going down fails over {} ({})", why, state),
                {.unknown = key && !visit.known(*demand.table)})
        .note("look before going down, with a query for such rows");
    return;
  }
}

}  // namespace

const Rule revert_data_dependent{
    .name = "revert/data-dependent", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
