// Two tables that are locked ACCESS EXCLUSIVE by one transaction are both down until it ends, and a
// reader that joins them the other way round is a deadlock (40P01).
#include "rules/rules.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(TransactionVisit& visit) {
  std::vector<std::string> tables;
  std::vector<catalog::Id> seen;  // one that is renamed has two names
  const Ran* second = nullptr;
  const Ran* first = nullptr;
  for (const Ran& ran : visit.statements())
    for (const facts::Touched& touched : ran.facts.front().facts.touched) {
      if (touched.lock != facts::LockMode::access_exclusive ||
          touched.kind == catalog::Kind::index || touched.kind == catalog::Kind::sequence ||
          !visit.live(touched) || visit.goes(touched) ||
          (!touched.named && visit.said(ran, "lock/other-table")) ||
          std::find(tables.begin(), tables.end(), touched.name) != tables.end() ||
          (touched.id != 0 && std::find(seen.begin(), seen.end(), touched.id) != seen.end()))
        continue;
      tables.push_back(touched.name);
      seen.push_back(touched.id);
      if (!first)
        first = &ran;
      else if (!second && &ran != first)
        second = &ran;
    }
  if (!second)
    return;
  visit
      .report(*second, fmt::format("nobody can read or write {} until this transaction ends",
                                   join(tables, ", ")))
      .note(visit.statement(*first).at, "the first of them is locked here")
      .note("one revision, or one autocommit block, for each table");
}

}  // namespace

const Rule txn_many_tables{
    .name = "txn/many-tables", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
