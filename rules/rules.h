#pragma once

#include "linter/visit.h"

#include <span>

namespace retort::rules {

#define CHAIN_RULE(group, name) extern const ChainRule group##_##name;
#define RULE(group, name) extern const Rule group##_##name;
#include "rules/rules.def"
#undef CHAIN_RULE
#undef RULE

std::span<const ChainRule* const> chain_rules();
std::span<const Rule* const> rules();
// Of both kinds, and of what the compiler and the suppressions report; sorted.
std::span<const std::string_view> rule_names();
// What may be selected, ignored and allowed: the rules, each of their variants as `rule:variant`,
// and `rule:*` of those whose variants are made elsewhere.
std::span<const std::string_view> known_names();

}  // namespace retort::rules
