#include "cli/phases.h"

#include "versions/sql_header.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {

Result<size_t> first_after_deploy(Run& run, const Chain& chain, std::span<const Step> steps) {
  const auto is = [&](Phase phase) {
    return [&chain, phase](const Step& step) {
      const auto& header = chain[step.revision].sql;
      return header && header->phase == phase;
    };
  };
  const auto border = std::find_if(steps.begin(), steps.end(), is(Phase::after));
  const auto late = std::find_if(border, steps.end(), is(Phase::before));
  if (late != steps.end()) {
    const Revision& before = chain[late->revision];
    const Revision& after = chain[border->revision];
    run.diagnostics
        .report(Level::error, "range/phase", "", {before.file, before.id_at},
                fmt::format("`{}` is to run before the deploy, and stands on `{}`, which is to run "
                            "after it",
                            before.id, after.id))
        .note({after.file, after.id_at}, "put it in front of that one, or end the range below it");
    return run.diagnostics.failed();
  }
  return static_cast<size_t>(border - steps.begin());
}

}  // namespace retort
