#include "rules/rules.h"

#include <array>

namespace retort::rules {

std::span<const ChainRule* const> chain_rules() {
  static constexpr std::array kAll = {
#define CHAIN_RULE(group, name) &name,
#include "rules/rules.def"
#undef CHAIN_RULE
  };
  return kAll;
}

}  // namespace retort::rules
