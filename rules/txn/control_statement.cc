// BEGIN, COMMIT and ROLLBACK in a revision cut it from its row in the version table: when the rest
// fails, what was committed stays and the database does not say so.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using Action = forms::Transaction::Action;

void check(const forms::Transaction& control, Visit& visit) {
  if (!visit.unit().index)
    return;  // a bare file of SQL may say where its transactions begin
  if (control.action != Action::begin && control.action != Action::commit &&
      control.action != Action::rollback)
    return;
  const std::string_view word = control.action == Action::begin    ? "BEGIN"
                                : control.action == Action::commit ? "COMMIT"
                                                                   : "ROLLBACK";
  visit
      .report(control.at,
              fmt::format("{} cuts this revision from its row in the version table", word))
      .note("`with op.get_context().autocommit_block():`, or `-- retort: transaction off`, is the "
            "way to leave the transaction");
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
