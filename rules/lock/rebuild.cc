// REINDEX locks the index ACCESS EXCLUSIVE, and a query plans with every index of its table: all of
// them wait. REFRESH MATERIALIZED VIEW locks out its readers. Both have a concurrent form.
#include "linter/edits.h"
#include "rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

// The index of an EXCLUDE constraint is refused CONCURRENTLY.
bool backs_exclusion(const Visit& visit, const catalog::Object* object) {
  const auto* const index = object ? object->maybe<catalog::Index>() : nullptr;
  const catalog::Object* const owner = index ? visit.object(index->constraint) : nullptr;
  const auto* const constraint = owner ? owner->maybe<catalog::Constraint>() : nullptr;
  return constraint && constraint->kind == forms::ConstraintKind::exclusion;
}

void check_reindex(const forms::Reindex& reindex, Visit& visit) {
  if (reindex.concurrently)
    return;
  const catalog::Object* const object =
      reindex.name.name.empty() ? nullptr : visit.relation(reindex.name);
  if (object && !visit.live(object->kind == catalog::Kind::index ? object->table : object->id))
    return;
  Diagnostic& finding =
      visit
          .report(reindex.name.at.empty() ? reindex.at : reindex.name.at,
                  "reads and writes wait until this is rebuilt", {.variant = "reindex"})
          .note("REINDEX … CONCURRENTLY, outside of a transaction, blocks nobody");
  const std::string_view word = reindex.kind == forms::ObjectKind::index   ? "index"
                                : reindex.kind == forms::ObjectKind::table ? "table"
                                                                           : "";
  if (word.empty() || !visit.statement().exact || backs_exclusion(visit, object))
    return;
  if (std::optional<Fix> fix = visit.concurrently(word))
    finding.fix(std::move(*fix));
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
  if (!view || !has_usable_index(visit.before(), view->id)) {
    finding.note("a unique index on plain columns would allow REFRESH … CONCURRENTLY");
    return;
  }
  finding.note("REFRESH MATERIALIZED VIEW CONCURRENTLY lets them read the old rows meanwhile");
  if (std::optional<Edit> edit =
          after_word(visit.sources(), visit.statement(), "view", " CONCURRENTLY");
      edit && data)
    finding.fix({Safety::safe, "do it CONCURRENTLY", {std::move(*edit)}});
}

// It lets readers go on, and nothing else: EXCLUSIVE keeps out every other refresh, and whoever
// wants to write, which nobody can.
void check_concurrent_refresh(const forms::Refresh& refresh, Visit& visit) {
  if (!refresh.concurrently || visit.problem() || !visit.live(refresh.view))
    return;
  visit
      .report(refresh.view.at,
              fmt::format("another refresh of {} waits until this one has run",
                          forms::to_text(refresh.view)),
              {.variant = "matview-concurrent", .level = Level::info})
      .note("refreshes that the application starts by itself pile up behind it; a lock_timeout "
            "makes one of the two give up");
}

}  // namespace

const Rule lock_rebuild{
    .name = "lock/rebuild",
    .level = Level::warning,
    .checks = {on<check_reindex>, on<check_refresh>, on<check_concurrent_refresh>},
    .off = {"matview-concurrent"}};

}  // namespace retort::rules
