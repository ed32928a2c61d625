// The sections and blocks of a rule's page.
#include "common/text.h"
#include "tests/rule_page.h"

#include <algorithm>

namespace retort::tests {

std::vector<PageSection> parse_page(std::string_view text) {
  std::vector<PageSection> sections;
  PageBlock* open = nullptr;
  size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (open) {
      if (line == "```")
        open = nullptr;
      else
        open->text += std::string(line) + "\n";
    } else if (line.starts_with("```")) {
      if (sections.empty())
        sections.emplace_back();
      const std::string_view info = line.substr(3);
      const size_t blank = std::min(info.find(' '), info.size());
      open = &sections.back().blocks.emplace_back();
      open->line = number + 1;
      open->language = info.substr(0, blank);
      open->attribute = trim(info.substr(blank));
    } else if (line.starts_with("## ") || line.starts_with("# ")) {
      sections.push_back({std::string(trim(line.substr(line.find(' ')))), number, {}});
    }
  }
  return sections;
}

}  // namespace retort::tests
