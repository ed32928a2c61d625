// A text line by line.
#pragma once

#include "common/source.h"
#include "common/utf8.h"

#include <string_view>

namespace retort {

struct Line {
  Span span;          // without the line end
  uint32_t next = 0;  // where the next line begins
};

// The first byte behind a byte order mark.
inline uint32_t text_begin(std::string_view text) {
  return text.starts_with(utf8::kByteOrderMark) ? 3 : 0;
}

inline Line line_at(std::string_view text, uint32_t begin) {
  const uint32_t size = static_cast<uint32_t>(text.size());
  const size_t newline = text.find('\n', begin);
  if (newline == std::string_view::npos)
    return {{begin, size}, size};
  uint32_t end = static_cast<uint32_t>(newline);
  if (end > begin && text[end - 1] == '\r')
    --end;
  return {{begin, end}, static_cast<uint32_t>(newline) + 1};
}

}  // namespace retort
