// ADD CHECK reads every row under ACCESS EXCLUSIVE. NOT VALID reads none, and VALIDATE in a later
// transaction reads under SHARE UPDATE EXCLUSIVE, which blocks neither reads nor writes.
#include "rules/steps.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

constexpr std::string_view kSafe =
    "add it NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own";

void check_constraint(const forms::AddConstraint& add, Visit& visit) {
  if (add.constraint.kind != forms::ConstraintKind::check || add.constraint.not_valid ||
      !visit.live(add.table))
    return;
  Diagnostic& finding = visit.report(
      add.constraint.at, fmt::format("every row of {} is read while nobody else can read or write",
                                     forms::to_text(add.table)));
  if (std::optional<Fix> fix = validated_later(visit, add))
    finding.fix(std::move(*fix));
  else
    finding.note(std::string(kSafe));
}

void check_column(const forms::AddColumn& add, Visit& visit) {
  if (!visit.live(add.table))
    return;
  for (const forms::Constraint& constraint : add.column.constraints) {
    if (constraint.kind != forms::ConstraintKind::check)
      continue;
    Diagnostic& finding = visit.report(
        constraint.at,
        fmt::format("the check of this new column reads every row of {} while nobody else can "
                    "read or write",
                    forms::to_text(add.table)),
        {.variant = "column"});
    if (std::optional<Fix> fix = validated_later(visit, add, constraint))
      finding.fix(std::move(*fix));
    else
      finding.note("add the column without it; then " + std::string(kSafe));
  }
}

}  // namespace

const Rule lock_add_check{.name = "lock/add-check",
                          .level = Level::error,
                          .checks = {on<check_constraint>, on<check_column>}};

}  // namespace retort::rules
