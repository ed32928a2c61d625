// Two tables locked the other way round than the application does it: each of the two transactions
// waits for the other's table, and PostgreSQL ends one of them (40P01). Revisions run one after the
// other and do not meet each other, so that it is the application's order that counts; who runs it
// has to say what that is.
#include "linter/edits.h"
#include "rules/rules.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

struct Taken {
  size_t rank = 0;  // in the application's order
  std::string name;
  const Ran* by = nullptr;
  facts::LockMode mode{};
};

// `public.orders` is meant by `public.orders` and by `orders`.
size_t rank_of(std::string_view written, const std::vector<std::string>& order) {
  const std::string name = without_quotes(written);
  const auto found = std::find_if(order.begin(), order.end(), [&](const std::string& each) {
    return name == each || (name.ends_with(each) && name[name.size() - each.size() - 1] == '.');
  });
  return static_cast<size_t>(found - order.begin());
}

std::vector<Taken> taken_by(const TransactionVisit& visit) {
  const std::vector<std::string>& order = visit.settings().lock_order;
  std::vector<Taken> all;
  for (const Ran& ran : visit.statements())
    for (const facts::Touched& touched : ran.facts.front().facts.touched) {
      const size_t rank = rank_of(touched.name, order);
      if (rank == order.size() || !facts::blocks_writes(touched.lock) || !visit.live(touched))
        continue;
      const auto known = std::find_if(all.begin(), all.end(),
                                      [&](const Taken& each) { return each.rank == rank; });
      if (known == all.end())
        all.push_back({rank, touched.name, &ran, touched.lock});
      else
        known->mode = std::max(known->mode, touched.lock);
    }
  return all;
}

void check(TransactionVisit& visit) {
  const std::vector<Taken> all = taken_by(visit);
  const Taken* first = nullptr;
  const Taken* second = nullptr;
  for (const Taken& one : all)
    for (const Taken& other : all)
      if (!second && one.by < other.by && one.rank > other.rank) {
        first = &one;
        second = &other;
      }
  if (!second)
    return;
  Diagnostic& finding = visit.report(
      *second->by,
      fmt::format("{} is locked after {}, and the application takes them the other way "
                  "round: a deadlock (40P01) when they meet",
                  second->name, first->name));
  finding.note(visit.statement(*first->by).at, fmt::format("{} is locked here", first->name));
  std::vector<Taken> sorted = all;
  std::sort(sorted.begin(), sorted.end(),
            [](const Taken& a, const Taken& b) { return a.rank < b.rank; });
  std::vector<std::string> locks;
  for (const Taken& each : sorted)
    locks.push_back(fmt::format("LOCK TABLE {} IN {} MODE", each.name, sql_name(each.mode)));
  finding.note(fmt::format("at the beginning: {}", join(locks, "; ")));
  const LintStatement& begin = visit.statement(visit.statements().front());
  std::vector<std::string> lines;
  for (const std::string& lock : locks)
    lines.push_back(is_python(begin) ? fmt::format("op.execute(\"{}\")", lock) : lock + ";");
  std::optional<Edit> edit = lines_before(visit.sources(), begin, lines);
  if (edit && begin.transaction)
    finding.fix({Safety::review, "lock them in the application's order", {std::move(*edit)}});
}

}  // namespace

const Rule txn_lock_order{.name = "txn/lock-order", .level = Level::info, .checks = {on<check>}};

}  // namespace retort::rules
