// Syntax that a target server does not know, or behaviour that it does not have.
#include "rules/refusal.h"

namespace retort::rules {
namespace {

void check(Visit& visit) {
  if (const std::optional<Refusal> found = refusal(visit, {"42601", "0A000"}))
    report_refusal(visit, *found);
}

}  // namespace

const Rule fail_unsupported_version{
    .name = "fail/unsupported-version", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
