// BEGIN, COMMIT and ROLLBACK in a revision cut it from its row in the version table: when the rest
// fails, what was committed stays and the database does not say so.
#include "linter/edits.h"
#include "rules/around.h"

#include <algorithm>

#include <fmt/format.h>

namespace retort::rules {
namespace {

using Action = forms::Transaction::Action;

// A statement that somebody commits for: it does not run in a transaction block, or others cannot
// use what it makes before it is committed.
bool wants_no_transaction(const LintStatement& statement) {
  return std::any_of(statement.forms.begin(), statement.forms.end(), [](const forms::Form& form) {
    const auto* const index = std::get_if<forms::CreateIndex>(&form);
    const auto* const drop = std::get_if<forms::Drop>(&form);
    const auto* const reindex = std::get_if<forms::Reindex>(&form);
    const auto* const detach = std::get_if<forms::DetachPartition>(&form);
    return (index && index->concurrently) || (drop && drop->concurrently) ||
           (reindex && reindex->concurrently) || (detach && detach->concurrently) ||
           std::holds_alternative<forms::AddEnumValue>(form);
  });
}

// Everything behind this COMMIT, up to BEGIN or the end, wants to be outside: then it can be so by
// itself, and COMMIT and BEGIN go.
std::optional<Fix> in_blocks(const Visit& visit) {
  std::vector<Edit> edits;
  const auto remove = [&](const LintStatement& statement) {
    std::optional<Edit> edit = without_statement(visit.sources(), statement);
    if (edit)
      edits.push_back(std::move(*edit));
    return edit.has_value();
  };
  if (!is_python(visit.statement()) || !remove(visit.statement()))
    return std::nullopt;
  bool wrapped = false;
  for (const LintStatement& statement : later(visit)) {
    if (const auto* const next = std::get_if<forms::Transaction>(&statement.forms.front())) {
      if (next->action != Action::begin || !remove(statement))
        return std::nullopt;
      break;
    }
    LintStatement moved = statement;
    moved.transaction = true;  // as it is without the COMMIT
    std::optional<std::vector<Edit>> block = outside_transaction(visit.sources(), moved);
    if (!wants_no_transaction(statement) || !block)
      return std::nullopt;
    edits.insert(edits.end(), block->begin(), block->end());
    wrapped = true;
  }
  if (!wrapped)
    return std::nullopt;
  return Fix{Safety::safe, "put what follows into an autocommit block", std::move(edits)};
}

void check(const forms::Transaction& control, Visit& visit) {
  if (!visit.unit().index)
    return;  // a bare file of SQL may say where its transactions begin
  if (control.action != Action::begin && control.action != Action::commit &&
      control.action != Action::rollback)
    return;
  const std::string_view word = control.action == Action::begin    ? "BEGIN"
                                : control.action == Action::commit ? "COMMIT"
                                                                   : "ROLLBACK";
  Diagnostic& finding =
      visit
          .report(control.at,
                  fmt::format("{} cuts this revision from its row in the version table", word))
          .note("`with op.get_context().autocommit_block():`, or `-- retort: transaction off`, is "
                "the way to leave the transaction");
  if (control.action == Action::commit)
    if (std::optional<Fix> fix = in_blocks(visit))
      finding.fix(std::move(*fix));
}

void check_unclosed(TransactionVisit& visit) {
  if (visit.unit().index)
    return;
  const Ran* open = nullptr;
  for (const Ran& ran : visit.statements())
    for (const forms::Form& form : visit.statement(ran).forms)
      if (const auto* const control = std::get_if<forms::Transaction>(&form)) {
        if (control->action == Action::begin)
          open = &ran;
        else if (control->action == Action::commit || control->action == Action::rollback ||
                 control->action == Action::prepare)
          open = nullptr;
      }
  if (open)
    visit.report(*open, "this transaction is never committed", {.variant = "unclosed"});
}

}  // namespace

const Rule txn_control_statement{.name = "txn/control-statement",
                                 .level = Level::error,
                                 .checks = {on<check>, on<check_unclosed>}};

}  // namespace retort::rules
