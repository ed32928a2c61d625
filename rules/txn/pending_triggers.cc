// Rows written to a table with deferred constraints leave checks waiting for the end of the
// transaction, and ALTER TABLE refuses to touch such a table (55006).
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
  visit
      .report(visit.facts().fails ? visit.facts().fails->at : Span{},
              "rows of this table wait for their deferred checks: the server refuses (55006)",
              {.servers = servers})
      .note("SET CONSTRAINTS ALL IMMEDIATE between the two, or a revision for each");
}

}  // namespace

const Rule txn_pending_triggers{
    .name = "txn/pending-triggers", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
