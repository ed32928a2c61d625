#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/expressions/renderer.h"
#include "compiler/types/literals.h"

#include <fmt/format.h>

namespace retort::expr {
namespace {

constexpr int kDeepest = 400;

bool legal(std::string_view name) {
  if (name.empty() || name.front() == '$' || (name.front() >= '0' && name.front() <= '9'))
    return name.empty();
  for (const char c : name)
    if (!is_word(c) && c != '$')
      return false;
  return true;
}

// Names of functions keep their case and may be reserved words: `left(…)`.
std::string function_name(const Identifier& name) {
  if (legal(name.text) && name.quote != Quote::always)
    return name.text;
  return retort::written(Identifier(name.text, Quote::always));
}

bool matches_everything(const Expression& e) {
  return e.kind == Kind::expanding && e.value.as<retort::List>() &&
         e.value.as<retort::List>()->items.empty();
}

}  // namespace

std::string Renderer::literal(const Datum& value, const TypePtr& type) {
  Answer<std::string> text = type ? literal_of(value, *type) : literal_of(value);
  if (!text) {
    fail(text.error().message);
    return {};
  }
  return *text;
}

std::string Renderer::quoted_text(const std::string& text) { return retort::literal(text); }

std::string Renderer::expanding(const Expression& e) {
  const auto& items = e.value.as<retort::List>()->items;
  const bool negated = e.op.op == Op::not_in;
  if (matches_everything(e))
    return negated ? "(NULL) OR (1 = 1)" : "(NULL) AND (1 != 1)";
  std::vector<std::string> parts;
  for (const Datum& item : items) {
    const auto* row = item.as<retort::List>();
    if (!row || (e.type && e.type->family == Family::array)) {
      parts.push_back(literal(item, e.type));
      continue;
    }
    std::vector<std::string> fields;
    for (size_t i = 0; i < row->items.size(); ++i)
      fields.push_back(literal(row->items[i], i < e.items.size() ? e.items[i]->type : nullptr));
    parts.push_back("(" + join(fields, ", ") + ")");
  }
  return "(" + join(parts, ", ") + ")";
}

std::string Renderer::list(const List& items, std::string_view separator, const Context& context) {
  std::string text;
  for (const Ptr& item : items) {
    const std::string part = expression(item, context);
    if (part.empty())
      continue;
    if (!text.empty())
      text += separator;
    text += part;
  }
  return text;
}

std::string Renderer::conditions(const List& items, const Context& context) {
  return list(where_clause(items), " AND ", context);
}

std::string Renderer::column(const Expression& e, const Context& context) {
  const Label own = name_of(e);
  if (own.empty() && e.from)
    fail("two columns of a subquery have the same label");
  const std::string text = written(own);
  if (!e.from || !context.include_table || e.from->kind == FromKind::join)
    return text;
  const std::string prefix = e.from->schema.empty() ? "" : retort::written(e.from->schema) + ".";
  return prefix + written(from_name(*e.from)) + "." + text;
}

std::string Renderer::function(const Expression& e, const Context& context) {
  std::string text;
  for (const Identifier& package : e.packages)
    text += function_name(package) + ".";
  if (e.name.text == "substring" && e.packages.empty() && e.items.size() >= 2) {
    text += fmt::format("SUBSTRING({} FROM {}", expression(e.items[0], context),
                        expression(e.items[1], context));
    if (e.items.size() > 2)
      text += " FOR " + expression(e.items[2], context);
    return text + ")";
  }
  text += e.text.empty() ? function_name(e.name) : e.text;  // a keyword such as CURRENT_DATE
  if (e.call)
    text += "(" + list(e.items, ", ", context) + ")";
  if (e.ordinality)
    text += " WITH ORDINALITY";
  return text;
}

std::string Renderer::over(const Expression& e, const Context& context) {
  std::vector<std::string> parts;
  if (!e.items.empty())
    parts.push_back("PARTITION BY " + list(e.items, ", ", context));
  if (!e.order.empty())
    parts.push_back("ORDER BY " + list(e.order, ", ", context));
  if (e.frame) {
    const auto bound = [](std::optional<int64_t> value, std::string_view unbounded) {
      if (!value)
        return fmt::format("UNBOUNDED {}", unbounded);
      if (*value == 0)
        return std::string("CURRENT ROW");
      return fmt::format("{} {}", *value < 0 ? -*value : *value,
                         *value < 0 ? "PRECEDING" : "FOLLOWING");
    };
    parts.push_back(fmt::format("{} BETWEEN {} AND {}", e.frame->unit,
                                bound(e.frame->begin, "PRECEDING"),
                                bound(e.frame->end, "FOLLOWING")));
  }
  return expression(e.left, context) + " OVER (" + join(parts, " ") + ")";
}

std::string Renderer::case_of(const Expression& e, const Context& context) {
  std::string text = "CASE ";
  if (e.left)
    text += expression(e.left, context) + " ";
  for (size_t i = 0; i + 1 < e.items.size(); i += 2)
    text += "WHEN " + expression(e.items[i], context) + " THEN " +
            expression(e.items[i + 1], context) + " ";
  if (e.right)
    text += "ELSE " + expression(e.right, context) + " ";
  return text + "END";
}

std::string Renderer::label(const Ptr& e, Context context) {
  const bool declared = context.within_columns && !context.within_label;
  if (declared) {
    context.within_label = true;
    return expression(grouped(e->left, Op::as), context) + " AS " + written(name_of(*e));
  }
  if (context.as_label == e.get())
    return written(name_of(*e));
  context.within_columns = false;
  return expression(grouped(e->left, Op::as), context);
}

std::string Renderer::expression(const Ptr& pointer, Context context) {
  const Expression& e = *pointer;
  if (++depth_ > kDeepest)
    fail("an expression is nested too deeply");
  struct Leave {
    int& depth;
    ~Leave() { --depth; }
  } leave{depth_};
  if (problem_)
    return {};
  switch (e.kind) {
  case Kind::literal: return literal(e.value, e.type);
  case Kind::expanding: return expanding(e);
  case Kind::parameter:
    if (const Ptr* const value = given(e.text)) {
      const Expression& bound = **value;
      return expression(e.type && bound.kind == Kind::literal ? with_type(*value, e.type) : *value,
                        context);
    }
    if (!e.has_value) {
      fail(fmt::format("parameter `:{}` has no value", e.text));
      return {};
    }
    return e.expands && e.value.as<retort::List>() ? expanding(e) : literal(e.value, e.type);
  case Kind::null: return "NULL";
  case Kind::true_: return "true";
  case Kind::false_: return "false";
  case Kind::column: return column(e, context);
  case Kind::verbatim: return e.text;
  case Kind::text: return text(e, context);
  case Kind::function: return function(e, context);
  case Kind::unary: return unary(e, context);
  case Kind::modifier: return expression(e.left, context) + std::string(text_of(e.op.op));
  case Kind::binary: return binary(e, context);
  case Kind::list: context.in_operator = true; return list(e.items, text_of(e.op.op), context);
  case Kind::clauses: return list(e.items, ", ", context);
  case Kind::tuple: return "(" + list(e.items, ", ", context) + ")";
  case Kind::array:
    if (e.items.empty() && e.type && !e.type->sql.empty())
      return "ARRAY[]::" + e.type->sql;
    return "ARRAY[" + list(e.items, ", ", context) + "]";
  case Kind::case_: return case_of(e, context);
  case Kind::cast:
    return "CAST(" + expression(e.left, context) + " AS " +
           (e.type && !e.type->sql.empty() ? e.type->sql : "NULL") + ")";
  case Kind::coerce: return expression(e.left, context);
  case Kind::extract: return "EXTRACT(" + e.text + " FROM " + expression(e.left, context) + ")";
  case Kind::label: return label(pointer, context);
  case Kind::grouping: context.as_from = false; return "(" + expression(e.left, context) + ")";
  case Kind::as_boolean:
    return (e.op.op == Op::is_false ? "NOT " : "") + expression(e.left, context);
  case Kind::collation: return retort::written(Identifier(e.name.text, Quote::always));
  case Kind::slice: return expression(e.left, context) + ":" + expression(e.right, context);
  case Kind::over: return over(e, context);
  case Kind::within_group:
    return expression(e.left, context) + " WITHIN GROUP (ORDER BY " + list(e.order, ", ", context) +
           ")";
  case Kind::filter:
    return expression(e.left, context) + " FILTER (WHERE " + expression(e.right, context) + ")";
  case Kind::order_by:
    return expression(e.left, context) + " ORDER BY " + list(e.order, ", ", context);
  case Kind::select:
  case Kind::exists: {
    context.as_from = false;
    const std::string inner = statement(e.statement, context);
    return (e.kind == Kind::exists ? "EXISTS (" : "(") + inner + ")";
  }
  case Kind::scalar_values: return "(" + value_rows(*e.from, context) + ")";
  case Kind::label_reference: return label_reference(e, context);
  case Kind::label_text: return label_text(e, context);
  case Kind::whole_from: return written(from_name(*e.from));
  case Kind::next_value: return "nextval(" + e.text + ")";
  }
  return {};
}

const Ptr* Renderer::given(std::string_view parameter) {
  for (const auto& [name, value] : parameters_)
    if (name == parameter) {
      used_.push_back(name);
      return &value;
    }
  return nullptr;
}

Answer<std::string> render(const Ptr& expression, Names names) {
  return render(expression, names, {}, nullptr);
}

Answer<std::string> render(const Ptr& expression, Names names, const Parameters& parameters,
                           std::vector<std::string>* used) {
  Renderer renderer(parameters);
  Context context;
  context.include_table = names == Names::qualified;
  std::string text = renderer.expression(expression, context);
  if (used)
    *used = renderer.used();
  return renderer.finish(std::move(text));
}

Answer<std::string> render(const StatementPtr& statement, const Parameters& parameters,
                           std::vector<std::string>* used) {
  Renderer renderer(parameters);
  std::string text = renderer.statement(statement, {});
  if (used)
    *used = renderer.used();
  return renderer.finish(std::move(text));
}

}  // namespace retort::expr
