// Python string literals: `r'…'`, `"""…"""`, escapes, and where each byte of the value was written.
#pragma once

#include "common/result.h"
#include "common/source.h"

#include <string>
#include <string_view>
#include <vector>

namespace retort::py {

struct StringValue {
  std::string text;
  std::vector<Piece> pieces;  // sorted; origins are spans of the source that was given
  bool bytes = false;
  bool has_holes = false;  // an f-string with `{…}`: `text` holds only what stands around them
};

struct LiteralError {
  Span at;
  std::string message;
};

// Length of the prefix and opening quotes at `offset`, 0 when no string literal starts there.
uint32_t string_start(std::string_view source, uint32_t offset);

// Appends the value of the literal token `at` (prefix and quotes included), as Python joins
// neighbouring literals.
Expected<Nothing, LiteralError> append_string(std::string_view source, Span at, StringValue& value);

// How the text between quotes is read.
struct LiteralForm {
  bool raw = false;
  bool bytes = false;
  bool formatted = false;  // braces are doubled
};

// The same for a part of a literal, without prefix and quotes.
Expected<Nothing, LiteralError> append_string_content(std::string_view source, Span at,
                                                      LiteralForm form, StringValue& value);

}  // namespace retort::py
