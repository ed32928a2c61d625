// The pages of the rules, as they stand beside their files: for `retort explain` and for reports.
#pragma once

#include <span>
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

}  // namespace retort::rules
