// INSERT, UPDATE and DELETE.
#include "common/text.h"
#include "compiler/ddl/names.h"
#include "compiler/expressions/renderer.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::expr {
namespace {

const Ptr* find(const Row& row, const std::string& key) {
  for (const auto& [name, value] : row)
    if (name == key)
      return &value;
  return nullptr;
}

bool plain(const Ptr& value) {
  return value->kind == Kind::literal || value->kind == Kind::parameter;
}

// Tables beside the one that changes: UPDATE … FROM, DELETE … USING.
Froms others(const FromPtr& table, const List& mentioned) {
  Froms found;
  for (const Ptr& expression : mentioned) {
    Froms froms;
    append_froms(expression, froms);
    for (const FromPtr& from : froms)
      if (from != table && !contains(found, from))
        found.push_back(from);
  }
  return found;
}

Froms with_all(const FromPtr& table, const Froms& more) {
  Froms all = {table};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace

std::string Renderer::assigned(const Ptr& value, const ColumnInfo&, const Context& context) {
  return expression(plain(value) ? value : grouped(value), context);
}

std::string Renderer::returning(const std::vector<SelectItem>& items) {
  Select select;
  select.items = items;
  const Statement statement{std::move(select), {}};
  std::vector<std::string> columns;
  for (const NamedItem& one : named_items(selected_columns(statement), LabelStyle::disambiguate))
    columns.push_back(item(one, {}));
  return " RETURNING " + retort::join(columns, ", ");
}

std::string Renderer::conflict(const Conflict& conflict, const From& table) {
  std::string target;
  Context bare;
  bare.include_table = false;
  if (!conflict.constraint.empty()) {
    target = " ON CONSTRAINT " + retort::written(conflict.constraint);
  } else if (!conflict.elements.empty()) {
    target = " (" + list(conflict.elements, ", ", bare) + ")";
    if (conflict.where)
      target += " WHERE " + expression(conflict.where, bare);
  }
  if (!conflict.update)
    return " ON CONFLICT" + target + " DO NOTHING";
  std::vector<std::string> assignments;
  for (const ColumnInfo& column : table.columns)
    if (const Ptr* const value = find(conflict.set, column.lookup_key()))
      assignments.push_back(retort::written(column.name) + " = " + assigned(*value, column, {}));
  for (const auto& [key, value] : conflict.set)
    if (!table.find(key))
      assignments.push_back(retort::written(Identifier(key)) + " = " + expression(value, {}));
  std::string text = fmt::format(" ON CONFLICT{} DO UPDATE SET {}", target.empty() ? " " : target,
                                 retort::join(assignments, ", "));
  if (conflict.update_where)
    text += " WHERE " + expression(conflict.update_where, {});
  return text;
}

std::string Renderer::insert(const Statement& statement, const Insert& insert, Context context) {
  const From& table = *insert.table;
  levels_.push_back({{}, {}, &statement, nullptr});
  Context inner;
  inner.visiting = context.visiting;
  for (const FromPtr& from : statement.ctes)
    cte(from, inner);
  std::string text = "INSERT " + prefixes(insert.prefixes, inner) + "INTO " + this->table(table);
  std::vector<SelectItem> returned = insert.returning;
  const bool single = !insert.select && !insert.many;
  const bool wants_key = levels_.size() == 1 && single && !insert.inline_ &&
                         insert.returning.empty() && !table.lightweight;
  if (insert.select) {
    std::vector<std::string> names;
    StatementPtr select = insert.select;
    for (const std::string& key : insert.select_columns) {
      const ColumnInfo* const column = table.find(key);
      names.push_back(retort::written(column ? column->name : Identifier(key)));
    }
    // Columns with a default of their own take part, too.
    Statement extended = *select;
    for (const ColumnInfo& column : table.columns) {
      const auto& given = insert.select_columns;
      if (!column.fallback ||
          std::find(given.begin(), given.end(), column.lookup_key()) != given.end())
        continue;
      auto* const plain_select = std::get_if<Select>(&extended.node);
      if (!plain_select) {
        fail("column `" + column.name.text + "` has a default, which this SELECT cannot take in");
        break;
      }
      plain_select->items.emplace_back(column.fallback);
      names.push_back(retort::written(column.name));
    }
    text += " (" + retort::join(names, ", ") + ")";
    inner.insert_into = true;
    const std::string body =
        this->statement(std::make_shared<const Statement>(std::move(extended)), inner);
    inner.insert_into = false;
    text += " " + body;
  } else {
    static const Row kNothing;
    const Row& first = insert.rows.empty() ? kNothing : insert.rows.front();
    std::vector<const ColumnInfo*> columns;
    for (const ColumnInfo& column : table.columns) {
      const Ptr* const value = find(first, column.lookup_key());
      if (value || column.fallback || column.fallback_unknown)
        columns.push_back(&column);
      const bool computed = value ? !plain(*value) : column.fallback && !plain(column.fallback);
      const bool absent = !value && !column.fallback && !column.fallback_unknown;
      if (wants_key && column.primary_key &&
          (computed || (absent && (column.autoincrement || column.server_default))))
        returned.emplace_back(column_of(insert.table, column));
    }
    std::vector<std::string> names;
    for (const ColumnInfo* const column : columns)
      names.push_back(retort::written(column->name));
    std::vector<std::string> rows;
    for (const Row& row : insert.rows.empty() ? std::vector<Row>{{}} : insert.rows) {
      std::vector<std::string> values;
      for (const ColumnInfo* const column : columns) {
        const Ptr* const value = find(row, column->lookup_key());
        if (value) {
          values.push_back(assigned(*value, *column, inner));
        } else if (column->fallback) {
          values.push_back(assigned(column->fallback, *column, inner));
        } else {
          fail(column->fallback_unknown
                   ? "the default of column `" + column->name.text + "` is a Python function"
                   : "a row has no value for column `" + column->name.text + "`");
        }
      }
      rows.push_back("(" + retort::join(values, ", ") + ")");
    }
    if (columns.empty())
      text += " DEFAULT VALUES";
    else
      text += " (" + retort::join(names, ", ") + ") VALUES " + retort::join(rows, ", ");
  }
  if (insert.conflict)
    text += conflict(*insert.conflict, table);
  if (!returned.empty())
    text += returning(returned);
  text = with_clause(inner) + text;
  levels_.pop_back();
  return text;
}

std::string Renderer::update(const Statement& statement, const Update& update, Context context) {
  List mentioned = update.where;
  for (const auto& [column, value] : update.set)
    mentioned.push_back(value);
  const Froms extra = others(update.table, mentioned);
  const Froms all = with_all(update.table, extra);
  levels_.push_back({all, all, &statement, nullptr});
  Context inner;
  inner.visiting = context.visiting;
  std::string text = "UPDATE " + prefixes(update.prefixes, inner) + from(update.table, inner);
  for (const FromPtr& one : statement.ctes)
    cte(one, inner);
  std::vector<std::string> assignments;
  std::vector<bool> used(update.set.size());
  const auto assign = [&](const ColumnInfo& column, const Ptr& value) {
    assignments.push_back(retort::written(column.name) + "=" + assigned(value, column, inner));
  };
  const auto own_columns = [&](const FromPtr& table, bool defaults) {
    bool touched = defaults;
    std::vector<const ColumnInfo*> rest;
    if (update.ordered && defaults)
      for (size_t i = 0; i < update.set.size(); ++i)
        if (const auto& column = update.set[i].first; column->from == table) {
          used[i] = true;
          assign({.name = column->name}, update.set[i].second);
        }
    for (const ColumnInfo& column : table->columns) {
      bool given = false;
      for (size_t i = 0; i < update.set.size(); ++i) {
        const auto& [target, value] = update.set[i];
        if (target->from != table || target->name.text != column.name.text)
          continue;
        given = true;
        if (!used[i])
          assign(column, value);
        used[i] = true;
        touched = true;
      }
      if (!given && column.on_update)
        rest.push_back(&column);
      if (!given && defaults && column.on_update)
        assign(column, column.on_update);
    }
    if (!defaults && touched)
      for (const ColumnInfo* const column : rest)
        assign(*column, column->on_update);
  };
  for (const FromPtr& one : extra)
    own_columns(one, false);
  own_columns(update.table, true);
  for (size_t i = 0; i < used.size(); ++i)
    if (!used[i])
      fail("table `" + update.table->name.text + "` has no column `" +
           update.set[i].first->name.text + "`");
  text += " SET " + retort::join(assignments, ", ");
  if (!extra.empty())
    text += " FROM " + froms(extra, inner);
  if (const std::string where = conditions(update.where, inner); !where.empty())
    text += " WHERE " + where;
  if (!update.returning.empty())
    text += returning(update.returning);
  text = with_clause(inner) + text;
  if (assignments.empty())  // last, since parameters that are asked for may yet say what to set
    fail("this UPDATE sets nothing");
  levels_.pop_back();
  return text;
}

std::string Renderer::remove(const Statement& statement, const Delete& remove, Context context) {
  const Froms extra = others(remove.table, remove.where);
  const Froms all = with_all(remove.table, extra);
  levels_.push_back({all, all, &statement, nullptr});
  Context inner;
  inner.visiting = context.visiting;
  for (const FromPtr& one : statement.ctes)
    cte(one, inner);
  std::string text =
      "DELETE " + prefixes(remove.prefixes, inner) + "FROM " + from(remove.table, inner);
  if (!extra.empty())
    text += " USING " + froms(extra, inner);
  if (const std::string where = conditions(remove.where, inner); !where.empty())
    text += " WHERE " + where;
  if (!remove.returning.empty())
    text += returning(remove.returning);
  text = with_clause(inner) + text;
  levels_.pop_back();
  return text;
}

}  // namespace retort::expr
