// Statements that PostgreSQL refuses inside of a transaction block (25001), where Alembic runs
// every revision unless an autocommit_block() says otherwise.
#include "linter/edits.h"
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(Visit& visit) {
  if (!visit.statement().transaction)
    return;
  const std::vector<int> servers = visit.servers_where([](const facts::Facts& facts) {
    return !facts.outside_only.empty() ||
           (facts.fails && facts.fails->sqlstate == std::string_view("25001"));
  });
  if (servers.empty())
    return;
  std::string_view what = visit.facts().outside_only;
  if (what.empty())
    what = "this statement";
  Diagnostic& finding =
      visit
          .report({}, fmt::format("{} cannot run inside a transaction block (25001)", what),
                  {.variant = what.find("CONCURRENTLY") != std::string_view::npos ? "concurrently"
                                                                                  : "other",
                   .servers = servers})
          .note("put it into `with op.get_context().autocommit_block():`, or below `-- retort: "
                "transaction off`");
  if (std::optional<std::vector<Edit>> edits =
          outside_transaction(visit.sources(), visit.statement());
      edits && !edits->empty())
    finding.fix({Safety::safe, "put it into an autocommit block", std::move(*edits)});
}

}  // namespace

const Rule txn_forbidden{.name = "txn/forbidden", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
