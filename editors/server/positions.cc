#include "editors/server/positions.h"

#include "common/utf8.h"

#include <algorithm>

namespace retort::lsp {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

// Columns of the character that begins with this byte.
uint32_t columns(char c, Encoding encoding) {
  return encoding == Encoding::utf16 && static_cast<unsigned char>(c) >= 0xF0 ? 2 : 1;
}

void find_starts(std::string_view text, uint32_t from, uint32_t behind,
                 std::vector<uint32_t>& starts) {
  for (uint32_t i = from; i < behind; ++i) {
    const bool lone_cr = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
    if (text[i] == '\n' || lone_cr)
      starts.push_back(i + 1);
  }
}

// A byte order mark belongs to no column.
uint32_t first_column(std::string_view text, uint32_t line_begin) {
  return line_begin == 0 && text.starts_with(utf8::kByteOrderMark)
             ? static_cast<uint32_t>(utf8::kByteOrderMark.size())
             : line_begin;
}

}  // namespace

void Lines::read(std::string_view text, uint32_t from) {
  find_starts(text, from, static_cast<uint32_t>(text.size()), starts_);
}

void Lines::replaced(std::string_view text, Span at, uint32_t removed) {
  // From the line before, as a lone CR may have got its LF.
  const uint32_t from = at.begin == 0 ? 0 : at.begin - 1;
  const auto first = std::upper_bound(starts_.begin(), starts_.end(), from);
  const auto behind = std::upper_bound(first, starts_.end(), at.begin + removed + 1);
  std::vector<uint32_t> between;
  const auto stop = std::min<uint32_t>(at.end + 1, static_cast<uint32_t>(text.size()));
  find_starts(text, from, stop, between);
  const auto moved = static_cast<int64_t>(at.size()) - static_cast<int64_t>(removed);
  for (auto start = behind; start != starts_.end(); ++start)
    *start = static_cast<uint32_t>(*start + moved);
  const auto place = starts_.erase(first, behind);
  starts_.insert(place, between.begin(), between.end());
}

uint32_t Lines::line_of(uint32_t offset) const {
  return static_cast<uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), offset) -
                               starts_.begin()) -
         1;
}

uint32_t Lines::end(std::string_view text, uint32_t line) const {
  const uint32_t begin = starts_[line];
  uint32_t end = line + 1 < count() ? starts_[line + 1] : static_cast<uint32_t>(text.size());
  while (end > begin && (text[end - 1] == '\n' || text[end - 1] == '\r'))
    --end;
  return end;
}

uint32_t Lines::offset(std::string_view text, LinePosition position, Encoding encoding) const {
  if (position.line >= count())
    return static_cast<uint32_t>(text.size());
  const uint32_t stop = end(text, position.line);
  uint32_t at = std::min(first_column(text, starts_[position.line]), stop);
  if (encoding == Encoding::utf8) {
    at += std::min(position.column, stop - at);
    while (at > starts_[position.line] && at < stop && is_continuation(text[at]))
      --at;
    return at;
  }
  for (uint32_t column = 0; at < stop;) {
    column += columns(text[at], encoding);
    if (column > position.column)
      break;
    ++at;
    while (at < stop && is_continuation(text[at]))
      ++at;
  }
  return at;
}

LinePosition Lines::position(std::string_view text, uint32_t offset, Encoding encoding) const {
  offset = std::min(offset, static_cast<uint32_t>(text.size()));
  LinePosition result;
  result.line = line_of(offset);
  const uint32_t begin = first_column(text, starts_[result.line]);
  // Behind the last character of a line is the last column: line ends have none.
  offset = std::clamp(offset, std::min(begin, end(text, result.line)), end(text, result.line));
  if (encoding == Encoding::utf8) {
    result.column = offset - std::min(begin, offset);
    return result;
  }
  for (uint32_t at = begin; at < offset; ++at)
    if (!is_continuation(text[at]))
      result.column += columns(text[at], encoding);
  return result;
}

}  // namespace retort::lsp
