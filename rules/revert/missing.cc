// A way up that changes the schema, and no way down: the function is empty, or raises, or is not
// there. What changes data alone needs none.
#include "rules/rules.h"

#include <algorithm>

namespace retort::rules {
namespace {

void check(RevisionVisit& visit) {
  if (!visit.unit().index || !visit.changes_schema || visit.up_fails)
    return;
  const LintSide& down = visit.unit().down;
  if (!down.statements.empty())
    return;
  const auto hole = std::find_if(down.holes.begin(), down.holes.end(), [](const Diagnostic& each) {
    return each.rule == "compile/irreversible" || each.rule == "compile/no-down" ||
           each.rule == "compile/raises" || each.rule == "compile/no-function";
  });
  if (hole != down.holes.end() && hole->rule == "compile/irreversible")
    return;  // said on purpose, with its reason
  if (hole == down.holes.end() && !down.holes.empty())
    return;  // there may be one that is not understood
  const bool raises = hole != down.holes.end() && hole->rule == "compile/raises";
  Diagnostic& finding = visit.report(true, std::nullopt,
                                     raises ? "the schema changes, and the way down only raises"
                                            : "the schema changes, and there is no way down",
                                     {.level = raises ? std::optional(Level::info) : std::nullopt});
  finding.note("write what takes the change back, or say `irreversible` and why");
  if (std::optional<Fix> fix = visit.leading_back())
    finding.fix(*std::move(fix));
}

}  // namespace

const Rule revert_missing{.name = "revert/missing", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
