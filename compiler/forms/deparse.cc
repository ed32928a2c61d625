// Expressions as text: one spelling for what may be written in several ways. The same operators
// get the same parentheses, comments and blanks are gone, types have the server's names.
#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/forms/reader.h"

#include <fmt/format.h>

namespace retort::forms {
namespace {

class Deparser {
public:
  explicit Deparser(Reader& reader) : reader_(reader) {}

  std::string run(Node node) {
    const std::string_view type = node.type();
    if (type == "A_Const")
      return constant(node);
    if (type == "ColumnRef")
      return names(node.field("fields"));
    if (type == "FuncCall")
      return call(node);
    if (type == "TypeCast")
      return operand(node.field("arg")) + "::" + to_text(reader_.type(node.field("typeName")));
    if (type == "A_Expr")
      return operation(node);
    if (type == "BoolExpr")
      return boolean(node);
    if (type == "NullTest")
      return operand(node.field("arg")) +
             (node.text("nulltesttype") == "IS_NULL" ? " IS NULL" : " IS NOT NULL");
    if (type == "BooleanTest")
      return operand(node.field("arg")) + " " + words(node.text("booltesttype"));
    if (type == "CaseExpr")
      return choice(node);
    if (type == "CoalesceExpr")
      return "COALESCE(" + list(node.field("args")) + ")";
    if (type == "MinMaxExpr")
      return (node.text("op") == "IS_LEAST" ? "LEAST(" : "GREATEST(") + list(node.field("args")) +
             ")";
    if (type == "SQLValueFunction")
      return value_function(node);
    if (type == "A_ArrayExpr")
      return "ARRAY[" + list(node.field("elements")) + "]";
    if (type == "RowExpr")
      return "ROW(" + list(node.field("args")) + ")";
    if (type == "CollateClause")
      return operand(node.field("arg")) + " COLLATE " + names(node.field("collname"));
    if (type == "A_Indirection")
      return indirection(node);
    if (type == "ParamRef")
      return "$" + std::to_string(node.number("number"));
    if (type == "SetToDefault")
      return "DEFAULT";
    if (type == "A_Star")
      return "*";
    if (type == "String")
      return quoted(node.text("sval"));
    if (type == "NamedArgExpr")
      return quoted(node.text("name")) + " => " + run(node.field("arg"));
    if (type == "List")
      return list(node);
    return unknown(node);
  }

private:
  std::string constant(Node node) {
    if (node.flag("isnull"))
      return "NULL";
    if (const Node text = node.field("sval"))
      return literal(text.text("sval"));
    if (const Node number = node.field("fval"))
      return std::string(number.text("fval"));
    if (node.field("ival"))
      return std::to_string(reader_.integer(node, 0));
    if (const Node boolean = node.field("boolval"))
      return boolean.flag("boolval") ? "true" : "false";
    if (const Node bits = node.field("bsval")) {
      const std::string_view text = bits.text("bsval");
      return text.empty() ? "B''" : std::string(1, text[0]) + literal(text.substr(1));
    }
    return "NULL";
  }

  std::string names(Node fields) {
    std::string result;
    for (const Node field : fields)
      result += (result.empty() ? "" : ".") + run(field);
    return result;
  }

  std::string list(Node nodes) {
    std::vector<std::string> parts;
    for (const Node node : nodes)
      parts.push_back(run(node));
    return join(parts, ", ");
  }

  std::string operand(Node node) {
    const bool compound = node.is("A_Expr") || node.is("BoolExpr") || node.is("NullTest") ||
                          node.is("BooleanTest") || node.is("CollateClause");
    return compound ? "(" + run(node) + ")" : run(node);
  }

  std::string call(Node node) {
    std::string name;
    for (const std::string& part : Reader::strings(node.field("funcname")))
      if (part != "pg_catalog")
        name += (name.empty() ? "" : ".") + quoted(part);
    std::string arguments = node.flag("agg_star") ? "*" : list(node.field("args"));
    if (node.flag("agg_distinct"))
      arguments = "DISTINCT " + arguments;
    if (node.flag("func_variadic"))
      arguments = "VARIADIC " + arguments;
    return name + "(" + arguments + ")";
  }

  static std::string operator_name(Node node) {
    const std::vector<std::string> parts = Reader::strings(node.field("name"));
    return parts.size() > 1 && parts.front() != "pg_catalog" ? "OPERATOR(" + join(parts, ".") + ")"
                                                             : (parts.empty() ? "" : parts.back());
  }

  std::string operation(Node node) {
    const std::string_view kind = node.text("kind");
    const std::string name = operator_name(node);
    const Node left = node.field("lexpr");
    const Node right = node.field("rexpr");
    if (kind == "AEXPR_OP")
      return left ? operand(left) + " " + name + " " + operand(right) : name + operand(right);
    if (kind == "AEXPR_OP_ANY" || kind == "AEXPR_OP_ALL")
      return fmt::format("{} {} {}({})", operand(left), name,
                         kind == "AEXPR_OP_ANY" ? "ANY" : "ALL", run(right));
    if (kind == "AEXPR_DISTINCT" || kind == "AEXPR_NOT_DISTINCT")
      return fmt::format("{} IS {}DISTINCT FROM {}", operand(left),
                         kind == "AEXPR_DISTINCT" ? "" : "NOT ", operand(right));
    if (kind == "AEXPR_NULLIF")
      return "NULLIF(" + run(left) + ", " + run(right) + ")";
    if (kind == "AEXPR_IN")
      return operand(left) + (name == "<>" ? " NOT IN (" : " IN (") + list(right) + ")";
    if (kind == "AEXPR_LIKE" || kind == "AEXPR_ILIKE" || kind == "AEXPR_SIMILAR") {
      const std::string word = kind == "AEXPR_LIKE"    ? "LIKE"
                               : kind == "AEXPR_ILIKE" ? "ILIKE"
                                                       : "SIMILAR TO";
      return fmt::format("{} {}{} {}", operand(left), name.starts_with('!') ? "NOT " : "", word,
                         operand(right));
    }
    return fmt::format("{} {} {} AND {}", operand(left), name, operand(right[0]),
                       operand(right[1]));
  }

  std::string boolean(Node node) {
    const std::string_view kind = node.text("boolop");
    const Node arguments = node.field("args");
    if (kind == "NOT_EXPR")
      return "NOT " + operand(arguments[0]);
    std::string result;
    for (const Node argument : arguments)
      result += (result.empty() ? "" : kind == "AND_EXPR" ? " AND " : " OR ") + operand(argument);
    return result;
  }

  std::string choice(Node node) {
    std::string result = "CASE";
    if (node.field("arg"))
      result += " " + run(node.field("arg"));
    for (const Node when : node.field("args"))
      result += " WHEN " + run(when.field("expr")) + " THEN " + run(when.field("result"));
    if (node.field("defresult"))
      result += " ELSE " + run(node.field("defresult"));
    return result + " END";
  }

  std::string indirection(Node node) {
    std::string result = "(" + run(node.field("arg")) + ")";
    for (const Node part : node.field("indirection")) {
      if (part.is("A_Indices"))
        result += part.flag("is_slice")
                      ? "[" + run(part.field("lidx")) + ":" + run(part.field("uidx")) + "]"
                      : "[" + run(part.field("uidx")) + "]";
      else
        result += "." + run(part);
    }
    return result;
  }

  // SVFOP_CURRENT_TIMESTAMP_N; the precision is its type modifier.
  static std::string value_function(Node node) {
    std::string text(node.text("op"));
    text = lower(text.substr(text.find('_') + 1));
    if (!text.ends_with("_n"))
      return text;
    return fmt::format("{}({})", text.substr(0, text.size() - 2), node.number("typmod"));
  }

  static std::string words(std::string_view name) {
    std::string text(name);
    for (char& c : text)
      if (c == '_')
        c = ' ';
    return text;
  }

  // Subqueries and what later grammars bring: the words as they stand, if they can be found.
  std::string unknown(Node node) {
    if (!node)
      return "";
    const uint32_t begin = static_cast<uint32_t>(node.number("location"));
    std::string result;
    int depth = 0;
    for (const pg::Token& token : reader_.tokens()) {
      if (token.span.begin < begin || begin == 0)
        continue;
      if (depth == 0 && token.kind == pg::TokenKind::close)
        break;
      depth += token.kind == pg::TokenKind::open ? 1 : token.kind == pg::TokenKind::close ? -1 : 0;
      result += (result.empty() ? "" : " ") + std::string(reader_.text(token.span));
      if (depth == 0 && token.kind == pg::TokenKind::close)
        break;
    }
    return result.empty() ? "…" : result;
  }

  Reader& reader_;
};

// The name, and how sure PostgreSQL is of it: a cast's type counts only without a better one.
struct Figured {
  std::string name;
  int strength = 0;
};

Figured figure(Node node) {
  const std::string_view type = node.type();
  if (type == "ColumnRef" || type == "A_Indirection") {
    const Node parts = node.field(type == "ColumnRef" ? "fields" : "indirection");
    std::string name;
    for (const Node part : parts)
      if (part.is("String"))
        name = part.text("sval");
      else if (part.is("A_Star"))
        name.clear();
    if (!name.empty())
      return {name, 2};
    return type == "ColumnRef" ? Figured{} : figure(node.field("arg"));
  }
  if (type == "FuncCall")
    return {std::string(node.field("funcname").last().text("sval")), 2};
  if (type == "A_Expr")
    return node.text("kind") == "AEXPR_NULLIF" ? Figured{"nullif", 2} : Figured{};
  if (type == "TypeCast") {
    const Figured inner = figure(node.field("arg"));
    if (inner.strength > 1)
      return inner;
    return {std::string(node.field("typeName").field("names").last().text("sval")), 1};
  }
  if (type == "CollateClause")
    return figure(node.field("arg"));
  if (type == "SubLink") {
    const std::string_view kind = node.text("subLinkType");
    if (kind == "EXISTS_SUBLINK")
      return {"exists", 2};
    if (kind == "ARRAY_SUBLINK")
      return {"array", 2};
    const Node target = node.field("subselect").field("targetList")[0];
    if (kind != "EXPR_SUBLINK" || !target)
      return {};
    return target.field("name") ? Figured{std::string(target.text("name")), 2}
                                : figure(target.field("val"));
  }
  if (type == "CaseExpr") {
    const Figured inner = figure(node.field("defresult"));
    return inner.strength > 1 ? inner : Figured{"case", 1};
  }
  if (type == "A_ArrayExpr")
    return {"array", 2};
  if (type == "RowExpr")
    return {"row", 2};
  if (type == "CoalesceExpr")
    return {"coalesce", 2};
  if (type == "MinMaxExpr")
    return {node.text("op") == "IS_LEAST" ? "least" : "greatest", 2};
  if (type == "SQLValueFunction") {
    std::string name(node.text("op"));
    name = lower(name.substr(name.find('_') + 1));
    return {name.ends_with("_n") ? name.substr(0, name.size() - 2) : name, 2};
  }
  if (type == "GroupingFunc")
    return {"grouping", 2};
  if (type == "XmlSerialize")
    return {"xmlserialize", 2};
  return {};
}

}  // namespace

std::string deparse(Reader& reader, Node node) { return Deparser(reader).run(node); }

std::string output_name(Node expression) { return figure(expression).name; }

}  // namespace retort::forms
