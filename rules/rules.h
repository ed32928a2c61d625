#pragma once

#include "linter/rule.h"

#include <span>

namespace retort::rules {

#define CHAIN_RULE(group, name) extern const ChainRule name;
#include "rules/rules.def"
#undef CHAIN_RULE

std::span<const ChainRule* const> chain_rules();

}  // namespace retort::rules
