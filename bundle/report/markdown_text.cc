#include "bundle/report/markdown_text.h"

#include "bundle/report/words.h"
#include "common/text.h"
#include "common/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::bundle::markdown {
namespace {

// The text as valid UTF-8, with names for what nobody sees, and one sort of line ends.
std::string shown(std::string_view text, size_t most) {
  std::string result;
  for (size_t i = 0, count = 0; i < text.size(); ++count) {
    const utf8::Char c = utf8::decode(text, i);
    if (count == most)
      return result + "…";
    const char32_t code = c.valid ? c.code : 0xFFFD;
    const bool line_end = code == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (code == '\n' || code == '\t' || !is_hidden(code))
      utf8::append(result, code);
    else if (!line_end)
      result += fmt::format("[{}]", mark_name(code));
    i += c.size;
  }
  return result;
}

size_t longest_run(std::string_view text, char wanted) {
  size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string text(std::string_view text, size_t most) {
  const std::string source = shown(text, most);
  std::string result;
  for (size_t i = 0; i < source.size(); ++i) {
    const char c = source[i];
    const bool inside =
        i > 0 && i + 1 < source.size() && is_word(source[i - 1]) && is_word(source[i + 1]);
    switch (c) {
    case '&': result += "&amp;"; break;
    case '<': result += "&lt;"; break;
    case '>': result += "&gt;"; break;
    case '\n':
    case '\t': result += ' '; break;
    case '_': result += inside ? "_" : "\\_"; break;
    case '\\':
    case '`':
    case '*':
    case '[':
    case ']':
    case '|':
    case '~':
      result += '\\';
      result += c;
      break;
    case '@':
      // Hosts write to whoever is named like this.
      result += "@<!-- -->";
      break;
    default: result += c;
    }
  }
  return result;
}

std::string code(std::string_view text, size_t most) {
  std::string inner;
  for (const char c : shown(trim(text), most)) {
    if (c == '\n')
      inner += " ⏎ ";
    else if (c == '|')
      inner += "\\|";
    else
      inner += c == '\t' ? ' ' : c;
  }
  if (inner.empty())
    return "";
  const std::string fence(longest_run(inner, '`') + 1, '`');
  const bool tick = inner.front() == '`' || inner.back() == '`';
  return fmt::format("{0}{1}{2}{1}{0}", fence, tick ? " " : "", inner);
}

bool fits(std::string_view code, size_t most) {
  const std::string_view inner = trim(code);
  return inner.find('\n') == std::string_view::npos && utf8::count(inner) <= most;
}

std::string block(std::string_view text) {
  const std::string inner = shown(text, text.size() + 1);
  const std::string fence(std::max<size_t>(3, longest_run(inner, '`') + 1), '`');
  return fmt::format("{0}sql\n{1}\n{0}\n", fence, inner);
}

}  // namespace retort::bundle::markdown
