// Where a revision file says what it does: the functions `upgrade` and `downgrade`.
#pragma once

#include "common/source.h"

#include <optional>
#include <string>
#include <string_view>

namespace retort {

struct FunctionText {
  Span name;
  Span body;                // from its first statement to its last, a docstring left out
  std::string indent;       // of its statements
  bool empty = false;       // `pass`, or only a docstring
  bool left_early = false;  // it ends with `return` or `raise`
};

// A function at the top of a Python file.
std::optional<FunctionText> function_text(std::string_view source, std::string_view name);

// The word stands in the text, not as a part of another one.
bool has_word(std::string_view text, std::string_view word);

}  // namespace retort
