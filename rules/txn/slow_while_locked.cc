// A lock is held until the transaction ends, so that whatever is slow behind it makes it long: a
// scan, a rewrite, an index, a backfill, be it of another table.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using facts::Answer;
using facts::LockMode;

struct Held {
  const Ran* by = nullptr;
  std::string table;
};

// What the statement reads or writes to the end, of tables that were there before. A statement that
// is slow under an ACCESS EXCLUSIVE lock of its own, on the table that is locked anyway, is the
// matter of the rules about locks.
const facts::Touched* slow_on(const TransactionVisit& visit, const Ran& ran, const Held& held) {
  for (const facts::Touched& touched : ran.facts.front().facts.touched)
    if (touched.kind == catalog::Kind::table && visit.live(touched) &&
        (touched.name != held.table || touched.lock != LockMode::access_exclusive) &&
        (touched.scanned == Answer::yes || touched.rewritten == Answer::yes ||
         touched.built == Answer::yes || touched.changed))
      return &touched;
  return nullptr;
}

void check(TransactionVisit& visit) {
  Held held;
  for (const Ran& ran : visit.statements()) {
    if (held.by) {
      if (const facts::Touched* const slow = slow_on(visit, ran, held)) {
        const std::string text =
            fmt::format("nobody can read or write {} while {} is {}", held.table,
                        slow->name == held.table ? "it" : slow->name,
                        slow->changed ? "written to" : "read to the end");
        const Loc locked = visit.statement(*held.by).at;
        // One hazard of one statement, on one table, is one finding.
        Diagnostic* const said = slow->name == held.table ? visit.said(ran, "lock") : nullptr;
        if (said)
          said->note(locked, text + ": it is locked here");
        else
          visit.report(ran, text)
              .note(locked, fmt::format("{} is locked here", held.table))
              .note("do the slow work first, or in a transaction of its own");
        return;
      }
      continue;
    }
    for (const facts::Touched& touched : ran.facts.front().facts.touched)
      if (touched.lock == LockMode::access_exclusive && touched.kind == catalog::Kind::table &&
          visit.live(touched) && !visit.goes(touched)) {
        held = {&ran, touched.name};
        break;
      }
  }
}

}  // namespace

const Rule txn_slow_while_locked{
    .name = "txn/slow-while-locked", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
