// A statement that waits for a strong lock makes everybody behind it wait, too: one long query and
// one ALTER TABLE stop an application. A lock_timeout gives up instead.
#include "linter/edits.h"
#include "rules/rules.h"
#include "versions/sql_header.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using catalog::Kind;

bool is_set(const facts::Transaction& transaction, const std::string& name) {
  const auto found = transaction.settings.find(name);
  const auto session = transaction.session.find(name);
  const std::string& value = found != transaction.settings.end()    ? found->second
                             : session != transaction.session.end() ? session->second
                                                                    : std::string();
  return !value.empty() && value != "0" && value != "default";
}

// The header of a revision in SQL names one.
bool in_header(const TransactionVisit& visit, HeaderText SqlHeader::*timeout) {
  const std::optional<RevIndex> index = visit.unit().index;
  if (!index || !visit.chain())
    return false;
  const Revision& revision = (*visit.chain())[*index];
  return revision.sql && !((*revision.sql).*timeout).text.empty();
}

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

void offer(const TransactionVisit& visit, const Ran& at, std::string_view set, std::string title,
           Diagnostic& finding) {
  if (!visit.block())
    return;
  if (std::optional<Edit> edit = statement_before(visit.sources(), visit.statement(at), set))
    finding.fix({Safety::safe, std::move(title), {*std::move(edit)}});
}

void check_lock(TransactionVisit& visit) {
  if (is_set(visit.transaction(), "lock_timeout") || visit.settings().lock_timeout ||
      in_header(visit, &SqlHeader::lock_timeout))
    return;
  const auto [by, what] = first_blocked(visit);
  if (!by)
    return;
  constexpr std::string_view kSet = "SET LOCAL lock_timeout = '3s'";
  Diagnostic& finding =
      visit
          .report(*by,
                  fmt::format("without a lock_timeout everybody who wants {} {} waits behind "
                              "this for as long as it waits itself",
                              wish(*what), what->name),
                  {.variant = "lock"})
          .note(fmt::format("{} first, and run it again when it gives up", kSet));
  offer(visit, *by, kSet, "set a lock_timeout before it", finding);
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
  if (is_set(visit.transaction(), "statement_timeout") || visit.settings().statement_timeout ||
      in_header(visit, &SqlHeader::statement_timeout) || !visit.block())
    return;
  const auto [by, what] = first_blocked(visit);
  if (!by || std::any_of(visit.statements().begin(), visit.statements().end(),
                         [&](const Ran& ran) { return may_take_long(visit, ran); }))
    return;
  constexpr std::string_view kSet = "SET LOCAL statement_timeout = '30s'";
  Diagnostic& finding =
      visit
          .report(*by,
                  fmt::format("without a statement_timeout nothing ends this while everybody who "
                              "wants {} {} waits",
                              wish(*what), what->name),
                  {.variant = "statement", .level = Level::info})
          .note(fmt::format("{} first, with the longest time that may be waited for it", kSet));
  offer(visit, *by, kSet, "set a statement_timeout before it", finding);
}

void check_idle(TransactionVisit& visit) {
  constexpr const char* kName = "idle_in_transaction_session_timeout";
  if (is_set(visit.transaction(), kName) || !visit.block())
    return;
  const auto [by, what] = first_blocked(visit);
  if (!by)
    return;
  const std::string set = fmt::format("SET LOCAL {} = '10s'", kName);
  Diagnostic& finding =
      visit
          .report(*by,
                  fmt::format("should the client hang before it commits, everybody who wants {} {} "
                              "waits for it: there is no idle_in_transaction_session_timeout",
                              wish(*what), what->name),
                  {.variant = "idle", .level = Level::info})
          .note(set + " first: the server ends a session that leaves its transaction open");
  offer(visit, *by, set, "set an idle_in_transaction_session_timeout before it", finding);
}

}  // namespace

const Rule txn_timeouts{.name = "txn/timeouts",
                        .level = Level::warning,
                        .checks = {on<check_lock>, on<check_statement>, on<check_idle>},
                        .off = {"statement", "idle"}};

}  // namespace retort::rules
