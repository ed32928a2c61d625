// PostgreSQL cuts names to 63 bytes, with a NOTICE that nobody reads (42622): the object has
// another name than the file says, and two long names may become one.
#include "linter/edits.h"
#include "rules/around.h"
#include "rules/long_names.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(Visit& visit) {
  if (visit.down() && !visit.problem())
    return;
  for (const LongName& name : long_names(visit)) {
    if (name.collides) {
      visit
          .report(name.at,
                  fmt::format("of {} the server keeps {}, and that is there already", name.written,
                              name.kept),
                  {.variant = "collision", .level = Level::error})
          .note("names may have 63 bytes: make a difference in the first ones");
    } else if (name.is_new) {
      Diagnostic& finding =
          visit.report(name.at, fmt::format("of {} the server keeps {}", name.written, name.kept))
              .note("names may have 63 bytes");
      if (std::optional<Edit> edit =
              in_sql(visit.sources(), visit.statement(), name.at, forms::quoted(name.kept)))
        finding.fix({Safety::safe, "write the name that it has anyway", {std::move(*edit)}});
    }
  }
}

}  // namespace

const Rule name_truncated{.name = "name/truncated", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
