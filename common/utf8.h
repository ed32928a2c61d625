// UTF-8: validity, counting, display columns, and the few encodings that Python files declare.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace retort::utf8 {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// One character at `offset`; bytes that are no UTF-8 count as one character each.
struct Char {
  char32_t code = 0;
  uint32_t size = 1;
  bool valid = false;
};
Char decode(std::string_view text, size_t offset);

void append(std::string& text, char32_t code);

// Offset of the first byte that is not UTF-8 (overlong forms and surrogates included), or npos.
size_t first_invalid(std::string_view text);

// Characters in `text`.
size_t count(std::string_view text);

// Columns that a terminal gives the character: 0 for combining marks, 2 for wide ones.
int display_width(char32_t code);

// Text with each invalid byte replaced by U+FFFD, for outputs that must be UTF-8.
std::string replaced(std::string_view text);

// `bytes` in a one-byte encoding, as UTF-8; nothing when the encoding is not known here.
std::optional<std::string> from_encoding(std::string_view bytes, std::string_view encoding);

}  // namespace retort::utf8
