// UPDATE or DELETE without WHERE, and TRUNCATE: every row, of a table that is in use.
#include "rules/around.h"
#include "rules/backfill.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

bool is_small(const Visit& visit, const forms::Name& table) {
  return visit.settings().is_small(table.schema, table.name);
}

Diagnostic& say_rows(const Visit& visit, const forms::Name& table, Diagnostic& finding) {
  if (std::string rows = visit.rows_in_production(table); !rows.empty())
    finding.note(std::move(rows));
  return finding;
}

bool has_limits(const forms::Query& query) { return !query.from.empty(); }  // a join picks rows

// As in `SET note = coalesce(note, '')`.
bool comes_from_old_values(const forms::Update& update) {
  return std::all_of(update.columns.begin(), update.columns.end(),
                     [&](const std::string& column) { return mentions(update.query, column); });
}

void check_update(const forms::Update& update, Visit& visit) {
  if (update.filtered || has_limits(update.query) || !visit.live(update.table) ||
      is_small(visit, update.table) || fills_new_columns(visit, update))
    return;
  say_rows(
      visit, update.table,
      visit.report(update.at,
                   fmt::format("every row of {} is written over, {}", forms::to_text(update.table),
                               comes_from_old_values(update)
                                   ? "with what is worked out from the old value"
                                   : "and what was there is gone"),
                   {.variant = "update"}))
      .note("say which rows with WHERE, or keep the old values in a column");
}

void check_delete(const forms::Delete& remove, Visit& visit) {
  if (remove.filtered || has_limits(remove.query) || !visit.live(remove.table))
    return;
  const bool copied = was_copied(visit, remove.table);
  Saying how{.variant = "delete"};
  if (copied)
    how.level = Level::info;
  say_rows(visit, remove.table,
           visit.report(remove.at,
                        fmt::format("every row of {} is deleted{}", forms::to_text(remove.table),
                                    copied ? "; they were read before" : ""),
                        how))
      .note("say which rows with WHERE, or keep a dump");
}

void check_truncate(const forms::Truncate& truncate, Visit& visit) {
  for (const forms::Name& table : truncate.tables)
    if (visit.live(table)) {
      say_rows(visit, table,
               visit.report(table.at.empty() ? truncate.at : table.at,
                            fmt::format("every row of {} is gone", forms::to_text(table)),
                            {.variant = "truncate"}))
          .note("keep a dump");
      return;
    }
}

}  // namespace

const Rule data_whole_table{.name = "data/whole-table",
                            .level = Level::warning,
                            .checks = {on<check_update>, on<check_delete>, on<check_truncate>}};

}  // namespace retort::rules
