// DROP INDEX takes ACCESS EXCLUSIVE on the table. It is short, but it queues behind every running
// query, and everything that comes later queues behind it.
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::Drop& drop, Visit& visit) {
  if (drop.object.kind != forms::ObjectKind::index || drop.concurrently)
    return;
  const catalog::Object* const index = visit.relation(drop.object.name);
  if (!index && drop.if_exists)
    return;
  if (index && !visit.live(index->table))
    return;
  const catalog::Object* const table = index ? visit.object(index->table) : nullptr;
  // Autogenerate drops the indexes of a table one by one before the table.
  const auto goes_too = [&](const forms::Drop& other) {
    return other.object.kind == forms::ObjectKind::table &&
           visit.relation(other.object.name) == table;
  };
  if (table && find_form<forms::Drop>(later(visit), goes_too))
    return;
  if (table && is_locked_anyway(visit, *table))
    return;
  Diagnostic& finding =
      visit
          .report(drop.object.name.at,
                  fmt::format("dropping this index stops reads and writes of {}",
                              table ? visit.name_of(*table) : "its table"))
          .note("DROP INDEX CONCURRENTLY, outside of a transaction, waits without blocking");
  if (std::optional<Fix> fix = visit.concurrently("index"))
    finding.fix(std::move(*fix));
}

}  // namespace

const Rule lock_drop_index{
    .name = "lock/drop-index", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
