// A statement that waits for a strong lock makes everybody behind it wait, too: one long query and
// one ALTER TABLE stop an application. A lock_timeout gives up instead.
#include "linter/edits.h"
#include "rules/rules.h"
#include "versions/sql_header.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

bool is_set(const facts::Transaction& transaction, const std::string& name) {
  const auto found = transaction.settings.find(name);
  const auto session = transaction.session.find(name);
  const std::string& value = found != transaction.settings.end()    ? found->second
                             : session != transaction.session.end() ? session->second
                                                                    : std::string();
  return !value.empty() && value != "0" && value != "default";
}

// The header of a revision in SQL names one.
bool has_own_timeout(const TransactionVisit& visit) {
  const std::optional<RevIndex> index = visit.unit().index;
  if (!index || !visit.chain())
    return false;
  const Revision& revision = (*visit.chain())[*index];
  return revision.sql && !revision.sql->lock_timeout.text.empty();
}

void check(TransactionVisit& visit) {
  if (is_set(visit.transaction(), "lock_timeout") || visit.settings().lock_timeout ||
      has_own_timeout(visit))
    return;
  for (const Ran& ran : visit.statements())
    for (const facts::Touched& touched : ran.facts.front().facts.touched)
      if (facts::blocks_writes(touched.lock) && touched.kind != catalog::Kind::index &&
          visit.live(touched)) {
        constexpr std::string_view kSet = "SET LOCAL lock_timeout = '3s'";
        Diagnostic& finding =
            visit
                .report(ran,
                        fmt::format("without a lock_timeout everybody who wants {} {} waits behind "
                                    "this for as long as it waits itself",
                                    facts::blocks_reads(touched.lock) ? "to use" : "to write to",
                                    touched.name),
                        {.variant = "lock"})
                .note(fmt::format("{} first, and run it again when it gives up", kSet));
        if (std::optional<Edit> edit =
                statement_before(visit.sources(), visit.statement(ran), kSet);
            edit && visit.block())
          finding.fix({Safety::safe, "set a lock_timeout before it", {*edit}});
        return;
      }
}

}  // namespace

const Rule txn_timeouts{.name = "txn/timeouts", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
