// A statement that waits for a strong lock makes everybody behind it wait, too: one long query and
// one ALTER TABLE stop an application. A lock_timeout gives up instead.
#include "linter/edits.h"
#include "rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using catalog::Kind;

// What others are using and cannot while the transaction is open.
struct Blocked {
  const Ran* by = nullptr;
  const facts::Touched* what = nullptr;
};

Blocked first_blocked(const TransactionVisit& visit) {
  for (const Ran& ran : visit.statements())
    for (const facts::Touched& touched : ran.facts.front().facts.touched)
      if (facts::blocks_writes(touched.lock) && touched.kind != Kind::index && visit.live(touched))
        return {&ran, &touched};
  return {};
}

std::string_view wish(const facts::Touched& touched) {
  return facts::blocks_reads(touched.lock) ? "to use" : "to write to";
}

// Says that a setting is missing, and offers to set it before the statement.
void report(TransactionVisit& visit, const Ran& at, std::string message, const Saying& how,
            std::string_view setting, std::string_view value, std::string_view why) {
  const std::string set = fmt::format("SET LOCAL {} = '{}'", setting, value);
  Diagnostic& finding =
      visit.report(at, std::move(message), how).note(set + " first" + std::string(why));
  if (!visit.block())
    return;
  if (std::optional<Edit> edit = statement_before(visit.sources(), visit.statement(at), set))
    finding.fix({Safety::safe,
                 fmt::format("set {} {} before it", setting.starts_with("i") ? "an" : "a", setting),
                 {*std::move(edit)}});
}

void check_lock(TransactionVisit& visit) {
  if (visit.transaction().has_limit("lock_timeout"))
    return;
  const auto [by, what] = first_blocked(visit);
  if (!by)
    return;
  report(visit, *by,
         fmt::format("without a lock_timeout everybody who wants {} {} waits behind this for as "
                     "long as it waits itself",
                     wish(*what), what->name),
         {.variant = "lock"}, "lock_timeout", "3s", ", and run it again when it gives up");
}

// Work that is meant to take long while nobody waits: a limit would only break it off.
bool may_take_long(const TransactionVisit& visit, const Ran& ran) {
  const facts::Facts& facts = ran.facts.front().facts;
  return facts.work != facts::Work::catalog &&
         std::none_of(facts.touched.begin(), facts.touched.end(), [&](const auto& touched) {
           return facts::blocks_writes(touched.lock) && visit.live(touched);
         });
}

void check_statement(TransactionVisit& visit) {
  if (visit.transaction().has_limit("statement_timeout") || !visit.block())
    return;
  const auto [by, what] = first_blocked(visit);
  if (!by || std::any_of(visit.statements().begin(), visit.statements().end(),
                         [&](const Ran& ran) { return may_take_long(visit, ran); }))
    return;
  report(visit, *by,
         fmt::format("without a statement_timeout nothing ends this while everybody who wants {} "
                     "{} waits",
                     wish(*what), what->name),
         {.variant = "statement", .level = Level::info}, "statement_timeout", "30s",
         ", with the longest time that may be waited for it");
}

void check_idle(TransactionVisit& visit) {
  constexpr const char* kName = "idle_in_transaction_session_timeout";
  if (visit.transaction().has_limit(kName) || !visit.block())
    return;
  const auto [by, what] = first_blocked(visit);
  if (!by)
    return;
  report(visit, *by,
         fmt::format("should the client hang before it commits, everybody who wants {} {} waits "
                     "for it: there is no {}",
                     wish(*what), what->name, kName),
         {.variant = "idle", .level = Level::info}, kName, "10s",
         ": the server ends a session that leaves its transaction open");
}

}  // namespace

const Rule txn_timeouts{.name = "txn/timeouts",
                        .level = Level::warning,
                        .checks = {on<check_lock>, on<check_statement>, on<check_idle>},
                        .off = {"statement", "idle"}};

}  // namespace retort::rules
