// The statements that a way down misses: from the catalog as it is to the one at a mark.
#pragma once

#include "compiler/catalog/replay.h"

#include <optional>
#include <string>
#include <vector>

namespace retort {

struct BackStep {
  std::string sql;
  std::string python;  // `op.drop_index("ix", table_name="t")`
};

struct WayBack {
  std::vector<BackStep> steps;
  bool loses_nothing = true;  // no table or column comes back empty
};

// Proved: the steps are applied, and leave the catalog as it was at the mark. Nothing where that
// cannot be reached, or not be known.
std::optional<WayBack> way_back(catalog::Replay& replay, size_t mark);

}  // namespace retort
