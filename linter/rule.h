// What a rule is: constant data and one function.
#pragma once

#include "versions/chain.h"

namespace retort {

// When a rule about the graph speaks: at every reading, or only when somebody asks for a verdict.
enum class Occasion : uint8_t { reading, checking };

// A rule about the graph as a whole.
struct ChainRule {
  std::string_view name;  // group/problem
  Level level;
  Occasion occasion;
  void (*check)(const Chain& chain, Diagnostics& findings);
};

}  // namespace retort
