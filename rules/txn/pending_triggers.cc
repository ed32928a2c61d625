// Rows written to a table with deferred constraints leave checks waiting for the end of the
// transaction, and ALTER TABLE refuses to touch such a table (55006).
#include "linter/edits.h"
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(Visit& visit) {
  const std::vector<int> servers = visit.servers_where([](const facts::Facts& facts) {
    return facts.fails && facts.fails->sqlstate == std::string_view("55006");
  });
  if (servers.empty())
    return;
  Diagnostic& finding =
      visit
          .report(visit.facts().fails ? visit.facts().fails->at : Span{},
                  "rows of this table wait for their deferred checks: the server refuses (55006)",
                  {.servers = servers})
          .note("SET CONSTRAINTS ALL IMMEDIATE between the two, or a revision for each");
  if (std::optional<Edit> edit =
          statement_before(visit.sources(), visit.statement(), "SET CONSTRAINTS ALL IMMEDIATE"))
    finding.fix({Safety::safe, "have the rows checked before", {std::move(*edit)}});
}

}  // namespace

const Rule txn_pending_triggers{
    .name = "txn/pending-triggers", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
