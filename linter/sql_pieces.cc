#include "linter/sql_pieces.h"

#include "common/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace retort {
namespace {

using py::Field;
using py::Kind;
using py::Node;

using Meaning = std::function<const SqlPieces*(std::string_view)>;

constexpr size_t kMostPieces = 1'000;
constexpr int kDeepest = 100;

class Reader {
public:
  explicit Reader(const Meaning& meaning, int depth = 0) : meaning_(meaning), depth_(depth) {}

  // Whether it is text.
  bool read(Node node) {
    if (depth_ >= kDeepest || pieces.size() > kMostPieces)
      return false;
    ++depth_;
    const bool text = read_one(node);
    --depth_;
    return text;
  }

  SqlPieces pieces;

private:
  // What goes into a pattern.
  struct Values {
    std::vector<Node> in_order;
    std::map<std::string_view, Node> by_name;
  };

  bool read_one(Node node) {
    switch (node.kind()) {
    case Kind::string: read_string(node); return true;
    case Kind::concatenated_string:
    case Kind::parenthesized_expression: {
      bool any = false;
      for (const Node part : node.children())
        any |= read(part);
      return any;
    }
    case Kind::binary_operator: return read_operator(node);
    case Kind::identifier: {
      const SqlPieces* const known = meaning_(node.text());
      if (known)
        pieces.insert(pieces.end(), known->begin(), known->end());
      return known && !known->empty();
    }
    case Kind::call: return read_text(node) || read_format(node);
    default: return false;
    }
  }

  void read_string(Node node) {
    for (const Node part : node.children()) {
      if (part.kind() == Kind::string_content)
        pieces.push_back({part.text(), {}});
      else if (part.kind() == Kind::interpolation)
        pieces.push_back(
            {{}, part.child(Field::expression), part.child(Field::type_conversion).text() == "!r"});
    }
  }

  bool read_operator(Node node) {
    const std::string_view sign = node.child(Field::operator_).text();
    const Node left = node.child(Field::left);
    const Node right = node.child(Field::right);
    if (sign == "+") {
      const size_t before = pieces.size();
      const bool text = read(left);
      if (!text)
        pieces.push_back({{}, left});
      const bool more = read(right);
      if (!more)
        pieces.push_back({{}, right});
      if (!text && !more)
        pieces.resize(before);
      return text || more;
    }
    if (sign != "%")
      return false;
    const SqlPieces pattern = pattern_of(left);
    if (pattern.empty())
      return false;
    Values values;
    if (right.kind() == Kind::tuple)
      for (const Node value : right.children())
        values.in_order.push_back(value);
    else if (right.kind() == Kind::dictionary)
      for (const Node pair : right.children())
        values.by_name[unquoted(pair.child(Field::key).text())] = pair.child(Field::value);
    else
      values.in_order.push_back(right);
    for (const SqlPiece& piece : pattern)
      if (piece.value)
        pieces.push_back(piece);
      else
        fill_percent(piece.text, values);
    return true;
  }

  // The text in front of `%` or `.format`.
  SqlPieces pattern_of(Node node) const {
    Reader reader(meaning_, depth_);
    return reader.read(node) ? std::move(reader.pieces) : SqlPieces();
  }

  static std::string_view unquoted(std::string_view text) {
    return text.size() < 2 ? text : text.substr(1, text.size() - 2);
  }

  void fill_percent(std::string_view text, const Values& values) {
    size_t done = 0;
    for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at)) {
      size_t end = at + 1;
      std::string_view name;
      if (end < text.size() && text[end] == '(') {
        const size_t close = std::min(text.find(')', end), text.size());
        name = text.substr(end + 1, close - end - 1);
        end = close + 1;
      }
      if (end >= text.size() || (text[end] != 's' && text[end] != 'r' && text[end] != 'd')) {
        at = std::min(end + 1, text.size());  // `%%`
        next_ += end < text.size() && text[end] == '%' ? 0 : 1;
        continue;
      }
      Node value;
      if (!name.empty()) {
        const auto found = values.by_name.find(name);
        value = found == values.by_name.end() ? Node() : found->second;
      } else if (next_ < values.in_order.size()) {
        value = values.in_order[next_++];
      }
      pieces.push_back({text.substr(done, at - done), {}});
      if (value && text[end] != 'd')
        pieces.push_back({{}, value, text[end] == 'r'});
      done = at = end + 1;
    }
    pieces.push_back({text.substr(done), {}});
  }

  // `text("…")`, `sa.text("…")`
  bool read_text(Node call) {
    const Node function = call.child(Field::function);
    const std::string_view name = function.kind() == Kind::attribute
                                      ? function.child(Field::attribute).text()
                                      : function.text();
    return name == "text" && read(call.child(Field::arguments).first_child());
  }

  bool read_format(Node call) {
    const Node function = call.child(Field::function);
    if (function.kind() != Kind::attribute || function.child(Field::attribute).text() != "format")
      return false;
    const SqlPieces pattern = pattern_of(function.child(Field::object));
    if (pattern.empty())
      return false;
    Values values;
    for (const Node argument : call.child(Field::arguments).children()) {
      if (argument.kind() == Kind::keyword_argument)
        values.by_name[argument.child(Field::name).text()] = argument.child(Field::value);
      else
        values.in_order.push_back(argument);
    }
    for (const SqlPiece& piece : pattern)
      if (piece.value)
        pieces.push_back(piece);
      else
        fill_braces(piece.text, values);
    return true;
  }

  void fill_braces(std::string_view text, const Values& values) {
    size_t done = 0;
    for (size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at)) {
      const size_t close = text.find('}', at);
      if (text.substr(at).starts_with("{{") || close == std::string_view::npos) {
        at += 2;
        continue;
      }
      const std::string_view inside = text.substr(at + 1, close - at - 1);
      const std::string_view name = inside.substr(0, inside.find_first_of(".[!:"));
      pieces.push_back({text.substr(done, at - done), {}});
      if (const Node value = named(name, values))
        pieces.push_back({{}, value, inside.ends_with("!r")});
      done = at = close + 1;
    }
    pieces.push_back({text.substr(done), {}});
  }

  Node named(std::string_view name, const Values& values) {
    if (const auto found = values.by_name.find(name); found != values.by_name.end())
      return found->second;
    size_t index = 0;
    if (name.empty())
      index = next_++;
    else if (std::from_chars(name.data(), name.data() + name.size(), index).ec != std::errc())
      return {};
    return index < values.in_order.size() ? values.in_order[index] : Node();
  }

  const Meaning& meaning_;
  size_t next_ = 0;
  int depth_;
};

// The first word, behind blanks, comments and parentheses.
std::string first_word(std::span<const SqlPiece> pieces) {
  if (pieces.empty())
    return {};
  std::string_view text = pieces.front().text;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n(\\"), text.size()));
    if (!text.starts_with("--"))
      break;
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
  size_t end = 0;
  while (end < text.size() && is_word(text[end]))
    ++end;
  return lower(text.substr(0, end));
}

template <size_t size>
bool begins_with_one_of(std::span<const SqlPiece> pieces,
                        const std::array<std::string_view, size>& words) {
  const std::string word = first_word(pieces);
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

SqlPieces sql_pieces(Node expression,
                     const std::function<const SqlPieces*(std::string_view)>& meaning) {
  Reader reader(meaning);
  return reader.read(expression) && reader.pieces.size() <= kMostPieces ? std::move(reader.pieces)
                                                                        : SqlPieces();
}

bool changes_or_reads_rows(std::span<const SqlPiece> pieces) {
  constexpr std::array<std::string_view, 6> kWords = {"select", "insert", "update",
                                                      "delete", "with",   "merge"};
  return begins_with_one_of(pieces, kWords);
}

bool is_about_objects(std::span<const SqlPiece> pieces) {
  constexpr std::array<std::string_view, 16> kWords = {
      "create",  "alter",   "drop",    "grant", "revoke", "comment", "truncate", "set",
      "reindex", "analyze", "cluster", "lock",  "vacuum", "refresh", "security", "do"};
  return begins_with_one_of(pieces, kWords);
}

ValuePlace place_of(std::span<const SqlPiece> pieces, size_t value) {
  std::string before;
  for (const SqlPiece& piece : pieces.first(value))
    before += piece.value ? std::string("x") : std::string(piece.text);
  if (std::count(before.begin(), before.end(), '\'') % 2 == 1)
    return ValuePlace::quoted;
  while (!before.empty() &&
         std::string_view(" \t\r\n").find(before.back()) != std::string_view::npos)
    before.pop_back();
  const std::string text = lower(before);
  const bool literal =
      !text.empty() && std::string_view("=<>").find(text.back()) != std::string_view::npos;
  const bool in_list = text.ends_with("in (") || text.ends_with("in(");
  const bool row =
      (text.ends_with("(") || text.ends_with(",")) && text.find("values") != std::string::npos;
  if (!literal && !in_list && !row)
    return ValuePlace::other;
  return pieces[value].by_repr ? ValuePlace::quoted : ValuePlace::bare;
}

}  // namespace retort
