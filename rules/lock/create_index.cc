// CREATE INDEX holds SHARE for the whole build: reads go on, every write waits. CONCURRENTLY waits
// for running transactions instead and blocks nobody; a partitioned table refuses it (0A000).
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::CreateIndex& index, Visit& visit) {
  if (index.concurrently || !visit.live(index.table))
    return;
  if (index.if_not_exists && visit.relation(index.index))
    return;  // it is there already
  const catalog::Object* const table = visit.relation(index.table);
  const std::string name = forms::to_text(index.table);
  if (table && !table->as<catalog::Table>().strategy.empty() && !index.only) {
    visit
        .report(index.table.at,
                fmt::format("building this index blocks writes to every partition of {}", name),
                {.variant = "partitioned"})
        .note("make the index ON ONLY the parent, one CONCURRENTLY on each partition, and attach "
              "those: ALTER INDEX … ATTACH PARTITION");
    return;
  }
  Diagnostic& finding =
      visit.report(index.table.at, fmt::format("writes to {} wait until this index is built", name))
          .note("CREATE INDEX CONCURRENTLY, outside of a transaction, blocks nobody");
  if (std::optional<Fix> fix = visit.concurrently("index"))
    finding.fix(std::move(*fix));
}

}  // namespace

const Rule lock_create_index{
    .name = "lock/create-index", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
