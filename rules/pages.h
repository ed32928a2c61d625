// The pages of the rules, as they stand beside their files: for `retort explain` and for reports.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

namespace retort::rules {

struct Page {
  std::string_view rule;
  std::string_view text;

  // The first paragraph below the title.
  std::string_view summary() const;
};

std::span<const Page> pages();  // sorted by rule
const Page* page(std::string_view rule);

// The variants of a rule are those that its page tells of: as `rule:variant`, or in an example, as
// `warning[variant]`.
std::set<std::string> variants(std::string_view rule);

}  // namespace retort::rules
