// From statements to findings: each is applied to the catalog in the order of the chain, and every
// rule sees it just before.
#pragma once

#include "linter/rule.h"
#include "linter/settings.h"
#include "linter/unit.h"
#include "linter/visit.h"

#include <span>
#include <vector>

namespace retort {

struct LintInput {
  const Sources& sources;
  const Chain* chain = nullptr;         // none for bare files
  std::span<const LintStatement> base;  // what the database holds before the first unit
  bool base_is_whole = false;           // and nothing else
  std::span<const Unit> units;
  // Units from here on go live together; without it each does alone.
  std::optional<size_t> first_unreleased = {};
  const statistics::Statistics* statistics = nullptr;  // of production, if there are any
  const Integrity* integrity = nullptr;                // none: nothing was recorded
  size_t least_part = 200;  // statements for which one more thread is worth its while
};

// The findings, which `finish` (finish.h) puts in order; the same for any number of threads.
std::vector<Finding> lint(const LintInput& input, std::span<const Rule* const> rules,
                          const LintSettings& settings, unsigned threads = 1);

}  // namespace retort
