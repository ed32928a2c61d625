#include "rules/pages.h"

#include "common/text.h"

#include <algorithm>

namespace retort::rules {

// Made from rules/*/*.md by CMakeLists.txt.
extern const std::span<const Page> kPages;

std::string_view Page::summary() const {
  const size_t title_end = std::min(text.find('\n'), text.size());
  const std::string_view rest = text.substr(title_end);
  const size_t begin = std::min(rest.find_first_not_of('\n'), rest.size());
  const std::string_view body = rest.substr(begin);
  return trim(body.substr(0, body.find("\n\n")));
}

std::span<const Page> pages() { return kPages; }

const Page* page(std::string_view rule) {
  const auto found = std::find_if(kPages.begin(), kPages.end(),
                                  [&](const Page& each) { return each.rule == rule; });
  return found == kPages.end() ? nullptr : &*found;
}

}  // namespace retort::rules
