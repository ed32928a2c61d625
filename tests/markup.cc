#include "tests/markup.h"

#include "common/utf8.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <set>

namespace retort::tests {

size_t count_of(std::string_view text, std::string_view wanted) {
  size_t count = 0;
  for (size_t at = text.find(wanted); at != std::string_view::npos;
       at = text.find(wanted, at + wanted.size()))
    ++count;
  return count;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

size_t cells_of(std::string_view row) {
  size_t bars = 0;
  for (size_t i = 0; i < row.size(); ++i)
    bars += row[i] == '|' && (i == 0 || row[i - 1] != '\\') ? 1 : 0;
  return bars - 1;
}

namespace {

constexpr std::string_view kEntities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

class Scanner {
public:
  explicit Scanner(std::string_view page) : page_(page) {}

  std::vector<std::string> run() {
    if (const size_t at = utf8::first_invalid(page_); at != std::string_view::npos)
      problem(at, "not UTF-8");
    for (size_t i = 0; i < page_.size();) {
      if (page_[i] == '<')
        i = tag(i);
      else
        i = character(i);
    }
    for (const std::string_view name : open_)
      problems_.push_back(fmt::format("<{}> is not closed", name));
    for (const std::string_view link : links_)
      if (!ids_.contains(link))
        problems_.push_back(fmt::format("a link to #{}, which is not there", link));
    return std::move(problems_);
  }

private:
  void problem(size_t at, std::string_view what) {
    problems_.push_back(fmt::format("{} at {}: {}", what, at, page_.substr(at, 60)));
  }

  size_t character(size_t at) {
    const char c = page_[at];
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
      problem(at, "a control character");
    if (c == '&' && std::none_of(std::begin(kEntities), std::end(kEntities),
                                 [&](auto entity) { return page_.substr(at).starts_with(entity); }))
      problem(at, "an entity that XML does not know");
    return at + 1;
  }

  size_t tag(size_t at) {
    const size_t end = page_.find('>', at);
    if (end == std::string_view::npos) {
      problem(at, "a tag without an end");
      return page_.size();
    }
    std::string_view inside = page_.substr(at + 1, end - at - 1);
    if (inside.starts_with("!DOCTYPE"))
      return end + 1;
    if (inside.starts_with('/')) {
      if (open_.empty() || open_.back() != inside.substr(1))
        problem(at, "closes what is not open");
      else
        open_.pop_back();
      return end + 1;
    }
    const bool empty = inside.ends_with('/');
    if (empty)
      inside.remove_suffix(1);
    const size_t name = std::min(inside.find(' '), inside.size());
    attributes(at, inside.substr(name));
    if (!empty)
      open_.push_back(inside.substr(0, name));
    return end + 1;
  }

  void attributes(size_t at, std::string_view rest) {
    std::set<std::string_view> names;
    while (!rest.empty()) {
      const size_t equals = rest.find("=\"");
      const size_t quote = equals == std::string_view::npos ? equals : rest.find('"', equals + 2);
      if (!rest.starts_with(' ') || quote == std::string_view::npos)
        return problem(at, "attributes that cannot be read");
      const std::string_view name = rest.substr(1, equals - 1);
      const std::string_view value = rest.substr(equals + 2, quote - equals - 2);
      if (!names.insert(name).second)
        problem(at, "an attribute twice");
      if (name == "id" && !ids_.insert(value).second)
        problem(at, "an id twice");
      if (name == "href") {
        if (!value.starts_with('#'))
          problem(at, "a link to elsewhere");
        links_.insert(value.substr(1));
      }
      rest.remove_prefix(quote + 1);
    }
  }

  std::string_view page_;
  std::vector<std::string_view> open_;
  std::set<std::string_view> ids_, links_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> markup_problems(std::string_view page) { return Scanner(page).run(); }

bool has_in_tags(std::string_view page, std::string_view wanted) {
  for (size_t at = page.find('<'); at != std::string_view::npos; at = page.find('<', at + 1)) {
    const std::string_view rest = page.substr(at);
    const std::string_view end = rest.starts_with("<style>") ? "</style>" : ">";
    if (rest.substr(0, rest.find(end)).find(wanted) != std::string_view::npos)
      return true;
  }
  return false;
}

std::string text_of(std::string_view page) {
  std::string text;
  bool inside = false;
  for (const char c : page) {
    inside = inside ? c != '>' : c == '<';
    const bool blank = inside || c == '>' || c == '\n' || c == ' ';
    if (!blank)
      text += c;
    else if (!text.empty() && text.back() != ' ')
      text += ' ';
  }
  return text;
}

bool write(const std::string& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  return file.good();
}

}  // namespace retort::tests
