// The lines of a header block: comments at the top of a SQL file, and the TOML inside them.
#pragma once

#include "common/source.h"
#include "versions/lines.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct HeaderBlock {
  Span opening;
  uint32_t body = 0;
  std::string toml;
  std::vector<Piece> pieces;  // one a line
  Line bad;                   // the line that is no comment, when the block is not closed
  bool closed = false;
};

// The line `-- /// retort`; only blank lines and other comments may stand before it.
std::optional<Line> find_header(std::string_view text);

// The block that the line opens, up to `-- ///`.
HeaderBlock read_header_block(std::string_view text, const Line& opening);

}  // namespace retort
