// A way down that cannot run on what the way up leaves behind. It is found out at the worst moment.
#include "rules/around.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(RevisionVisit& visit) {
  // Behind a hole it may be the missing statement that is missed.
  if (visit.up_fails || visit.failures.empty() || visit.has_hole)
    return;
  // What a transaction forbids has rules of its own, and so have names that were guessed.
  const auto found = std::find_if(
      visit.failures.begin(), visit.failures.end(), [&](const RevisionVisit::Failure& failure) {
        const std::string_view state = failure.problem.sqlstate;
        const bool guessed = state == "42704" && guesses_a_name(visit.unit(), failure.number);
        return state != "25001" && state != "55P04" && state != "55006" && !guessed;
      });
  if (found == visit.failures.end())
    return;
  const RevisionVisit::Failure& first = *found;
  // Behind what is not known, a constraint that was dropped by some other name may be the one that
  // seems to stand in the way.
  const std::span<const LintStatement> down = visit.unit().down.statements;
  if (visit.opaque && first.problem.sqlstate == "2BP01" &&
      find_form<forms::DropConstraint>(down.first(first.number), [](const auto&) { return true; }))
    return;
  Diagnostic& finding =
      visit.report(true, first.number,
                   fmt::format("going down {} here: {} ({})", visit.opaque ? "may fail" : "fails",
                               first.problem.message, first.problem.sqlstate),
                   {.unknown = visit.opaque});
  if (visit.opaque)
    finding.note("something before it cannot be known, so that this is not certain");
  if (!first.problem.detail.empty())
    finding.note(first.problem.detail);
  if (first.problem.sqlstate == "42710" && down[first.number].op == "create_table")
    finding.note("Alembic makes the type together with the table: say that it is there with "
                 "postgresql.ENUM(…, create_type=False); a script of retort leaves it out");
}

}  // namespace

const Rule revert_fails{.name = "revert/fails", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
