// Bytes of a text as the lines and columns of the protocol: from 0, columns in UTF-16 units, in
// characters or in bytes. The only place that knows of either.
#pragma once

#include "common/source.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace retort::lsp {

enum class Encoding : uint8_t { utf8, utf16, utf32 };

struct LinePosition {
  uint32_t line = 0;
  uint32_t column = 0;

  auto operator<=>(const LinePosition&) const = default;
};

// Where the lines of a text begin. The text may change as long as this is told.
class Lines {
public:
  Lines() = default;
  explicit Lines(std::string_view text) { read(text, 0); }

  // Places beyond the end of a line or of the text are its end; one inside a character is its
  // begin.
  uint32_t offset(std::string_view text, LinePosition position, Encoding encoding) const;
  LinePosition position(std::string_view text, uint32_t offset, Encoding encoding) const;
  uint32_t line_of(uint32_t offset) const;
  uint32_t begin(uint32_t line) const { return starts_[line]; }
  uint32_t end(std::string_view text, uint32_t line) const;  // without its line end
  uint32_t count() const { return static_cast<uint32_t>(starts_.size()); }

  // `text` is the new one, of which the bytes of `at` are new, instead of `removed` old ones.
  void replaced(std::string_view text, Span at, uint32_t removed);

private:
  void read(std::string_view text, uint32_t from);
  std::vector<uint32_t> starts_{0};
};

}  // namespace retort::lsp
