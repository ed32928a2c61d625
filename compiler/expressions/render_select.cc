#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/expressions/renderer.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::expr {
namespace {

// FROMs without repetition, and without what stands inside a join of theirs.
Froms normalized(const Froms& all) {
  Froms kept;
  Froms hidden;
  for (const FromPtr& from : all) {
    if (contains(kept, from))
      continue;
    kept.push_back(from);
    if (from->kind == FromKind::join) {
      append_froms(from->left, hidden);
      append_froms(from->right, hidden);
    }
  }
  std::erase_if(kept, [&](const FromPtr& from) { return contains(hidden, from); });
  return kept;
}

void append_item_froms(const std::vector<SelectItem>& items, Froms& froms) {
  for (const SelectItem& item : items) {
    if (const Ptr* const column = std::get_if<Ptr>(&item))
      append_froms(*column, froms);
    else
      append_froms(std::get<FromPtr>(item), froms);
  }
}

bool has_columns(const FromPtr& a, const FromPtr& b, const List& asked) {
  Froms own;
  append_froms(a, own);
  append_froms(b, own);
  return std::all_of(asked.begin(), asked.end(),
                     [&](const Ptr& column) { return contains(own, column->from); });
}

void append_columns(const Ptr& expression, List& columns) {
  if (expression->kind == Kind::column && expression->from)
    columns.push_back(expression);
  for (const Ptr& child : {expression->left, expression->right})
    if (child)
      append_columns(child, columns);
  for (const Ptr& child : expression->items)
    append_columns(child, columns);
}

// Which of `froms` the right side can be joined to.
std::vector<size_t> candidates(const Froms& froms, const JoinStep& step) {
  std::vector<size_t> found;
  List asked;
  if (step.on && froms.size() > 1)
    append_columns(step.on, asked);
  Froms hidden;
  for (size_t i = 0; i < froms.size(); ++i) {
    if (froms[i]->kind == FromKind::join) {
      append_froms(froms[i]->left, hidden);
      append_froms(froms[i]->right, hidden);
    }
    if (froms[i] == step.right)
      continue;
    const bool fits = !asked.empty() ? has_columns(froms[i], step.right, asked)
                      : step.on      ? true
                                     : natural_condition(froms[i], step.right) != nullptr;
    if (fits)
      found.push_back(i);
  }
  if (found.size() > 1)
    std::erase_if(found, [&](size_t i) { return contains(hidden, froms[i]); });
  return found;
}

bool wraps_unnamed(const Expression& e) {
  const Ptr inner = ungrouped(e.left ? e.left : null_value());
  const bool named =
      inner->kind == Kind::column || inner->kind == Kind::verbatim || inner->kind == Kind::label;
  return !named || plain_label_of(*inner).empty();
}

}  // namespace

Froms Renderer::join_steps(const Select& select, Froms froms, const List&) {
  for (const JoinStep& step : select.joins) {
    std::vector<size_t> places;
    FromPtr left = step.left;
    bool from_list = true;
    if (left) {
      for (size_t i = 0; i < froms.size(); ++i)
        if (overlaps(froms[i], left))
          places.push_back(i);
      if (places.size() == 1)
        left = froms[places[0]];
    } else if (!froms.empty()) {
      places = candidates(froms, step);
      if (places.size() == 1)
        left = froms[places[0]];
    } else {
      Froms potential;
      append_item_froms(select.items, potential);
      for (const Ptr& condition : select.where)
        append_froms(condition, potential);
      Froms unique;
      for (const FromPtr& from : potential)
        if (!contains(unique, from))
          unique.push_back(from);
      places = candidates(unique, step);
      from_list = false;
      if (places.size() == 1)
        left = unique[places[0]];
    }
    if (!left || places.size() > 1) {
      fail("it is not clear what to join; use select_from() and an ON clause");
      return froms;
    }
    Ptr on = step.on;
    if (!on)
      on = natural_condition(left, step.right);
    if (!on) {
      fail("no foreign key says how to join; give an ON clause");
      return froms;
    }
    const FromPtr made = std::make_shared<const From>(From{.kind = FromKind::join,
                                                           .left = left,
                                                           .right = step.right,
                                                           .on = on,
                                                           .outer = step.outer,
                                                           .full = step.full});
    if (from_list && !places.empty())
      froms[places[0]] = made;
    else
      froms.push_back(made);
  }
  return froms;
}

SelectPlan Renderer::plan(const Select& select) {
  SelectPlan plan;
  Froms all = join_steps(select, select.from, {});
  const size_t explicit_count = all.size();
  Froms expanded;
  for (size_t i = 0; i < explicit_count; ++i)
    expanded.push_back(all[i]);
  append_item_froms(select.items, expanded);
  for (const Ptr& condition : select.where)
    append_froms(condition, expanded);
  plan.froms = normalized(expanded);
  Statement statement{select, {}};
  plan.items = named_items(selected_columns(statement), select.labels);
  return plan;
}

Froms Renderer::displayed(const Select& select, const SelectPlan& plan, const Level& outer,
                          const Context& context) {
  Froms froms = plan.froms;
  Froms explicit_froms = outer.correlate;
  Froms implicit = outer.as_from;
  if (context.as_from && !context.lateral) {
    std::erase_if(explicit_froms,
                  [&](const FromPtr& from) { return contains(outer.as_from, from); });
    implicit.clear();
  }
  if (!select.correlate.empty())
    std::erase_if(froms, [&](const FromPtr& from) {
      return contains(explicit_froms, from) && contains(select.correlate, from);
    });
  if (select.correlate_except)
    std::erase_if(froms, [&](const FromPtr& from) {
      return contains(explicit_froms, from) && !contains(*select.correlate_except, from);
    });
  if (select.auto_correlate && !implicit.empty() && froms.size() > 1) {
    std::erase_if(froms, [&](const FromPtr& from) { return contains(implicit, from); });
    if (froms.empty())
      fail("nothing is left to select from: all of it belongs to the statement around");
  }
  return froms;
}

std::string Renderer::item(const NamedItem& item, Context context) {
  const Expression& e = *item.column;
  const bool as_from = context.as_from;
  context.as_from = false;
  context.within_columns = true;
  context.within_label = false;
  if (e.kind == Kind::label)
    return expression(item.column, context);
  Label label = item.required;
  if (label.empty()) {
    bool labelled = false;
    switch (e.kind) {
    case Kind::column: labelled = as_from && e.from; break;
    case Kind::verbatim:
    case Kind::text: break;
    case Kind::unary:
    case Kind::exists:
    case Kind::modifier:
    case Kind::as_boolean: labelled = as_from || wraps_unnamed(e); break;
    default: labelled = plain_label_of(e).empty(); break;
    }
    if (!labelled)
      return expression(item.column, context);
    label = item.fallback.empty() ? anonymous_label_of(e) : item.fallback;
  }
  context.within_label = true;
  const std::string text = expression(item.column, context);
  return text + " AS " + written(label);
}

std::string Renderer::prefixes(const List& prefixes, const Context& context) {
  std::string text;
  for (const Ptr& prefix : prefixes)
    text += expression(prefix, context) + " ";
  return text;
}

std::string Renderer::select(const Statement& statement, const Select& select, Context context) {
  const bool top = levels_.empty();
  const Level outer = top ? Level{} : levels_.back();
  const SelectPlan made = plan(select);
  const Froms shown = displayed(select, made, outer, context);
  Level level;
  for (const FromPtr& from : shown)
    append_froms(from, level.as_from);
  level.correlate = level.as_from;
  level.correlate.insert(level.correlate.end(), outer.correlate.begin(), outer.correlate.end());
  level.statement = &statement;
  level.plan = &made;
  levels_.push_back(level);

  Context inner = context;
  inner.within_columns = inner.within_label = false;
  inner.as_from = inner.lateral = inner.part_of_compound = inner.insert_into = false;
  inner.as_label = nullptr;
  for (const FromPtr& from : statement.ctes)
    cte(from, inner);
  std::string text = "SELECT " + prefixes(select.prefixes, inner);
  if (!select.distinct_on.empty())
    text += "DISTINCT ON (" + list(select.distinct_on, ", ", inner) + ") ";
  else if (select.distinct)
    text += "DISTINCT ";
  std::vector<std::string> columns;
  Context column_context = inner;
  column_context.as_from = context.as_from;
  for (const NamedItem& one : made.items)
    columns.push_back(item(one, column_context));
  text += retort::join(columns, ", ");
  if (columns.empty())
    while (text.ends_with(' '))
      text.pop_back();
  if (!shown.empty())
    text += " \nFROM " + froms(shown, inner);
  if (const std::string where = conditions(select.where, inner); !where.empty())
    text += " \nWHERE " + where;
  if (!select.limits.group_by.empty())
    text += " GROUP BY " + list(select.limits.group_by, ", ", inner);
  if (const std::string having = conditions(select.having, inner); !having.empty())
    text += " \nHAVING " + having;
  text += limits(select.limits, inner);
  if (!context.part_of_compound && !context.insert_into)
    text = with_clause(context) + text;
  for (const Ptr& suffix : select.suffixes)
    text += " " + expression(suffix, inner);
  levels_.pop_back();
  return text;
}

std::string Renderer::limits(const Limits& limits, const Context& context) {
  std::string text;
  if (!limits.order_by.empty())
    text += " ORDER BY " + list(limits.order_by, ", ", context);
  if (limits.fetch) {
    if (limits.offset)
      text += "\n OFFSET (" + expression(limits.offset, context) + ") ROWS";
    text += fmt::format("\n FETCH FIRST ({}){} ROWS {}", expression(limits.fetch, context),
                        limits.percent ? " PERCENT" : "", limits.with_ties ? "WITH TIES" : "ONLY");
  } else {
    if (limits.limit)
      text += " \n LIMIT " + expression(limits.limit, context);
    if (limits.offset) {
      if (!limits.limit)
        text += "\n LIMIT ALL";
      text += " OFFSET " + expression(limits.offset, context);
    }
  }
  if (limits.lock)
    text += locks(*limits.lock);
  return text;
}

std::string Renderer::locks(const Lock& lock) {
  std::string text = lock.read && lock.key_share ? " FOR KEY SHARE"
                     : lock.read                 ? " FOR SHARE"
                     : lock.key_share            ? " FOR NO KEY UPDATE"
                                                 : " FOR UPDATE";
  if (!lock.of.empty()) {
    std::vector<std::string> names;
    for (const FromPtr& from : lock.of)
      names.push_back(written(from_name(*from)));
    text += " OF " + retort::join(names, ", ");
  }
  if (lock.nowait)
    text += " NOWAIT";
  if (lock.skip_locked)
    text += " SKIP LOCKED";
  return text;
}

std::string Renderer::compound(const Statement& statement, const Compound& compound,
                               Context context) {
  const Level outer = levels_.empty() ? Level{} : levels_.back();
  Level level = outer;
  level.statement = &statement;
  level.plan = nullptr;
  levels_.push_back(level);
  Context inner = context;
  inner.part_of_compound = true;
  inner.insert_into = false;
  for (const FromPtr& from : statement.ctes)
    cte(from, {});
  std::string text;
  for (size_t i = 0; i < compound.parts.size(); ++i) {
    if (i > 0)
      text += " " + std::string(compound.keyword) + " ";
    const std::string part = this->statement(compound.parts[i], inner);
    text += compound.grouped[i] ? "(" + part + ")" : part;
  }
  Context after;
  after.include_table = false;
  if (!compound.limits.group_by.empty())
    text += " GROUP BY " + list(compound.limits.group_by, ", ", after);
  text += limits(compound.limits, after);
  if (!context.part_of_compound)
    text = with_clause(context) + text;
  levels_.pop_back();
  return text;
}

std::string Renderer::text_select(const TextSelect& select, const Context& context) {
  levels_.push_back({});
  std::string text = expression(select.text, context);
  text = with_clause(context) + text;
  levels_.pop_back();
  return text;
}

std::string Renderer::statement(const StatementPtr& statement, Context context) {
  if (++depth_ > 200)
    fail("a statement is nested too deeply");
  std::string text;
  if (problem_)
    text.clear();
  else if (const auto* select = statement->as<Select>())
    text = this->select(*statement, *select, context);
  else if (const auto* compound = statement->as<Compound>())
    text = this->compound(*statement, *compound, context);
  else if (const auto* text_statement = statement->as<TextSelect>())
    text = text_select(*text_statement, context);
  else if (const auto* insert = statement->as<Insert>())
    text = this->insert(*statement, *insert, context);
  else if (const auto* update = statement->as<Update>())
    text = this->update(*statement, *update, context);
  else
    text = remove(*statement, *statement->as<Delete>(), context);
  --depth_;
  return text;
}

}  // namespace retort::expr
