#include "versions/header_block.h"

#include "common/text.h"

namespace retort {
namespace {

// The text behind `--` and blanks, or nothing when the line is no comment.
std::optional<std::string_view> comment_text(std::string_view line) {
  if (!line.starts_with("--"))
    return std::nullopt;
  return trim(line.substr(2));
}

bool is_opening(std::string_view line) {
  const std::optional<std::string_view> comment = comment_text(line);
  return comment && comment->starts_with("///") && trim(comment->substr(3)) == "retort";
}

}  // namespace

std::optional<Line> find_header(std::string_view text) {
  for (uint32_t at = text_begin(text); at < text.size();) {
    const Line line = line_at(text, at);
    const std::string_view words = text.substr(line.span.begin, line.span.size());
    if (is_opening(words))
      return line;
    if (!words.starts_with("--") && !trim(words).empty())
      return std::nullopt;
    at = line.next;
  }
  return std::nullopt;
}

HeaderBlock read_header_block(std::string_view text, const Line& opening) {
  HeaderBlock block;
  block.opening = opening.span;
  uint32_t at = opening.next;
  while (at < text.size()) {
    const Line line = line_at(text, at);
    const std::string_view words = text.substr(line.span.begin, line.span.size());
    const std::optional<std::string_view> comment = comment_text(words);
    if (!comment) {
      block.bad = line;
      break;
    }
    at = line.next;
    if (*comment == "///") {
      block.closed = true;
      break;
    }
    const uint32_t prefix = words.size() > 2 && words[2] == ' ' ? 3 : 2;
    const Span content{line.span.begin + prefix, line.span.end};
    block.pieces.push_back({static_cast<uint32_t>(block.toml.size()), content, true});
    block.toml += text.substr(content.begin, content.size());
    block.toml += '\n';
  }
  block.body = at;
  return block;
}

}  // namespace retort
