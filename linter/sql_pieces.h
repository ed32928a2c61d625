// The text of a statement as Python puts it together: f-strings, `%`, `.format` and `+`.
#pragma once

#include "grammars/python/tree.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace retort {

// Text as it stands in the file, or a value between two texts.
struct SqlPiece {
  std::string_view text;
  py::Node value;
  bool by_repr = false;  // as Python would write it: `{name!r}`
};

using SqlPieces = std::vector<SqlPiece>;

// `meaning` says which text stands behind a name; null for none. Nothing where the expression is no
// such text, or a very long one.
SqlPieces sql_pieces(py::Node expression,
                     const std::function<const SqlPieces*(std::string_view)>& meaning);

// SELECT, INSERT, UPDATE, DELETE: statements that take parameters.
bool changes_or_reads_rows(std::span<const SqlPiece> pieces);
// CREATE, ALTER, GRANT and the like, which take none.
bool is_about_objects(std::span<const SqlPiece> pieces);

// Where the value of a piece stands: in a literal, where a literal could stand, or, as far as one
// can see, as a name.
enum class ValuePlace : uint8_t { quoted, bare, other };
ValuePlace place_of(std::span<const SqlPiece> pieces, size_t value);

}  // namespace retort
