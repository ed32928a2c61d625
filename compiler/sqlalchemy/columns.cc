// Tables and their columns, where expressions ask for them.
#include "compiler/sqlalchemy/core.h"
#include "compiler/sqlalchemy/schema.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::sa {
namespace {

// None of JSON columns is JSON's null, unless they were told otherwise.
bool keeps_null(const TypeObject* type) {
  for (const auto& [name, value] : type->made_by.keywords)
    if (name == "none_as_null")
      return is_true(value);
  return !type->made_by.arguments.empty() && is_true(type->made_by.arguments[0]);
}

expr::TypePtr described(const TypeObject* type, const Identifier& schema) {
  if (!type)
    return nullptr;
  const Answer<Type> made = describe_type(*type, schema);
  return made ? expr::make_type(*made) : nullptr;
}

expr::ColumnInfo info_of(const ColumnObject& object, const Identifier& schema) {
  const Column& column = object.column;
  expr::ColumnInfo info{.name = column.name, .key = column.key};
  info.type = object.type   ? described(object.type, schema)
              : column.type ? expr::make_type(*column.type)
                            : nullptr;
  info.primary_key = column.primary_key;
  info.server_default = !std::holds_alternative<std::monostate>(column.server_default);
  info.json_null =
      info.type && info.type->family == Family::json && object.type && !keeps_null(object.type);
  switch (column.python_default.kind) {
  case PythonDefault::Kind::none:
  case PythonDefault::Kind::optional_sequence: break;
  case PythonDefault::Kind::scalar:
    if (const auto* sql = column.python_default.value.as<Sql>())
      info.fallback = expr::make({.kind = expr::Kind::verbatim, .text = sql->text});
    else
      info.fallback = expr::literal_value(column.python_default.value, info.type);
    break;
  case PythonDefault::Kind::callable: info.fallback_unknown = true; break;
  case PythonDefault::Kind::sequence:
    info.fallback = expr::make(
        {.kind = expr::Kind::next_value, .text = "'" + column.python_default.sequence + "'"});
    break;
  }
  return info;
}

}  // namespace

expr::Ptr ColumnObject::expression() const {
  if (made && (!table || made->from == table->from()))
    return made;
  if (table) {
    const expr::FromPtr from = table->from();
    const expr::ColumnInfo* const info = from->find(column.lookup_key());
    if (info)
      return made = expr::column_of(from, *info);
  }
  const expr::TypePtr own = described(type, {});
  return made = expr::make({.kind = expr::Kind::column, .type = own, .name = column.name});
}

py::Value ColumnObject::get(py::Interpreter& in, std::string_view name) {
  if (name == "name")
    return in.text(column.name.text);
  if (name == "key")
    return in.text(column.lookup_key());
  if (name == "type")
    return type ? py::Value(type) : py::Value::none();
  if (name == "table")
    return table ? py::Value(table) : py::Value::none();
  if (name == "nullable" && !lightweight)
    return py::Value::of(column.nullable.value_or(!column.primary_key));
  if (name == "primary_key")
    return py::Value::of(column.primary_key);
  return Clause::get(in, name);
}

expr::FromPtr TableObject::from() const {
  if (made && made->columns.size() == columns.size())
    return made;
  expr::From from{.kind = expr::FromKind::table, .name = table.name, .schema = table.schema};
  from.lightweight = lightweight;
  Table whole = table;
  whole.columns.clear();
  for (const ColumnObject* const object : columns) {
    from.columns.push_back(info_of(*object, table.schema));
    Column column = object->column;
    if (!column.type && object->type)
      if (const expr::TypePtr own = from.columns.back().type)
        column.type = *own;
    for (const ForeignKey& key : column.foreign_keys)
      from.foreign_keys.push_back({{column.lookup_key()},
                                   key.referred_schema,
                                   key.referred_table,
                                   {key.referred_columns.begin(), key.referred_columns.end()}});
    whole.columns.push_back(std::move(column));
  }
  if (!lightweight) {
    const PrimaryKey key = primary_key_of(whole);
    for (expr::ColumnInfo& column : from.columns)
      column.primary_key = std::find(key.columns.begin(), key.columns.end(), column.lookup_key()) !=
                           key.columns.end();
    if (const auto automatic = autoincrement_column(whole, key); automatic && *automatic)
      from.columns[**automatic].autoincrement = true;
    for (const Constraint& constraint : table.constraints)
      if (const auto* own = std::get_if<ForeignKey>(&constraint))
        from.foreign_keys.push_back({{own->columns.begin(), own->columns.end()},
                                     own->referred_schema,
                                     own->referred_table,
                                     {own->referred_columns.begin(), own->referred_columns.end()}});
  }
  return made = std::make_shared<const expr::From>(std::move(from));
}

ColumnObject* TableObject::find(std::string_view key) const {
  for (ColumnObject* const column : columns)
    if (column->column.lookup_key() == key)
      return column;
  return nullptr;
}

py::Value TableObject::get(py::Interpreter& in, std::string_view name) {
  if (name == "name")
    return in.text(table.name.text);
  if (name == "schema")
    return table.schema.empty() ? py::Value::none() : in.text(table.schema.text);
  if (name == "fullname" || name == "key")
    return in.text(table.schema.empty() ? table.name.text
                                        : table.schema.text + "." + table.name.text);
  if (const py::Value found = table_ddl(in, *this, name); found || in.unwinding())
    return found;
  return Selectable::get(in, name);
}

// --- t.c ----------------------------------------------------------------------------------------

std::vector<std::pair<std::string, py::Value>> ColumnsObject::columns(py::Interpreter& in) const {
  std::vector<std::pair<std::string, py::Value>> list;
  if (const auto* table = object_of<TableObject>(owner)) {
    for (ColumnObject* const column : table->columns)
      list.emplace_back(column->column.lookup_key(), column);
    return list;
  }
  if (from->kind == expr::FromKind::join) {
    for (const expr::Ptr& column : expr::columns_of(from))
      list.emplace_back(column->from->name.text + "_" + column->name.text, wrap(in, column));
    return list;
  }
  for (const expr::ColumnInfo& column : from->columns)
    list.emplace_back(column.lookup_key(), wrap(in, expr::column_of(from, column)));
  return list;
}

py::Value ColumnsObject::get(py::Interpreter& in, std::string_view name) {
  for (const auto& [key, column] : columns(in))
    if (key == name)
      return column;
  constexpr std::string_view kMethods[] = {"keys", "values", "items", "get", "contains_column"};
  for (const std::string_view known : kMethods)
    if (name == known) {
      static constexpr py::NativeRow kRows[] = {
          {"keys", "",
           [](py::Interpreter& inner, const py::Args& args) {
             std::vector<py::Value> list;
             for (const auto& [key, column] : object_of<ColumnsObject>(args.self)->columns(inner))
               list.push_back(inner.text(key));
             return inner.list(std::move(list));
           }},
          {"values", "",
           [](py::Interpreter& inner, const py::Args& args) {
             std::vector<py::Value> list;
             for (const auto& [key, column] : object_of<ColumnsObject>(args.self)->columns(inner))
               list.push_back(column);
             return inner.list(std::move(list));
           }},
          {"items", "",
           [](py::Interpreter& inner, const py::Args& args) {
             std::vector<py::Value> list;
             for (const auto& [key, column] : object_of<ColumnsObject>(args.self)->columns(inner))
               list.push_back(inner.tuple({inner.text(key), column}));
             return inner.list(std::move(list));
           }},
          {"get", "key, default=None",
           [](py::Interpreter& inner, const py::Args& args) {
             const py::Str* const asked = string_of(inner, args[0]);
             for (const auto& [key, column] : object_of<ColumnsObject>(args.self)->columns(inner))
               if (asked && key == asked->text)
                 return column;
             return args[1];
           }},
      };
      return method(in, kRows, name, this);
    }
  return {};
}

py::Value ColumnsObject::subscript(py::Interpreter& in, py::Value key) {
  if (key.is_unknown())
    return in.poison(key);
  const auto list = columns(in);
  if (key.is(py::Type::integer)) {
    const int64_t size = static_cast<int64_t>(list.size());
    const int64_t index = key.integer() < 0 ? key.integer() + size : key.integer();
    if (index < 0 || index >= size)
      return in.raise("IndexError", key);
    return list[static_cast<size_t>(index)].second;
  }
  const py::Str* const text = string_of(in, key);
  for (const auto& [name, column] : list)
    if (text && name == text->text)
      return column;
  return in.raise("KeyError", key);
}

py::Value ColumnsObject::binary(py::Interpreter& in, std::string_view op, py::Value other, bool) {
  if (op != "in")
    return {};
  if (other.is_unknown())
    return in.poison(other);
  const py::Str* const text = string_of(in, other);
  for (const auto& [name, column] : columns(in))
    if (text && name == text->text)
      return py::Value::of(true);
  return py::Value::of(false);
}

py::Value ColumnsObject::length(py::Interpreter& in) {
  return py::Value::of_size(columns(in).size());
}

py::Truth ColumnsObject::iterate(py::Interpreter& in, const py::Visit& visit) {
  for (const auto& [name, column] : columns(in))
    if (!visit(column))
      break;
  return py::Truth::yes;
}

}  // namespace retort::sa
