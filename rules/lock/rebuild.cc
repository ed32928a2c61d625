// REINDEX locks the index ACCESS EXCLUSIVE, and a query plans with every index of its table: all of
// them wait. REFRESH MATERIALIZED VIEW locks out its readers. Both have a concurrent form.
#include "rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

void check_reindex(const forms::Reindex& reindex, Visit& visit) {
  if (reindex.concurrently)
    return;
  const catalog::Object* const object =
      reindex.name.name.empty() ? nullptr : visit.relation(reindex.name);
  if (object && !visit.live(object->kind == catalog::Kind::index ? object->table : object->id))
    return;
  visit
      .report(reindex.name.at.empty() ? reindex.at : reindex.name.at,
              "reads and writes wait until this is rebuilt", {.variant = "reindex"})
      .note("REINDEX … CONCURRENTLY, outside of a transaction, blocks nobody");
}

// CONCURRENTLY compares old and new rows by a unique index over plain columns and all rows.
bool has_usable_index(const catalog::Catalog& catalog, catalog::Id view) {
  for (const catalog::Id id : catalog.members(view, catalog::Kind::index)) {
    const catalog::Index& index = catalog.get(id)->as<catalog::Index>();
    if (index.unique && index.where.empty() &&
        std::all_of(index.columns.begin(), index.columns.end(),
                    [](const catalog::IndexPart& part) { return part.column != 0; }))
      return true;
  }
  return false;
}

void check_refresh(const forms::Refresh& refresh, Visit& visit) {
  if (refresh.concurrently || !refresh.with_data || !visit.live(refresh.view))
    return;
  const catalog::Object* const view = visit.relation(refresh.view);
  const catalog::Table* const data = view ? view->maybe<catalog::Table>() : nullptr;
  if (data && !data->populated)
    return;  // nobody can read it yet
  Diagnostic& finding = visit.report(
      refresh.view.at,
      fmt::format("readers of {} wait until its query has run", forms::to_text(refresh.view)),
      {.variant = "matview"});
  if (view && has_usable_index(visit.before(), view->id))
    finding.note("REFRESH MATERIALIZED VIEW CONCURRENTLY lets them read the old rows meanwhile");
  else
    finding.note("a unique index on plain columns would allow REFRESH … CONCURRENTLY");
}

}  // namespace

const Rule lock_rebuild{.name = "lock/rebuild",
                        .level = Level::warning,
                        .checks = {on<check_reindex>, on<check_refresh>}};

}  // namespace retort::rules
