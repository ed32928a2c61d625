#include "linter/body_text.h"

#include "common/text.h"
#include "grammars/python/tree.h"

namespace retort {
namespace {

using py::Field;
using py::Kind;
using py::Node;

std::string indent_before(std::string_view source, uint32_t at) {
  const size_t newline = at == 0 ? std::string_view::npos : source.rfind('\n', at - 1);
  const size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::string_view blanks = source.substr(begin, at - begin);
  return trim(blanks).empty() ? std::string(blanks) : "    ";
}

FunctionText text_of(std::string_view source, Node function) {
  FunctionText text;
  text.name = function.child(Field::name).span();
  text.body = function.child(Field::body).span();
  text.empty = true;
  bool first = true;
  for (const Node statement : function.child(Field::body).children()) {
    const bool docstring = first && statement.kind() == Kind::expression_statement &&
                           statement.first_child().kind() == Kind::string;
    if (first)
      text.indent = indent_before(source, statement.span().begin);
    first = false;
    if (docstring) {
      text.body = {statement.span().end, statement.span().end};
      continue;
    }
    if (text.body.empty())
      text.body.begin = statement.span().begin;
    text.body.end = statement.span().end;
    text.empty &= statement.kind() == Kind::pass_statement;
    text.left_early =
        statement.kind() == Kind::return_statement || statement.kind() == Kind::raise_statement;
  }
  return text;
}

}  // namespace

std::optional<FunctionText> function_text(std::string_view source, std::string_view name) {
  const py::Tree tree = py::parse(source);
  for (Node node : tree.root().children()) {
    if (node.kind() == Kind::decorated_definition)
      node = node.child(Field::definition);
    if (node.kind() == Kind::function_definition && node.child(Field::name).text() == name)
      return text_of(source, node);
  }
  return std::nullopt;
}

bool has_word(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    if ((at == 0 || !is_word(text[at - 1])) &&
        (at + word.size() == text.size() || !is_word(text[at + word.size()])))
      return true;
  return false;
}

}  // namespace retort
