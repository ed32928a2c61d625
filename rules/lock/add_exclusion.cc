// An exclusion constraint builds its index under ACCESS EXCLUSIVE, and there is no other way to
// make one: it cannot take over an index.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::AddConstraint& add, Visit& visit) {
  if (add.constraint.kind != forms::ConstraintKind::exclusion || !visit.live(add.table))
    return;
  visit
      .report(add.constraint.at,
              fmt::format("nobody can read or write {} while the index of this constraint is built",
                          forms::to_text(add.table)))
      .note("there is no concurrent form: plan a window, or put the constraint on a new table");
}

}  // namespace

const Rule lock_add_exclusion{
    .name = "lock/add-exclusion", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
