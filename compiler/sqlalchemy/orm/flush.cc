// What a session writes when it flushes: INSERTs in the order of dependencies, UPDATEs of what has
// changed since, DELETEs.
#include "compiler/sqlalchemy/orm/session.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::sa {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

Value change(Interpreter& in, std::string_view constructor, TableObject& table) {
  const py::NativeRow* const row = py::find_row(core_functions(), constructor);
  return in.call(in.native(*row), {Value(&table)});
}

bool is_json(const ColumnObject& column) {
  const expr::Ptr node = column.expression();
  return node && node->type && node->type->family == Family::json;
}

bool has_default(const ColumnObject& column) {
  return !std::holds_alternative<std::monostate>(column.column.server_default) ||
         column.column.python_default.kind != PythonDefault::Kind::none;
}

bool run(Interpreter& in, SessionObject& session, Value statement) {
  return statement && session.executor_->execute(in, statement, {});
}

bool insert_values(Interpreter& in, SessionObject& session, const Mapping& mapping,
                   py::Dict* values) {
  Value statement = change(in, "insert", *mapping.table);
  statement = statement ? in.call_method(statement, "values", {Value(values)}) : statement;
  if (statement && !statement.is_unknown())
    statement = in.call_method(statement, "inline");
  return run(in, session, statement);
}

// WHERE over the key; nothing when a part of it cannot be known.
Value by_key(Interpreter& in, const Mapping& mapping,
             const std::function<Value(std::string_view)>& value_of, Value statement) {
  for (const auto& [attribute, column] : mapping.columns) {
    if (!column->column.primary_key)
      continue;
    const Value value = value_of(attribute);
    if (!value || value.is_none())
      return in.unknown(Cause::Kind::data, "the key of this row is not known here");
    if (value.is_unknown())
      return in.poison(value);
    statement = in.call_method(statement, "where", {in.compare("==", column, value)});
    if (!statement || statement.is_unknown())
      return statement;
  }
  return statement;
}

// A child's key column that takes its value from a parent.
struct Link {
  py::Instance* child;
  std::string_view child_attribute;
  py::Instance* parent;
  std::string_view parent_attribute;
};

class Flush {
public:
  Flush(Interpreter& in, SessionObject& session) : in_(in), session_(session) {}

  bool run() {
    for (py::List* const list : {session_.pending, session_.deleted, session_.kept})
      if (list->type == py::Type::unknown)
        return true;  // a hole says so where it was lost
    update_changed();
    std::vector<Value> waiting = session_.pending->items;
    const std::vector<Value> leaving = session_.deleted->items;
    if (waiting.empty() && leaving.empty())
      return !in_.unwinding();
    in_.touch(session_.pending);
    in_.touch(session_.deleted);
    session_.pending->items.clear();
    session_.deleted->items.clear();
    for (size_t i = 0; i < waiting.size(); ++i)
      relate(*waiting[i].as<py::Instance>(), waiting);
    std::vector<TableObject*> tables;
    for (const Value object : waiting)
      if (TableObject* const table = mapping_of(object)->table;
          std::find(tables.begin(), tables.end(), table) == tables.end())
        tables.push_back(table);
    for (TableObject* const table : by_dependency(tables))
      for (const Value object : waiting)
        if (const Mapping mapping = *mapping_of(object); mapping.table == table)
          if (!insert(mapping, *object.as<py::Instance>()))
            return false;
    for (const Value object : leaving)
      if (!remove(object))
        return false;
    return true;
  }

private:
  const ForeignKey* key_between(const Mapping& from, const Mapping& to,
                                const ColumnObject*& column) const {
    for (const auto& [attribute, own] : from.columns)
      for (const ForeignKey& key : own->column.foreign_keys)
        if (key.referred_table == to.table->table.name &&
            key.referred_schema.text == to.table->table.schema.text) {
          column = own;
          return &key;
        }
    return nullptr;
  }

  bool link(py::Instance& child, py::Instance& parent) {
    const std::optional<Mapping> from = mapping_of(&child);
    const std::optional<Mapping> to = mapping_of(&parent);
    const ColumnObject* column = nullptr;
    const ForeignKey* const key = from && to ? key_between(*from, *to, column) : nullptr;
    if (!key || key->referred_columns.size() != 1)
      return false;
    for (const auto& [attribute, target] : to->columns)
      if (target->column.name.text == key->referred_columns[0]) {
        links_.push_back({&child, from->attribute(column), &parent, attribute});
        return true;
      }
    return false;
  }

  void also(Value object, std::vector<Value>& waiting) {
    const auto is_kept = [&](Value row) { return row.as<py::Tuple>()->items[0].identical(object); };
    if (std::none_of(waiting.begin(), waiting.end(),
                     [&](Value known) { return known.identical(object); }) &&
        std::none_of(session_.kept->items.begin(), session_.kept->items.end(), is_kept))
      waiting.push_back(object);
  }

  // Relationships of an object: what they hold is written, too, and shares its key.
  void relate(py::Instance& object, std::vector<Value>& waiting) {
    for (const auto& [name, value] : object.attributes) {
      const auto* const property = object_of<PropertyObject>(object.cls->find(name));
      if (!property || property->kind != PropertyObject::Kind::relationship || value.is_none())
        continue;
      bool fine = !property->secondary;
      if (py::Instance* const other = value.as<py::Instance>(); other && fine) {
        fine = link(object, *other) || link(*other, object);
        if (fine)
          also(value, waiting);
      } else if (const py::List* const list = value.as<py::List>(); list && fine) {
        for (const Value item : list->items) {
          py::Instance* const child = item.as<py::Instance>();
          fine = fine && child && link(*child, object);
          if (fine)
            also(item, waiting);
        }
      } else {
        fine = false;
      }
      if (!fine)
        in_.hole("compile/unsupported", "session", in_.here(),
                 fmt::format("what `{}` of a `{}` makes of its rows is not compiled", name,
                             object.cls->name))
            .note("set the columns of the foreign key instead");
    }
  }

  bool insert(const Mapping& mapping, py::Instance& object) {
    for (const Link& link : links_)
      if (link.child == &object) {
        in_.touch(&object);
        object.attributes.set(link.child_attribute,
                              link.parent->attributes.find(link.parent_attribute));
      }
    py::Dict* const values = in_.new_dict();
    for (const auto& [attribute, column] : mapping.columns) {
      const Value value = object.attributes.find(attribute);
      if (!value || (value.is_none() && !is_json(*column) &&
                     (column->column.primary_key || has_default(*column))))
        continue;
      if (!in_.dict_set(*values, in_.text(column->column.lookup_key()), value))
        return false;
    }
    if (!insert_values(in_, session_, mapping, values))
      return false;
    in_.touch(&object);
    for (const auto& [attribute, column] : mapping.columns)
      if (const Value value = object.attributes.find(attribute);
          !value || (value.is_none() && (column->column.primary_key || has_default(*column))))
        object.attributes.set(attribute,
                              in_.unknown(Cause::Kind::data, "the database makes this value up "
                                                             "when the row is inserted"));
    keep(mapping, object);
    return true;
  }

  py::Dict* shown(const Mapping& mapping, const py::Instance& object) {
    py::Dict* const values = in_.new_dict();
    for (const auto& [attribute, column] : mapping.columns)
      (void)in_.dict_set(*values, in_.text(attribute), object.attributes.find(attribute));
    return values;
  }

  void keep(const Mapping& mapping, py::Instance& object) {
    in_.touch(session_.kept);
    std::erase_if(session_.kept->items,
                  [&](Value row) { return row.as<py::Tuple>()->items[0].object() == &object; });
    session_.kept->items.push_back(in_.tuple({Value(&object), Value(shown(mapping, object))}));
  }

  void update_changed() {
    for (const Value row : std::vector<Value>(session_.kept->items)) {
      const Value object = row.as<py::Tuple>()->items[0];
      py::Instance& instance = *object.as<py::Instance>();
      const py::Dict* const before = row.as<py::Tuple>()->items[1].as<py::Dict>();
      const std::optional<Mapping> mapping = mapping_of(object);
      if (!before || !mapping)
        continue;
      py::Dict* const changes = in_.new_dict();
      for (const auto& [attribute, column] : mapping->columns) {
        const Value now = instance.attributes.find(attribute);
        const Value then = in_.dict_get(before->table, in_.text(attribute));
        if (!now || now.identical(then) || in_.equal(now, then) == py::Truth::yes)
          continue;
        (void)in_.dict_set(*changes, in_.text(column->column.lookup_key()), now);
      }
      if (changes->table.size() == 0 || in_.unwinding())
        continue;
      Value statement = change(in_, "update", *mapping->table);
      statement = by_key(
          in_, *mapping, [&](std::string_view name) { return instance.attributes.find(name); },
          statement);
      if (statement && !statement.is_unknown())
        statement = in_.call_method(statement, "values", {Value(changes)});
      if (!sa::run(in_, session_, statement))
        return;
      keep(*mapping, instance);
    }
  }

  bool remove(Value object) {
    const std::optional<Mapping> mapping = mapping_of(object);
    py::Instance* const instance = object.as<py::Instance>();
    if (!mapping || !instance) {
      in_.hole("compile/unsupported", "session", in_.here(),
               "what is deleted belongs to no table that is known here");
      return true;
    }
    return sa::run(in_, session_,
                   by_key(
                       in_, *mapping,
                       [&](std::string_view name) { return instance->attributes.find(name); },
                       change(in_, "delete", *mapping->table)));
  }

  Interpreter& in_;
  SessionObject& session_;
  std::vector<Link> links_;
};

// The dictionary with the keys of columns instead of attributes; null with a hole.
py::Dict* columns_of_row(Interpreter& in, const Mapping& mapping, Value row, bool nulls,
                         bool keys) {
  const py::Dict* const given = row.as<py::Dict>();
  if (!given) {
    in.unknown_hole("statement", in.here(), "the values of this row cannot be known", row);
    return nullptr;
  }
  py::Dict* const values = in.new_dict();
  for (const py::Table::Entry& entry : given->table.entries()) {
    const ColumnObject* const column = entry.alive ? mapping.column(text_of(entry.key)) : nullptr;
    if (!column || (entry.value.is_none() && !nulls && !is_json(*column)) ||
        (!keys && column->column.primary_key))
      continue;
    if (!in.dict_set(*values, in.text(column->column.lookup_key()), entry.value))
      return nullptr;
  }
  return values;
}

}  // namespace

bool insert_row(Interpreter& in, SessionObject& session, const Mapping& mapping, Value row) {
  py::Dict* const values = columns_of_row(in, mapping, row, false, true);
  return values ? insert_values(in, session, mapping, values) : !in.unwinding();
}

bool update_row(Interpreter& in, SessionObject& session, const Mapping& mapping, Value row) {
  py::Dict* const values = columns_of_row(in, mapping, row, true, false);
  if (!values)
    return !in.unwinding();
  const py::Dict* const given = row.as<py::Dict>();
  Value statement = by_key(
      in, mapping, [&](std::string_view name) { return in.dict_get(given->table, in.text(name)); },
      change(in, "update", *mapping.table));
  if (statement && !statement.is_unknown())
    statement = in.call_method(statement, "values", {Value(values)});
  return run(in, session, statement);
}

bool flush_session(Interpreter& in, Value session) {
  auto* const object = object_of<SessionObject>(session);
  return !object || Flush(in, *object).run();
}

}  // namespace retort::sa
