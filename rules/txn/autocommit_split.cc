// What stands before an autocommit block is committed when the block begins, and the version row is
// written behind it: a failure in between leaves a state that no revision names.
#include "rules/rules.h"

namespace retort::rules {
namespace {

void check(Visit& visit) {
  if (!visit.unit().index || visit.statement().transaction || visit.number() == 0)
    return;
  const std::vector<LintStatement>& statements = visit.side().statements;
  const LintStatement& before = statements[visit.number() - 1];
  if (!before.transaction || before.forms.empty())
    return;
  for (const forms::Form& form : before.forms)
    if (std::holds_alternative<forms::Set>(form) || std::holds_alternative<forms::Select>(form))
      return;
  visit.report({}, "what stands above is committed before this, and the version row after it")
      .note(before.at, "committed although the revision may fail")
      .note("give what runs outside of the transaction a revision of its own");
}

}  // namespace

const Rule txn_autocommit_split{
    .name = "txn/autocommit-split", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
