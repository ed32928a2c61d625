// insert(), update() and delete().
#include "compiler/sqlalchemy/core.h"
#include "compiler/types/json.h"

#include <fmt/format.h>

namespace retort::sa {

std::string_view StatementObject::type_name() const {
  if (node->as<expr::Insert>())
    return "Insert";
  if (node->as<expr::Update>())
    return "Update";
  if (node->as<expr::Delete>())
    return "Delete";
  return node->as<expr::Compound>() ? "CompoundSelect" : "Select";
}

// The key of a column, given as a string or as the column itself.
bool key_of(py::Interpreter& in, py::Value given, std::string& key, expr::Ptr& column,
            py::Value& problem) {
  if (const py::Str* const text = string_of(in, given)) {
    key = text->text;
    return true;
  }
  if (const auto* object = object_of<ColumnObject>(given)) {
    key = object->column.lookup_key();
    column = object->expression();
    return true;
  }
  if (const auto* clause = object_of<Clause>(given)) {
    column = clause->expression();
    key = column->name.text;
    if (column->from)
      for (const expr::ColumnInfo& info : column->from->columns)
        if (info.name.text == key)
          key = info.lookup_key();
    return true;
  }
  problem = given.is_unknown() ? in.poison(given)
                               : argument_error(in, "the key of a value is a column or its name");
  return false;
}

namespace {

using expr::FromPtr;
using expr::Ptr;
using py::Args;
using py::Interpreter;
using py::Value;

// What json.dumps() takes.
bool fits_json(const Datum& value) {
  if (const auto* list = value.as<List>())
    return std::all_of(list->items.begin(), list->items.end(), fits_json);
  if (const auto* dict = value.as<Dict>())
    return std::all_of(dict->entries.begin(), dict->entries.end(),
                       [](const auto& entry) { return fits_json(entry.second); });
  if (const auto* number = value.as<Number>())
    return number->kind != Number::Kind::decimal;
  return value.is_none() || value.as<bool>() || value.as<int64_t>() || value.as<std::string>();
}

bool set_pair(Interpreter& in, const expr::From& table, Value name, Value value, expr::Row& row,
              Value& problem) {
  std::string key;
  Ptr column;
  if (!key_of(in, name, key, column, problem))
    return false;
  const expr::ColumnInfo* const info = table.find(key);
  if (!info) {
    problem = argument_error(in, "Unconsumed column names: " + key);
    return false;
  }
  const Ptr node = assigned_value(in, value, info, problem);
  if (!node)
    return false;
  if (node->kind == expr::Kind::literal && info->type && info->type->family == Family::json &&
      !fits_json(node->value)) {
    problem =
        in.raise("TypeError", fmt::format("a value of column `{}` is not JSON serializable", key));
    return false;
  }
  for (auto& [known, old] : row)
    if (known == key) {
      old = node;
      return true;
    }
  row.emplace_back(std::move(key), node);
  return true;
}

// --- values -------------------------------------------------------------------------------------

bool insert_values(Interpreter& in, expr::Insert& insert, Value given, Value named,
                   Value& problem) {
  const expr::From& table = *insert.table;
  std::vector<Value> items = given.as<py::Tuple>()->items;
  std::vector<Value> rows;
  if (items.size() == 1 && items[0].is(py::Type::list)) {
    const auto& inner = items[0].as<py::List>()->items;
    if (!inner.empty() && (inner[0].is(py::Type::dict) || inner[0].is(py::Type::tuple) ||
                           inner[0].is(py::Type::list))) {
      insert.many = true;
      rows = inner;
    } else {
      rows = {in.tuple(inner)};
    }
  } else if (items.size() == 1) {
    rows = {items[0]};
  } else if (!items.empty()) {
    problem = argument_error(in, "values() takes a dictionary or a list of them");
    return false;
  }
  if (insert.rows.empty() || insert.many)
    insert.rows.resize(insert.many ? insert.rows.size() : 1);
  for (const Value row : rows) {
    expr::Row made = insert.many ? expr::Row{} : insert.rows.front();
    if (!row_of(in, table, row, made, problem))
      return false;
    if (insert.many)
      insert.rows.push_back(std::move(made));
    else
      insert.rows.front() = std::move(made);
  }
  for (const py::Table::Entry& entry : named.as<py::Dict>()->table.entries())
    if (entry.alive && !set_pair(in, table, entry.key, entry.value, insert.rows.front(), problem))
      return false;
  return true;
}

bool update_pair(Interpreter& in, expr::Update& update, Value name, Value value, Value& problem) {
  std::string key;
  Ptr column;
  if (!key_of(in, name, key, column, problem))
    return false;
  const FromPtr other =
      column && column->from && column->from != update.table ? column->from : update.table;
  const expr::ColumnInfo* const info = other->find(key);
  if (!info) {
    problem = argument_error(in, "Unconsumed column names: " + key);
    return false;
  }
  const Ptr node = assigned_value(in, value, info, problem);
  if (!node)
    return false;
  const Ptr target = expr::column_of(other, *info);
  for (auto& [known, old] : update.set)
    if (expr::same(known, target)) {
      old = node;
      return true;
    }
  update.set.emplace_back(target, node);
  return true;
}

bool update_values(Interpreter& in, expr::Update& update, Value given, Value named,
                   Value& problem) {
  for (const Value one : given.as<py::Tuple>()->items) {
    if (const auto* dict = one.as<py::Dict>()) {
      for (const py::Table::Entry& entry : dict->table.entries())
        if (entry.alive && !update_pair(in, update, entry.key, entry.value, problem))
          return false;
      continue;
    }
    problem = argument_error(in, "values() of an UPDATE takes a dictionary");
    return false;
  }
  for (const py::Table::Entry& entry : named.as<py::Dict>()->table.entries())
    if (entry.alive && !update_pair(in, update, entry.key, entry.value, problem))
      return false;
  return true;
}

Value values(Interpreter& in, const Args& args) {
  if (statement_of(args.self)->as<expr::Insert>())
    return changed<expr::Insert>(in, args.self, [&](expr::Insert& insert, Value& problem) {
      return insert_values(in, insert, args[0], args[1], problem);
    });
  return changed<expr::Update>(in, args.self, [&](expr::Update& update, Value& problem) {
    return update_values(in, update, args[0], args[1], problem);
  });
}

Value ordered_values(Interpreter& in, const Args& args) {
  return changed<expr::Update>(in, args.self, [&](expr::Update& update, Value& problem) {
    update.ordered = true;
    for (const Value pair : args[0].as<py::Tuple>()->items) {
      std::vector<Value> parts;
      if (!in.collect(pair, parts, problem))
        return false;
      if (parts.size() != 2) {
        problem = argument_error(in, "ordered_values() takes pairs");
        return false;
      }
      if (!update_pair(in, update, parts[0], parts[1], problem))
        return false;
    }
    return true;
  });
}

Value from_select(Interpreter& in, const Args& args) {
  return changed<expr::Insert>(in, args.self, [&](expr::Insert& insert, Value& problem) {
    std::vector<Value> names;
    if (!in.collect(args[0], names, problem))
      return false;
    for (const Value name : names) {
      std::string key;
      Ptr column;
      if (!key_of(in, name, key, column, problem))
        return false;
      if (!insert.table->find(key)) {
        problem = in.raise("KeyError", in.text(key));
        return false;
      }
      insert.select_columns.push_back(std::move(key));
    }
    insert.select = statement_of(args[1]);
    const auto* text = object_of<Clause>(args[1]);
    if (!insert.select && text && text->expression()->kind == expr::Kind::text)
      insert.select = std::make_shared<const expr::Statement>(
          expr::Statement{expr::TextSelect{text->expression()}, {}});
    if (!insert.select) {
      problem = argument_error(in, "from_select() takes a SELECT");
      return false;
    }
    if (!truth_of(args[2])) {
      // Without the defaults of the other columns.
      expr::From bare = *insert.table;
      for (expr::ColumnInfo& column : bare.columns)
        column.fallback = nullptr;
      insert.table = std::make_shared<const expr::From>(std::move(bare));
    }
    return true;
  });
}

Value where(Interpreter& in, const Args& args) {
  if (statement_of(args.self)->as<expr::Update>())
    return changed<expr::Update>(in, args.self, [&](expr::Update& update, Value& problem) {
      return conditions(in, args[0], update.where, problem);
    });
  return changed<expr::Delete>(in, args.self, [&](expr::Delete& remove, Value& problem) {
    return conditions(in, args[0], remove.where, problem);
  });
}

template <class Kind>
Value with_returning(Interpreter& in, const Args& args) {
  return changed<Kind>(in, args.self, [&](Kind& statement, Value& problem) {
    return selected_items(in, args[0], statement.returning, problem);
  });
}
Value returning(Interpreter& in, const Args& args) {
  const expr::StatementPtr statement = statement_of(args.self);
  if (statement->as<expr::Insert>())
    return with_returning<expr::Insert>(in, args);
  if (statement->as<expr::Update>())
    return with_returning<expr::Update>(in, args);
  return with_returning<expr::Delete>(in, args);
}

template <class Kind>
Value with_prefix(Interpreter& in, const Args& args) {
  return changed<Kind>(in, args.self, [&](Kind& statement, Value& problem) {
    return prefix_texts(in, args[0], statement.prefixes, problem);
  });
}
Value prefix_with(Interpreter& in, const Args& args) {
  const expr::StatementPtr statement = statement_of(args.self);
  if (statement->as<expr::Insert>())
    return with_prefix<expr::Insert>(in, args);
  if (statement->as<expr::Update>())
    return with_prefix<expr::Update>(in, args);
  return with_prefix<expr::Delete>(in, args);
}

Value inline_(Interpreter& in, const Args& args) {
  if (!statement_of(args.self)->as<expr::Insert>())
    return args.self;
  return changed<expr::Insert>(in, args.self, [](expr::Insert& insert, Value&) {
    insert.inline_ = true;
    return true;
  });
}

Value itself(Interpreter&, const Args& args) { return args.self; }

// --- constructors -------------------------------------------------------------------------------

Value made_insert(Interpreter& in, const Args& args, bool dialect) {
  Value problem;
  expr::Insert insert{.table = from_of(in, args[0], problem)};
  if (!insert.table)
    return problem;
  if (insert.table->kind != expr::FromKind::table)
    return argument_error(in, "insert() takes a table");
  StatementObject* const made = in.make<StatementObject>();
  if (dialect)
    made->excluded = alias_of(insert.table, "excluded");
  if (args.slots.size() > 1 && !args[1].is_none()) {
    if (!insert_values(in, insert, in.tuple({args[1]}), in.new_dict(), problem))
      return problem;
  }
  made->node = std::make_shared<const expr::Statement>(expr::Statement{std::move(insert), {}});
  return made;
}

Value update(Interpreter& in, const Args& args) {
  Value problem;
  expr::Update made{.table = from_of(in, args[0], problem)};
  if (!made.table)
    return problem;
  if (args.slots.size() > 1 && !args[1].is_none() &&
      !conditions(in, in.tuple({args[1]}), made.where, problem))
    return problem;
  if (args.slots.size() > 2 && !args[2].is_none() &&
      !update_values(in, made, in.tuple({args[2]}), in.new_dict(), problem))
    return problem;
  return wrap(in, expr::Statement{std::move(made), {}});
}

Value remove(Interpreter& in, const Args& args) {
  Value problem;
  expr::Delete made{.table = from_of(in, args[0], problem)};
  if (!made.table)
    return problem;
  if (args.slots.size() > 1 && !args[1].is_none() &&
      !conditions(in, in.tuple({args[1]}), made.where, problem))
    return problem;
  return wrap(in, expr::Statement{std::move(made), {}});
}

Value add_cte(Interpreter& in, const Args& args) {
  return py::find_row(select_methods(), "add_cte")->code(in, args);
}

constexpr py::NativeRow kMethods[] = {
    {"values", "*args, **kwargs", known<values>},
    {"ordered_values", "*args", known<ordered_values>},
    {"from_select", "names, select, include_defaults=True", known<from_select>},
    {"where", "*whereclause", known<where>},
    {"filter", "*whereclause", known<where>},
    {"returning", "*cols, sort_by_parameter_order=False", known<returning>},
    {"prefix_with", "*prefixes, dialect='*'", known<prefix_with>},
    {"inline", "", inline_},
    {"add_cte", "*ctes, nest_here=False", known<add_cte>},
    {"execution_options", "**kw", itself},
    {"options", "*options", itself},
};
constexpr py::NativeRow kCte = {
    "cte", "name=None, recursive=False, nesting=False",
    [](Interpreter& in, const Args& args) { return make_cte(in, statement_of(args.self), args); }};

constexpr py::NativeRow kConstructors[] = {
    {"insert", "table, values=None, inline=False, **kw",
     known<[](Interpreter& in, const Args& args) { return made_insert(in, args, false); },
           kInsert>},
    {"update", "table, whereclause=None, values=None, **kw", known<update, kUpdate>},
    {"delete", "table, whereclause=None, **kw", known<remove, kDelete>},
};
constexpr py::NativeRow kPostgresql[] = {
    {"insert", "table, values=None, inline=False, **kw",
     known<[](Interpreter& in, const Args& args) { return made_insert(in, args, true); }, kInsert>},
};

}  // namespace

bool row_of(Interpreter& in, const expr::From& table, Value given, expr::Row& row, Value& problem) {
  if (const auto* dict = given.as<py::Dict>()) {
    for (const py::Table::Entry& entry : dict->table.entries())
      if (entry.alive && !set_pair(in, table, entry.key, entry.value, row, problem))
        return false;
    return true;
  }
  std::vector<Value> fields;
  if (!in.collect(given, fields, problem))
    return false;
  if (fields.size() > table.columns.size()) {
    problem = argument_error(in, "a row has more values than the table has columns");
    return false;
  }
  for (size_t i = 0; i < fields.size(); ++i)
    if (!set_pair(in, table, in.text(table.columns[i].lookup_key()), fields[i], row, problem))
      return false;
  return true;
}

Value StatementObject::get(Interpreter& in, std::string_view name) {
  if (name == "cte")
    return in.native(kCte, this);
  const bool change =
      node->as<expr::Insert>() || node->as<expr::Update>() || node->as<expr::Delete>();
  if (change) {
    if (excluded && name == "excluded") {
      ColumnsObject* const columns = in.make<ColumnsObject>();
      columns->from = excluded;
      return columns;
    }
    if (excluded)
      if (const Value found = method(in, conflict_methods(), name, this))
        return found;
    if (name == "table") {
      const FromPtr table = node->as<expr::Insert>()   ? node->as<expr::Insert>()->table
                            : node->as<expr::Update>() ? node->as<expr::Update>()->table
                                                       : node->as<expr::Delete>()->table;
      return wrap(in, table);
    }
    return method(in, kMethods, name, this);
  }
  if (name == "c" || name == "columns" || name == "selected_columns") {
    ColumnsObject* const columns = in.make<ColumnsObject>();
    columns->from = subquery_of(node, {});
    return columns;
  }
  return method(in, select_methods(), name, this);
}

std::span<const py::NativeRow> change_methods() { return kMethods; }
std::span<const py::NativeRow> change_constructors() { return kConstructors; }
std::span<const py::NativeRow> postgresql_changes() { return kPostgresql; }

}  // namespace retort::sa
