#include "rules/rules.h"

#include "rules/pages.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace retort::rules {
namespace {

// Findings that no file below this folder makes.
constexpr std::array<std::string_view, 4> kOthers = {"chain/broken", "lint/suppression",
                                                     "py/not-static", "sql/syntax"};

}  // namespace

std::span<const ChainRule* const> chain_rules() {
#define CHAIN_RULE(group, name) &group##_##name,
#define RULE(group, name)
  static constexpr const ChainRule* kRules[] = {
#include "rules/rules.def"
  };
#undef CHAIN_RULE
#undef RULE
  return kRules;
}

std::span<const Rule* const> rules() {
#define CHAIN_RULE(group, name)
#define RULE(group, name) &group##_##name,
  static constexpr const Rule* kRules[] = {
#include "rules/rules.def"
  };
#undef CHAIN_RULE
#undef RULE
  return kRules;
}

std::span<const std::string_view> known_names() {
  static const std::vector<std::string> kTexts = [] {
    std::vector<std::string> names(rule_names().begin(), rule_names().end());
    for (const std::string_view rule : rule_names()) {
      for (const std::string& variant : variants(rule))
        names.push_back(fmt::format("{}:{}", rule, variant));
      if (std::none_of(rules().begin(), rules().end(),
                       [&](const Rule* each) { return each->name == rule; }))
        names.push_back(fmt::format("{}:*", rule));
    }
    std::sort(names.begin(), names.end());
    return names;
  }();
  static const std::vector<std::string_view> kNames(kTexts.begin(), kTexts.end());
  return kNames;
}

std::span<const std::string_view> rule_names() {
  static const std::vector<std::string_view> kNames = [] {
    std::vector<std::string_view> names(kOthers.begin(), kOthers.end());
    for (const ChainRule* const rule : chain_rules())
      names.push_back(rule->name);
    for (const Rule* const rule : rules())
      names.push_back(rule->name);
    std::sort(names.begin(), names.end());
    return names;
  }();
  return kNames;
}

}  // namespace retort::rules
