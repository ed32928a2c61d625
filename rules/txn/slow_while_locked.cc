// A lock is held until the transaction ends, so that whatever is slow behind it makes it long: a
// scan, a rewrite, an index, a backfill, be it of another table.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using facts::Answer;
using facts::LockMode;

// What the statement reads or writes to the end, of tables that were there before.
const facts::Touched* slow_on(const TransactionVisit& visit, const Ran& ran) {
  for (const facts::Touched& touched : ran.facts.front().facts.touched)
    if (touched.kind == catalog::Kind::table && visit.live(touched) &&
        (touched.scanned == Answer::yes || touched.rewritten == Answer::yes ||
         touched.built == Answer::yes || touched.changed))
      return &touched;
  return nullptr;
}

struct Held {
  const Ran* by = nullptr;
  std::string table;
};

void check(TransactionVisit& visit) {
  Held held;
  for (const Ran& ran : visit.statements()) {
    if (held.by) {
      if (const facts::Touched* const slow = slow_on(visit, ran)) {
        visit.report(ran, fmt::format("nobody can read or write {} while {} is {}", held.table,
                                      slow->name, slow->changed ? "written to" : "read to the end"))
            .note(visit.statement(*held.by).at, fmt::format("{} is locked here", held.table))
            .note("do the slow work first, or in a transaction of its own");
        return;
      }
    }
    if (!held.by)
      for (const facts::Touched& touched : ran.facts.front().facts.touched)
        if (touched.lock == LockMode::access_exclusive && touched.kind == catalog::Kind::table &&
            visit.live(touched)) {
          held = {&ran, touched.name};
          break;
        }
  }
}

}  // namespace

const Rule txn_slow_while_locked{
    .name = "txn/slow-while-locked", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
