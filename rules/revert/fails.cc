// A way down that cannot run on what the way up leaves behind. It is found out at the worst moment.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(RevisionVisit& visit) {
  if (visit.up_fails || visit.failures.empty())
    return;
  const RevisionVisit::Failure& first = visit.failures.front();
  Diagnostic& finding = visit.report(
      true, first.number,
      fmt::format("going down fails here: {} ({})", first.problem.message, first.problem.sqlstate));
  if (!first.problem.detail.empty())
    finding.note(first.problem.detail);
}

}  // namespace

const Rule revert_fails{.name = "revert/fails", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
