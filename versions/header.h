// What a Python revision file says of itself, before it is checked.
#pragma once

#include "common/diagnostic.h"
#include "versions/revision.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace retort {

struct HeaderValue {
  enum class Shape : uint8_t { none, text, list, other };
  Shape shape = Shape::none;
  Span at;
  std::vector<Reference> items;
};

inline constexpr std::array<std::string_view, 4> kHeaderNames = {"revision", "down_revision",
                                                                 "branch_labels", "depends_on"};

struct Header {
  std::string doc;
  std::array<std::optional<HeaderValue>, kHeaderNames.size()> values;  // in that order
};

// The checked revision; nothing for a file that is none, or after reporting what is wrong.
std::optional<Revision> to_revision(Header& header, FileId file, std::string_view file_name,
                                    Diagnostics& diagnostics);

}  // namespace retort
