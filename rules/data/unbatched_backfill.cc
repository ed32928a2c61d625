// A new column is filled by one UPDATE of all rows: each of them is locked until COMMIT, written
// twice on disk, and sent to the replicas at once.
#include "rules/around.h"
#include "rules/backfill.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::Update& update, Visit& visit) {
  if (visit.down() || !visit.live(update.table) || !fills_new_columns(visit, update) ||
      !fills_all(visit, update) ||
      visit.settings().is_small(update.table.schema, update.table.name))
    return;
  // While a table is locked against reading, txn/slow-while-locked has more to say.
  for (const facts::Transaction::Held& held : visit.transaction().held)
    if (held.mode == facts::LockMode::access_exclusive && visit.released(held.id) &&
        visit.statement().transaction)
      return;
  visit
      .report(update.at,
              fmt::format("all rows of {} are written by one statement, and locked until it ends",
                          forms::to_text(update.table)))
      .note("fill the column in batches, each in a transaction of its own");
}

}  // namespace

const Rule data_unbatched_backfill{
    .name = "data/unbatched-backfill", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
