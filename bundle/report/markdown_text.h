// Text and code that cannot become markup, in a line, a cell or a block.
#pragma once

#include <string>
#include <string_view>

namespace retort::bundle::markdown {

// At most `most` characters, then "…".
std::string text(std::string_view text, size_t most);
// In one line: a line feed is shown as ⏎, for a comment ends there.
std::string code(std::string_view text, size_t most);
bool fits(std::string_view code, size_t most);  // `code` shows all of it, as it is
std::string block(std::string_view text);       // fenced

}  // namespace retort::bundle::markdown
