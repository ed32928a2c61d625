// What a rule is: constant data and one function.
#pragma once

#include "versions/chain.h"

namespace retort {

// A rule about the graph as a whole.
struct ChainRule {
  std::string_view name;  // group/problem
  Level level;
  void (*check)(const Chain& chain, Diagnostics& findings);
};

}  // namespace retort
