#include "compiler/written.h"

#include "grammars/python/string_node.h"

#include <algorithm>
#include <functional>

namespace retort {
namespace {

using py::Kind;
using py::Node;

// Strings of a tree from its start, until one is the right one.
bool find_string(Node node, const std::function<bool(Node)>& is_right) {
  if (node.kind() == Kind::string || node.kind() == Kind::concatenated_string)
    return is_right(node);
  for (const Node child : node.children())
    if (find_string(child, is_right))
      return true;
  return false;
}

}  // namespace

std::optional<Written> Written::find(const Sources& sources, std::string_view sql, Loc at) {
  if (at.file == FileId::none || sql.empty())
    return std::nullopt;
  const std::string_view source = sources.text(at);
  const py::Tree tree = py::parse(source);
  std::optional<Written> written;
  find_string(tree.root(), [&](Node node) {
    std::optional<py::StringValue> value = py::string_value(node, source);
    const bool plain = value && !value->has_holes && !value->bytes;
    const size_t begin = plain ? value->text.find(sql) : std::string::npos;
    if (begin == std::string::npos)
      return false;
    for (Piece& piece : value->pieces) {
      piece.origin.begin += at.span.begin;
      piece.origin.end += at.span.begin;
    }
    written = Written(at.file, static_cast<uint32_t>(begin), std::move(value->pieces));
    return true;
  });
  return written;
}

const Piece& Written::piece(uint32_t offset) const {
  const auto behind =
      std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                       [](uint32_t place, const Piece& each) { return place < each.begin; });
  return *std::prev(behind);
}

Span Written::origin(uint32_t offset) const {
  const Piece& stands = piece(offset);
  if (!stands.verbatim)
    return stands.origin;
  const uint32_t begin = stands.origin.begin + (offset - stands.begin);
  return {begin, begin + 1};
}

Loc Written::place(Span in_sql) const {
  const uint32_t begin = begin_ + in_sql.begin;
  const Span first = origin(begin);
  if (in_sql.empty())
    return {file_, {first.begin, first.begin}};
  return {file_, {first.begin, origin(begin_ + in_sql.end - 1).end}};
}

bool Written::is_verbatim(Span in_sql) const {
  const uint32_t last = begin_ + in_sql.end - (in_sql.empty() ? 0 : 1);
  const Piece& stands = piece(begin_ + in_sql.begin);
  return stands.verbatim && &stands == &piece(last);
}

}  // namespace retort
