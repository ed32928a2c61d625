// RENAME VALUE takes effect at once, also for code that is running and still writes, or compares
// with, the old label (22P02).
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::RenameEnumValue& rename, Visit& visit) {
  const catalog::Object* const type = visit.type(rename.type);
  if (visit.down() || (type && !visit.released(type->id)))
    return;
  visit
      .report(rename.at,
              fmt::format("running code that says '{}' fails from now on (22P02)", rename.label))
      .note(fmt::format("add '{}' beside it, deploy code that takes both, and then move the rows",
                        rename.to));
}

}  // namespace

const Rule enum_value_renamed{
    .name = "enum/value-renamed", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
