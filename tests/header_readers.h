// The two readers of a Python header side by side (versions/read_python.cc).
#pragma once

#include "versions/header.h"

#include <optional>
#include <string>
#include <string_view>

namespace retort::tests {

// The header as one text: docstring, and each variable with its items and where they stand.
std::string describe(const Header& header);

struct HeaderReadings {
  std::optional<std::string> lines;  // nothing when the line reader declines
  std::optional<std::string> tree;   // nothing when a value is not static, or the text no Python
  bool is_python = false;            // as the parser sees it
};
HeaderReadings read_header_twice(std::string_view source);

}  // namespace retort::tests
