#include "compiler/ddl/names.h"
#include "compiler/expressions/renderer.h"
#include "compiler/types/literals.h"

#include <fmt/format.h>

namespace retort::expr {

std::string Renderer::unary(const Expression& e, const Context& context) {
  return std::string(text_of(e.op.op)) + expression(e.left, context);
}

std::string Renderer::generic(const Expression& e, std::string_view op, Context context) {
  const bool parentheses = context.in_operator && context.eager;
  context.in_operator = true;
  std::string text = expression(e.left, context) + std::string(op) + expression(e.right, context);
  return parentheses ? "(" + text + ")" : text;
}

std::string Renderer::like(const Expression& e, const Context& context) {
  Ptr left = e.left;
  Ptr right = e.right;
  const auto lowered = [](const Ptr& value) { return value; };  // ILIKE sees to it
  const Ptr percent = literal_value(Datum("%"));
  const auto joined = [](const Ptr& a, const Ptr& b) {
    return operate(a, b, Op::concatenate, plain_type(Family::text));
  };
  switch (e.op.op) {
  case Op::contains:
  case Op::not_contains:
  case Op::icontains:
  case Op::not_icontains: right = joined(joined(percent, lowered(right)), percent); break;
  case Op::startswith:
  case Op::not_startswith:
  case Op::istartswith:
  case Op::not_istartswith: right = joined(lowered(right), percent); break;
  case Op::endswith:
  case Op::not_endswith:
  case Op::iendswith:
  case Op::not_iendswith: right = joined(percent, lowered(right)); break;
  default: break;
  }
  std::string text =
      expression(left, context) + std::string(text_of(e.op.op)) + expression(right, context);
  if (e.escape)
    text += " ESCAPE " + quoted_text(*e.escape);
  return text;
}

// `integer / integer` is exact in SQLAlchemy 2.0.
std::string Renderer::divide(const Expression& e, const Context& context) {
  if (e.op.op == Op::true_divide) {
    const TypePtr type = affinity_of(e.right->type) == Affinity::numeric
                             ? e.right->type
                             : plain_type(Family::numeric);
    return expression(e.left, context) + " / " + expression(cast(e.right, type), context);
  }
  const std::string text = expression(e.left, context) + " / " + expression(e.right, context);
  if (affinity_of(e.left->type) == Affinity::integer &&
      affinity_of(e.right->type) == Affinity::integer)
    return text;
  return "FLOOR(" + text + ")";
}

// `->` and `#>`; with a type to convert to, the text in a CAST.
std::string Renderer::json_access(const Expression& e, const Ptr& self, Context context) {
  const bool path = e.op.op == Op::json_path_getitem;
  const bool cast_applied = context.cast_applied;
  context.cast_applied = false;
  if (!cast_applied && affinity_of(e.type) != Affinity::json) {
    Context inner = context;
    inner.cast_applied = true;
    return "CAST(" + expression(self, inner) + " AS " + (e.type ? e.type->sql : "NULL") + ")";
  }
  context.eager = true;
  if (path)
    return generic(e, cast_applied ? " #>> " : " #> ", context);
  if (!cast_applied && is_jsonb(e.left->type)) {
    const bool opaque = e.left->kind == Kind::function || e.left->kind == Kind::cast;
    const Ptr left = opaque ? in_parentheses(e.left) : e.left;
    return expression(left, context) + "[" + expression(e.right, context) + "]";
  }
  return generic(e, cast_applied ? " ->> " : " -> ", context);
}

std::string Renderer::binary(const Expression& e, Context context) {
  context.eager = false;  // it is for the operator that asks for it, not for its operands
  switch (e.op.op) {
  case Op::true_divide:
  case Op::floor_divide: return divide(e, context);
  case Op::getitem: return expression(e.left, context) + "[" + expression(e.right, context) + "]";
  case Op::json_getitem:
  case Op::json_path_getitem: return json_access(e, std::make_shared<const Expression>(e), context);
  case Op::not_in: return "(" + generic(e, " NOT IN ", context) + ")";
  case Op::between:
  case Op::not_between:
    return generic(e, std::string(text_of(e.op.op)) + (e.text.empty() ? "" : e.text + " "),
                   context);
  case Op::match:
  case Op::not_match: {
    std::string configuration;
    if (e.escape)
      configuration = quoted_text(*e.escape) + ", ";
    const std::string text = fmt::format("{} @@ plainto_tsquery({}{})", expression(e.left, context),
                                         configuration, expression(e.right, context));
    return e.op.op == Op::match ? text : "NOT " + text;
  }
  case Op::regexp_match:
  case Op::not_regexp_match: {
    const std::string_view op = e.op.op == Op::regexp_match ? "~" : "!~";
    if (!e.escape)
      return generic(e, fmt::format(" {} ", op), context);
    if (*e.escape == "i")
      return generic(e, fmt::format(" {}* ", op), context);
    return fmt::format("{} {} CONCAT('(?', {}, ')', {})", expression(e.left, context), op,
                       quoted_text(*e.escape), expression(e.right, context));
  }
  case Op::regexp_replace: {
    const std::string flags = e.escape ? ", " + quoted_text(*e.escape) : "";
    return fmt::format("REGEXP_REPLACE({}, {}{})", expression(e.left, context),
                       expression(e.right, context), flags);
  }
  case Op::custom: context.eager = e.op.eager; return generic(e, " " + e.op.text + " ", context);
  case Op::like:
  case Op::not_like:
  case Op::ilike:
  case Op::not_ilike:
  case Op::contains:
  case Op::not_contains:
  case Op::startswith:
  case Op::not_startswith:
  case Op::endswith:
  case Op::not_endswith:
  case Op::icontains:
  case Op::not_icontains:
  case Op::istartswith:
  case Op::not_istartswith:
  case Op::iendswith:
  case Op::not_iendswith: return like(e, context);
  default: return generic(e, text_of(e.op.op), context);
  }
}

}  // namespace retort::expr
