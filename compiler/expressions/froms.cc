// Which tables an expression takes from, and what columns they have.
#include "compiler/expressions/renderer.h"

#include <algorithm>

namespace retort::expr {

void append_froms(const FromPtr& from, Froms& froms) {
  froms.push_back(from);
  if (from->kind == FromKind::join) {
    append_froms(from->left, froms);
    append_froms(from->right, froms);
  }
}

void append_froms(const Ptr& expression, Froms& froms) {
  const Expression& e = *expression;
  switch (e.kind) {
  case Kind::column:
  case Kind::verbatim:
  case Kind::whole_from:
    if (e.from)
      append_froms(e.from, froms);
    return;
  // A subquery takes from its own tables, and finds out by itself what it shares.
  case Kind::select:
  case Kind::exists:
  case Kind::scalar_values: return;
  default: break;
  }
  if (e.left)
    append_froms(e.left, froms);
  // FILTER and binary operators: the operand on the right; CASE: its ELSE comes last.
  if (e.right && e.kind != Kind::case_)
    append_froms(e.right, froms);
  for (const Ptr& item : e.items)
    append_froms(item, froms);
  for (const Ptr& item : e.order)
    append_froms(item, froms);
  if (e.right && e.kind == Kind::case_)
    append_froms(e.right, froms);
}

bool contains(const Froms& froms, const FromPtr& from) {
  return std::find(froms.begin(), froms.end(), from) != froms.end();
}

bool overlaps(const FromPtr& a, const FromPtr& b) {
  Froms left;
  Froms right;
  append_froms(a, left);
  append_froms(b, right);
  return std::any_of(left.begin(), left.end(),
                     [&](const FromPtr& from) { return contains(right, from); });
}

List columns_of(const FromPtr& from) {
  List columns;
  if (from->kind == FromKind::join) {
    columns = columns_of(from->left);
    const List right = columns_of(from->right);
    columns.insert(columns.end(), right.begin(), right.end());
    return columns;
  }
  for (const ColumnInfo& column : from->columns)
    columns.push_back(column_of(from, column));
  return columns;
}

static List flat(const std::vector<SelectItem>& items) {
  List columns;
  for (const SelectItem& item : items) {
    if (const Ptr* const column = std::get_if<Ptr>(&item)) {
      columns.push_back(*column);
    } else {
      const List inner = columns_of(std::get<FromPtr>(item));
      columns.insert(columns.end(), inner.begin(), inner.end());
    }
  }
  return columns;
}

List selected_columns(const Statement& statement) {
  if (const auto* select = statement.as<Select>())
    return flat(select->items);
  if (const auto* compound = statement.as<Compound>())
    return selected_columns(*compound->parts.front());
  if (const auto* text = statement.as<TextSelect>())
    return text->text->order;  // what .columns() declares
  if (const auto* insert = statement.as<Insert>())
    return flat(insert->returning);
  if (const auto* update = statement.as<Update>())
    return flat(update->returning);
  return flat(statement.as<Delete>()->returning);
}

std::vector<ColumnInfo> exported_columns(const Statement& statement) {
  const auto* select = statement.as<Select>();
  const LabelStyle style = select ? select->labels : LabelStyle::disambiguate;
  std::vector<ColumnInfo> columns;
  for (const NamedItem& item : named_items(selected_columns(statement), style, false)) {
    if (item.column->kind == Kind::text)
      continue;
    Label label = !item.required.empty() ? item.required : item.fallback;
    // Two labels of one name: nobody can say which is meant. An empty name is refused when asked
    // for.
    if (item.column->kind == Kind::label && !item.column->name.empty() &&
        label.text != item.column->name.text) {
      columns.push_back({.name = {}, .type = item.column->type});
      continue;
    }
    if (item.required.empty()) {
      const Kind kind = item.column->kind;
      const bool named = kind == Kind::column || kind == Kind::verbatim || kind == Kind::label;
      label = named ? name_of(*item.column) : anonymous_label_of(*item.column);
    }
    ColumnInfo column{.name = Identifier(label.text, label.quote), .type = item.column->type};
    const Label key = key_of(*item.column);
    column.key = style == LabelStyle::table_and_column ? label.text : key.text;
    for (const ColumnInfo& other : columns)
      column.copy += other.name == column.name ? 1 : 0;
    columns.push_back(std::move(column));
  }
  return columns;
}

static Ptr condition_by(const FromPtr& child, const FromPtr& parent, size_t& found) {
  Ptr condition;
  Froms children;
  Froms parents;
  append_froms(child, children);
  append_froms(parent, parents);
  for (const FromPtr& from : children)
    for (const ForeignKeyInfo& key : from->foreign_keys)
      for (const FromPtr& target : parents) {
        const From& table =
            target->element && target->kind == FromKind::alias ? *target->element : *target;
        if (table.name.text != key.target_table.text || table.schema.text != key.target_schema.text)
          continue;
        List pairs;
        for (size_t i = 0; i < key.columns.size(); ++i) {
          const ColumnInfo* const own = from->find(key.columns[i]);
          const ColumnInfo* const other =
              target->find(i < key.target_columns.size() ? key.target_columns[i] : key.columns[i]);
          if (own && other)
            pairs.push_back(compare(column_of(target, *other), column_of(from, *own), Op::equal));
        }
        if (pairs.size() != key.columns.size())
          continue;
        ++found;
        condition = pairs.size() == 1 ? pairs[0] : conjunction(Op::and_, pairs);
      }
  return condition;
}

Ptr natural_condition(const FromPtr& left, const FromPtr& right) {
  size_t found = 0;
  const Ptr forward = condition_by(right, left, found);
  const Ptr backward = condition_by(left, right, found);
  if (found != 1)
    return nullptr;
  return forward ? forward : backward;
}

}  // namespace retort::expr
