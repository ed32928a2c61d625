// Rows and shape are changed by one transaction: the locks of the one are held for as long as the
// other takes, and a failure of either takes back both.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

bool moves_rows(const forms::Form& form) {
  if (const auto* const insert = std::get_if<forms::Insert>(&form))
    return insert->rows == 0;  // rows that are written out are few
  return std::holds_alternative<forms::Update>(form) ||
         std::holds_alternative<forms::Delete>(form) || std::holds_alternative<forms::Merge>(form);
}

// Rows first. The other way round the lock is held: txn/slow-while-locked.
void check(TransactionVisit& visit) {
  if (!visit.block() || visit.down())
    return;
  const Ran* rows = nullptr;
  std::string table;
  for (const Ran& ran : visit.statements()) {
    const bool moves =
        !visit.statement(ran).forms.empty() && moves_rows(visit.statement(ran).forms.front());
    for (const facts::Touched& touched : ran.facts.front().facts.touched) {
      if (!visit.live(touched) || touched.kind != catalog::Kind::table)
        continue;
      if (!rows && !moves && touched.lock == facts::LockMode::access_exclusive)
        return;
      if (!rows && moves && touched.changed) {
        rows = &ran;
        table = touched.name;
        break;
      }
      if (rows && !moves && touched.lock >= facts::LockMode::share_row_exclusive) {
        visit
            .report(ran, fmt::format("the rows of {} that were changed stay locked while this "
                                     "waits for its lock on {}",
                                     table, touched.name))
            .note(visit.statement(*rows).at, "rows are changed here")
            .note("change rows in a revision of their own");
        return;
      }
    }
  }
}

}  // namespace

const Rule data_mixed_revision{
    .name = "data/mixed-revision", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
