#include "compiler/forms/reader.h"

#include <algorithm>

namespace retort::forms {
namespace {

bool is_name(const pg::Token& token) {
  return token.kind == pg::TokenKind::word || token.kind == pg::TokenKind::name;
}

}  // namespace

const std::vector<pg::Token>& Reader::tokens() {
  if (!tokens_.empty())
    return tokens_;
  const std::string_view all = tree_.text();
  tokens_.reserve(all.size() / 5);
  pg::Lexer lexer(all, {0, static_cast<uint32_t>(all.size())});
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next())
    if (token.kind != pg::TokenKind::semicolon)
      tokens_.push_back(token);
  return tokens_;
}

Span Reader::whole() {
  const std::string_view all = tree_.text();
  const size_t begin = all.find_first_not_of(" \t\r\n\f");
  const size_t end = all.find_last_not_of(" \t\r\n\f;");
  if (begin == std::string_view::npos || end == std::string_view::npos)
    return {};
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end + 1)};
}

std::vector<Span> Reader::parts(uint32_t from) {
  std::vector<Span> spans;
  int depth = 0;
  bool fresh = true;
  for (const pg::Token& token : tokens()) {
    if (token.span.begin < from)
      continue;
    if (token.kind == pg::TokenKind::comma && depth == 0) {
      fresh = true;
      continue;
    }
    depth += token.kind == pg::TokenKind::open ? 1 : token.kind == pg::TokenKind::close ? -1 : 0;
    if (fresh)
      spans.push_back(token.span);
    fresh = false;
    spans.back().end = token.span.end;
  }
  return spans;
}

Span Reader::element(uint32_t begin) {
  Span span{begin, begin};
  int depth = 0;
  const std::vector<pg::Token>& all = tokens();
  auto token = std::lower_bound(all.begin(), all.end(), begin,
                                [](const pg::Token& t, uint32_t at) { return t.span.begin < at; });
  for (; token != all.end(); ++token) {
    if (depth == 0 && (token->kind == pg::TokenKind::comma || token->kind == pg::TokenKind::close))
      break;
    depth += token->kind == pg::TokenKind::open ? 1 : token->kind == pg::TokenKind::close ? -1 : 0;
    span.end = token->span.end;
  }
  return span;
}

Span Reader::word_at(uint32_t location) {
  pg::Lexer lexer(tree_.text(), {location, static_cast<uint32_t>(tree_.text().size())});
  Span span = lexer.next().span;
  // `schema.name` is one place.
  while (true) {
    const pg::Token dot = lexer.next();
    if (dot.kind != pg::TokenKind::other || lexer.text(dot) != ".")
      return span;
    const pg::Token name = lexer.next();
    if (!is_name(name))
      return span;
    span.end = name.span.end;
  }
}

Span Reader::find_name(std::string_view name, uint32_t from) {
  for (const pg::Token& token : tokens()) {
    if (token.span.begin < from || !is_name(token))
      continue;
    const std::string_view found = text(token.span);
    const bool same = token.kind == pg::TokenKind::name
                          ? found.size() >= 2 && found.substr(1, found.size() - 2) == name
                          : pg::same_word(found, name);
    if (same)
      return token.span;
  }
  return whole();
}

Name Reader::relation(Node range_var) {
  Name name;
  name.schema = range_var.text("schemaname");
  name.name = range_var.text("relname");
  if (!name.name.empty())
    name.at = word_at(static_cast<uint32_t>(range_var.number("location")));
  return name;
}

std::vector<std::string> Reader::strings(Node list) {
  std::vector<std::string> result;
  for (const Node element : list)
    if (element.is("String"))
      result.emplace_back(element.text("sval"));
  return result;
}

Name Reader::qualified(Node list) {
  Name name;
  std::string_view before;
  for (const Node part : list)
    if (part.is("String")) {
      name.schema = before;
      before = part.text("sval");
    }
  name.name = before;
  return name;
}

TypeName Reader::type(Node node) {
  TypeName type;
  const Name name = qualified(node.field("names"));
  type.schema = name.schema;
  type.name = name.name;
  type.array = !node.field("arrayBounds").empty();
  type.set = node.flag("setof");
  type.of_column = node.flag("pct_type");
  const uint32_t location = static_cast<uint32_t>(node.number("location"));
  type.at = {location, location};
  for (const Node modifier : node.field("typmods"))
    type.modifiers.push_back(modifier.field("ival") ? std::to_string(integer(modifier, location))
                                                    : deparse(*this, modifier));
  return type;
}

Behavior behavior(Node node) {
  return node.text("behavior") == "DROP_CASCADE" ? Behavior::cascade : Behavior::restrict;
}

Persistence persistence(Node range_var) {
  const std::string_view text = range_var.text("relpersistence");
  return text == "t"   ? Persistence::temporary
         : text == "u" ? Persistence::unlogged
                       : Persistence::permanent;
}

std::string role(Node spec) {
  const std::string_view type = spec.text("roletype");
  if (type == "ROLESPEC_PUBLIC")
    return "public";
  if (type == "ROLESPEC_CURRENT_USER" || type == "ROLESPEC_CURRENT_ROLE")
    return "current_user";
  if (type == "ROLESPEC_SESSION_USER")
    return "session_user";
  return std::string(spec.text("rolename"));
}

bool is_on(Node option) {
  const Node value = option.field("arg");
  // Words that are no keywords are read as names of types.
  const std::string_view word =
      value.field("names") ? value.field("names").last().text("sval") : value.text("sval");
  return word != "false" && word != "off" && !(value.is("Integer") && value.number("ival") == 0);
}

}  // namespace retort::forms
