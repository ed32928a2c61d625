#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/expressions/renderer.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::expr {

std::string Renderer::table(const From& from) { return retort::written(from.schema, from.name); }

std::string Renderer::froms(const Froms& list, const Context& context) {
  std::vector<std::string> parts;
  for (const FromPtr& one : list)
    parts.push_back(from(one, context));
  return join(parts, ", ");
}

std::string Renderer::join_of(const From& from, const Context& context) {
  const std::string_view word = from.full    ? " FULL OUTER JOIN "
                                : from.outer ? " LEFT OUTER JOIN "
                                             : " JOIN ";
  std::string right = this->from(from.right, context);
  if (from.right->kind == FromKind::join)
    right = "(" + right + ")";
  const std::string left = this->from(from.left, context);
  Context condition = context;
  condition.as_from = false;
  return left + std::string(word) + right + " ON " + expression(from.on, condition);
}

std::string Renderer::alias(const FromPtr& from, Context context) {
  const From& alias = *from;
  std::string inner;
  if (alias.kind == FromKind::subquery) {
    context.as_from = true;
    context.lateral = alias.lateral;
    inner = "(" + statement(alias.statement, context) + ")";
  } else if (alias.kind == FromKind::function) {
    inner = expression(alias.expression, {});
  } else {
    // An alias of an alias is one of what that stands for.
    FromPtr element = alias.element;
    while (element->kind == FromKind::alias)
      element = element->element;
    if (element->kind == FromKind::table || element->kind == FromKind::cte) {
      inner = this->from(element, context);
    } else {
      From bare = *element;
      bare.name = alias.name;
      bare.seed = alias.seed;
      return this->alias(std::make_shared<const From>(std::move(bare)), context);
    }
  }
  std::string text = alias.lateral ? "LATERAL " + inner : inner;
  if (!alias.sampling.empty())
    return text + " AS " + written(from_name(alias)) + " " + alias.sampling;
  text += " AS " + written(from_name(alias));
  if (alias.derive_columns) {
    std::vector<std::string> names;
    for (const ColumnInfo& column : alias.columns) {
      std::string one = retort::written(column.name);
      if (alias.derive_types && column.type)
        one += " " + column.type->sql;
      names.push_back(std::move(one));
    }
    text += "(" + retort::join(names, ", ") + ")";
  }
  return text;
}

std::string Renderer::value_rows(const From& from, const Context& context) {
  std::vector<std::string> rows;
  Context inner = context;
  inner.as_from = false;
  for (const List& row : from.rows)
    rows.push_back("(" + list(row, ", ", inner) + ")");
  return "VALUES " + retort::join(rows, ", ");
}

std::string Renderer::values(const From& from, const Context& context) {
  std::string text = "(" + value_rows(from, context) + ")";
  if (from.lateral)
    text = "LATERAL " + text;
  if (from.name.empty() && from.seed.empty())
    return text;
  std::vector<std::string> names;
  for (const ColumnInfo& column : from.columns)
    names.push_back(retort::written(column.name));
  return fmt::format("{} AS {} ({})", text, written(from_name(from)), retort::join(names, ", "));
}

std::string Renderer::cte(const FromPtr& from, Context context) {
  const From& cte = *from;
  const FromPtr first = cte.restates ? cte.restates : from;
  const std::string own_name = written(from_name(cte));
  // The first half of a recursive CTE speaks of the whole.
  const bool inside =
      context.visiting && (context.visiting == from || context.visiting->restates == from);
  if (inside || contains(known_ctes_, from))
    return own_name;
  for (const FromPtr& known : known_ctes_)
    if (known->restates == from)
      return own_name;
  for (auto it = ctes_.begin(); it != ctes_.end(); ++it)
    if (cte.restates && it->from == first) {
      ctes_.erase(it);
      break;
    } else if (!cte.restates && it->from != from && !cte.name.empty() &&
               it->from->name == cte.name && !it->nesting && !cte.nesting) {
      fail("there are several CTEs named `" + cte.name.text + "`");
      return own_name;
    }
  known_ctes_.push_back(from);
  std::string text = own_name;
  if (cte.recursive) {
    recursive_ = true;
    std::vector<std::string> names;
    for (const ColumnInfo& column : cte.columns)
      names.push_back(written(label_of(column.name)));
    text += "(" + retort::join(names, ", ") + ")";
  }
  Context inner;
  inner.as_from = true;
  inner.visiting = from;
  const size_t level = cte.nesting ? levels_.size() : 1;
  const std::string body = cte.kind == FromKind::cte && cte.statement
                               ? statement(cte.statement, inner)
                               : value_rows(cte, inner);
  text += " AS " + cte.prefix + "\n(" + body + ")";
  ctes_.push_back({from, std::move(text), cte.nesting, level});
  return own_name;
}

std::string Renderer::with_clause(const Context& context) {
  const bool top = levels_.size() <= 1;
  (void)context;
  std::vector<std::string> texts;
  bool recursive = false;
  for (auto it = ctes_.begin(); it != ctes_.end();) {
    if (top || (it->nesting && it->level == levels_.size())) {
      recursive = recursive || it->from->recursive;
      texts.push_back(std::move(it->text));
      it = ctes_.erase(it);
    } else {
      ++it;
    }
  }
  if (texts.empty())
    return {};
  return (recursive ? "WITH RECURSIVE " : "WITH ") + retort::join(texts, ", \n") + "\n ";
}

std::string Renderer::from(const FromPtr& pointer, Context context) {
  const From& from = *pointer;
  context.as_from = true;
  switch (from.kind) {
  case FromKind::table: return table(from);
  case FromKind::alias:
  case FromKind::subquery:
  case FromKind::function: return alias(pointer, context);
  case FromKind::cte: return cte(pointer, context);
  case FromKind::join: return join_of(from, context);
  case FromKind::values: return values(from, context);
  case FromKind::text: context.as_from = false; return expression(from.expression, context);
  }
  return {};
}

}  // namespace retort::expr
