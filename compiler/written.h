// Where the parts of a statement were written that Python puts together: in a string with escapes,
// or in several strings beside each other.
#pragma once

#include "common/source.h"

#include <optional>
#include <string_view>
#include <vector>

namespace retort {

class Written {
public:
  // Looks for the statement among the strings of a piece of Python. Nothing where it is none of
  // them, nor in one: it was formatted, or made by a directive.
  static std::optional<Written> find(const Sources& sources, std::string_view sql, Loc at);

  // The place of a part of the statement, from its first byte to its last.
  Loc place(Span in_sql) const;
  // It stands there as it is.
  bool is_verbatim(Span in_sql) const;

private:
  Written(FileId file, uint32_t begin, std::vector<Piece> pieces)
      : file_(file), begin_(begin), pieces_(std::move(pieces)) {}
  const Piece& piece(uint32_t offset) const;
  Span origin(uint32_t offset) const;

  FileId file_;
  uint32_t begin_;  // of the statement in the text that the pieces make up
  std::vector<Piece> pieces_;
};

}  // namespace retort
