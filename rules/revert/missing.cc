// A way up that changes the schema, and no way down: the function is empty, or raises, or is not
// there. What changes data alone needs none.
#include "rules/around.h"
#include "rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

// A label of a type that is older than the revision: PostgreSQL cannot take it away again.
Found<forms::AddEnumValue> label_that_stays(std::span<const LintStatement> up) {
  return find_form<forms::AddEnumValue>(up, [&](const forms::AddEnumValue& add) {
    return !find_form<forms::CreateEnum>(
        up, [&](const forms::CreateEnum& create) { return create.type == add.type; });
  });
}

void check(RevisionVisit& visit) {
  if (!visit.unit().index || !visit.changes_schema || visit.up_fails)
    return;
  const LintSide& down = visit.unit().down;
  if (!down.statements.empty())
    return;
  const auto hole = std::find_if(down.holes.begin(), down.holes.end(), [](const Diagnostic& each) {
    return each.rule == "compile/irreversible" || each.rule == "compile/no-down" ||
           (each.rule == "compile/raises" && each.variant == "raise") ||
           each.rule == "compile/no-function";
  });
  if (hole != down.holes.end() && hole->rule == "compile/irreversible")
    return;  // said on purpose, with its reason
  if (hole == down.holes.end() && !down.holes.empty())
    return;  // there may be one that is not understood
  const bool raises = hole != down.holes.end() && hole->rule == "compile/raises";
  const auto stays = label_that_stays(visit.unit().up.statements);
  std::string message = "the schema changes, and there is no way down";
  std::optional<Level> level;
  if (raises) {
    message = "the schema changes, and the way down only raises";
    level = Level::info;
  } else if (stays) {
    message += fmt::format(": the label '{}' of {} stays for good", stays.form->label,
                           forms::to_text(stays.form->type));
    level = Level::error;
  }
  Diagnostic& finding = visit.report(true, std::nullopt, std::move(message), {.level = level});
  finding.note(stays ? "say `irreversible` and why, or make the type anew on the way down"
                     : "write what takes the change back, or say `irreversible` and why");
  if (std::optional<Fix> fix = visit.leading_back())
    finding.fix(*std::move(fix));
}

}  // namespace

const Rule revert_missing{.name = "revert/missing", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
