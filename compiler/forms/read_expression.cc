// Expressions: their text, and all that they mention.
#include "compiler/forms/reader.h"

#include <algorithm>

namespace retort::forms {
namespace {

void locations(Node node, uint32_t& lowest, uint32_t& highest) {
  for (const Node child : node) {
    if (child.key() == "location") {
      const int64_t at = node.number("location", -1);
      if (at <= 0)
        continue;
      lowest = std::min(lowest, static_cast<uint32_t>(at));
      highest = std::max(highest, static_cast<uint32_t>(at));
    } else {
      locations(child, lowest, highest);
    }
  }
}

// Words that begin what may follow an expression in DDL.
constexpr std::string_view kEnds[] = {
    "not",        "null",    "check",     "unique",     "primary",   "references",
    "constraint", "default", "generated", "deferrable", "initially", "with",
    "no",         "where",   "include",   "tablespace", "on",        "using"};

std::string_view text_constant(Node node) {
  return node.is("A_Const") ? node.field("sval").text("sval") : "";
}

Name relation_from_text(std::string_view text) {
  Name name;
  const auto part = [](std::string_view word) {
    if (word.size() >= 2 && word.front() == '"' && word.back() == '"')
      return std::string(word.substr(1, word.size() - 2));
    std::string folded(word);
    for (char& c : folded)
      c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return folded;
  };
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    inside ^= text[i] == '"';
    if (text[i] == '.' && !inside) {
      name.schema = part(text.substr(0, i));
      text.remove_prefix(i + 1);
      break;
    }
  }
  name.name = part(text);
  return name;
}

// Labels of enums are no longer than names.
constexpr size_t kLongestLabel = 63;

void literal(Node constant, Mentions& into, std::string column) {
  const std::string_view text = text_constant(constant);
  if (text.empty() || text.size() > kLongestLabel)
    return;
  const auto at = static_cast<uint32_t>(constant.number("location"));
  into.literals.push_back({std::string(text), std::move(column), SIZE_MAX, {at, at}});
}

// `c = 'text'`, `c IN ('text', …)`, either way round.
void compared(Node node, Mentions& into) {
  Node left = node.field("lexpr");
  Node right = node.field("rexpr");
  if (!left.is("ColumnRef"))
    std::swap(left, right);
  const Node name = left.is("ColumnRef") ? left.field("fields").last() : Node{};
  if (!name.is("String"))
    return;
  const std::string column(name.text("sval"));
  literal(right, into, column);
  if (right.is("A_ArrayExpr"))
    right = right.field("elements");
  for (const Node item : right)
    if (item.is("A_Const"))
      literal(item, into, column);
}

bool is_type(Node type_name, std::string_view name) {
  return type_name.field("names").last().text("sval") == name;
}

}  // namespace

Expression Reader::expression(Node node) {
  Expression result;
  if (!node)
    return result;
  result.text = deparse(*this, node);
  mentions(node, result);
  result.null = node.is("A_Const") && node.flag("isnull");
  result.constant = result.columns.empty() && result.functions.empty() && result.queries.empty();

  uint32_t lowest = UINT32_MAX;
  uint32_t highest = 0;
  locations(node, lowest, highest);
  if (lowest == UINT32_MAX)
    return result;
  result.at = {lowest, lowest};
  int depth = 0;
  const std::vector<pg::Token>& all = tokens();
  auto token = std::lower_bound(all.begin(), all.end(), lowest,
                                [](const pg::Token& t, uint32_t at) { return t.span.begin < at; });
  bool tests = false;  // behind IS
  for (; token != all.end(); ++token) {
    using Kind = pg::TokenKind;
    if (depth == 0 && (token->kind == Kind::comma || token->kind == Kind::close))
      break;
    const std::string_view word = token->kind == Kind::word ? text(token->span) : "";
    const bool ends = std::any_of(std::begin(kEnds), std::end(kEnds),
                                  [&](std::string_view end) { return pg::same_word(word, end); });
    if (depth == 0 && token->span.begin > highest && ends && !tests)
      break;
    if (pg::same_word(word, "is") || pg::same_word(word, "time"))
      tests = true;
    depth += token->kind == Kind::open ? 1 : token->kind == Kind::close ? -1 : 0;
    if (tests && depth == 0 && token->span.begin > highest &&
        (pg::same_word(word, "null") || pg::same_word(word, "zone")))
      tests = false;
    result.at.end = token->span.end;
  }
  return result;
}

void Reader::mentions(Node node, Mentions& into) {
  const std::string_view type = node.type();
  if (type == "ColumnRef") {
    ColumnUse use;
    use.names = strings(node.field("fields"));
    use.star = node.field("fields").last().is("A_Star");
    const uint32_t at = static_cast<uint32_t>(node.number("location"));
    use.at = {at, at};
    into.columns.push_back(std::move(use));
    return;
  }
  if (type == "FuncCall") {
    FunctionUse use;
    use.name = qualified(node.field("funcname"));
    use.arguments = node.field("args").size();
    const uint32_t at = static_cast<uint32_t>(node.number("location"));
    use.at = {at, at};
    const bool of_sequence =
        use.name.name == "nextval" || use.name.name == "currval" || use.name.name == "setval";
    if (const std::string_view text = text_constant(node.field("args")[0]);
        of_sequence && !text.empty())
      into.relations.push_back(relation_from_text(text));
    into.functions.push_back(std::move(use));
  } else if (type == "SQLValueFunction") {
    FunctionUse use;
    std::string name(node.text("op"));
    for (char& c : name)
      c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    use.name.name = name.substr(name.find('_') + 1);
    into.functions.push_back(std::move(use));
    return;
  } else if (type == "TypeCast") {
    const std::string_view text = text_constant(node.field("arg"));
    const Node target = node.field("typeName");
    into.types.push_back(this->type(target));
    if (!text.empty() && is_type(target, "regclass"))
      into.relations.push_back(relation_from_text(text));
    else if (node.field("arg").is("A_Const") && node.field("arg").field("sval"))
      into.labels.push_back({into.types.back(), std::string(text), into.types.back().at});
  } else if (type == "SubLink") {
    into.queries.push_back(shared_query(node.field("subselect")));
    mentions(node.field("testexpr"), into);
    return;
  } else if (type == "SelectStmt") {
    into.queries.push_back(shared_query(node));
    return;
  } else if (type == "A_Expr") {
    compared(node, into);
  } else if (type == "A_Const") {
    literal(node, into, "");
    return;
  } else if (type == "String" || type == "TypeName") {
    return;
  }
  for (const Node child : node)
    mentions(child, into);
}

}  // namespace retort::forms
