// text() and what names something in the statement around it.
#include "compiler/expressions/renderer.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::expr {

std::string Renderer::text(const Expression& e, const Context& context) {
  const Answer<Sql> made =
      text_clause(e.text, [&](std::string_view name) -> std::optional<std::string> {
        if (const Ptr* const value = given(name))
          return expression(*value, context);
        const auto found = std::find(e.names.begin(), e.names.end(), name);
        if (found == e.names.end())
          return std::nullopt;
        const Ptr& value = e.items[static_cast<size_t>(found - e.names.begin())];
        if (value->kind == Kind::parameter && !value->has_value)
          return std::nullopt;
        return expression(value, context);
      });
  if (!made) {
    fail(made.error().message);
    return {};
  }
  return made->text;
}

// The label that an element of ORDER BY is about: `x.label("l")`, `x.label("l").desc()`.
static const Expression* ordering_label(const Ptr& expression) {
  const Expression* e = expression.get();
  while (e->kind == Kind::modifier)
    e = e->left.get();
  return e->kind == Kind::label ? e : nullptr;
}

std::string Renderer::label_reference(const Expression& e, Context context) {
  const Expression* const label = ordering_label(e.left);
  if (label && !levels_.empty() && levels_.back().statement) {
    const Label name = name_of(*label);
    for (const Ptr& column : selected_columns(*levels_.back().statement))
      if (column->kind == Kind::label && name_of(*column) == name &&
          (column.get() == label || same(column->left, label->left)))
        context.as_label = label;
  }
  return expression(e.left, context);
}

std::string Renderer::label_text(const Expression& e, Context context) {
  Ptr found;
  if (!levels_.empty() && levels_.back().statement) {
    const bool compound = levels_.back().statement->as<Compound>() != nullptr;
    for (const Ptr& column : selected_columns(*levels_.back().statement)) {
      Label own = table_label_of(*column);
      if (own.empty() || compound)
        own = key_of(*column);
      if (own.text == e.text)
        found = column;
    }
    if (const SelectPlan* const plan = levels_.back().plan; plan && !found)
      for (const FromPtr& from : plan->froms)
        for (const Ptr& column : columns_of(from))
          if (column->name.text == e.text)
            found = column;
  }
  if (!found) {
    fail(fmt::format("there is no label `{}` here; textual SQL is to be declared as text()",
                     e.text));
    return {};
  }
  context.as_label = found.get();
  return expression(found, context);
}

}  // namespace retort::expr
