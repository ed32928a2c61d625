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

std::set<std::string> variants(std::string_view rule) {
  std::set<std::string> names;
  const Page* const found = page(rule);
  if (!found)
    return names;
  const std::string_view text = found->text;
  const std::string own = std::string(rule) + ":";
  struct Mark {
    std::string_view before, behind;
  };
  const Mark kMarks[] = {
      {own, ""}, {"error[", "]"}, {"warning[", "]"}, {"info[", "]"}, {"\n| `", "` |"}};
  for (const Mark& mark : kMarks) {
    // By its last character, which is rarer than its first: every run of the linter reads all
    // pages.
    const char last = mark.before.back();
    for (size_t at = text.find(last); at != text.npos; at = text.find(last, at + 1)) {
      if (!text.substr(0, at + 1).ends_with(mark.before))
        continue;
      const std::string_view rest = text.substr(at + 1);
      size_t end = 0;
      while (end < rest.size() && (is_word(rest[end]) || rest[end] == '-'))
        ++end;
      if (end > 0 && rest.substr(end).starts_with(mark.behind))
        names.emplace(rest.substr(0, end));
    }
  }
  return names;
}

const Page* page(std::string_view rule) {
  const auto found = std::find_if(kPages.begin(), kPages.end(),
                                  [&](const Page& each) { return each.rule == rule; });
  return found == kPages.end() ? nullptr : &*found;
}

}  // namespace retort::rules
