// Definitions that PostgreSQL refuses for what they say: a key whose target is not unique, types
// that do not go together, an expression that is not immutable.
#include "rules/refusal.h"

namespace retort::rules {
namespace {

void check(Visit& visit) {
  if (const std::optional<Refusal> found = other_refusal(visit))
    report_refusal(visit, *found);
}

}  // namespace

const Rule fail_invalid_definition{
    .name = "fail/invalid-definition", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
