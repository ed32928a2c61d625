// DROP or ALTER of what something else needs: a view, a key, a policy, a trigger, a column default.
#include "rules/refusal.h"

namespace retort::rules {
namespace {

void check(Visit& visit) {
  if (const std::optional<Refusal> found = refusal(visit, {"2BP01"}))
    report_refusal(visit, *found)
        .note("drop what depends on it first, and make it again after; CASCADE would take it along "
              "without a word");
}

}  // namespace

const Rule fail_dependents{.name = "fail/dependents", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
