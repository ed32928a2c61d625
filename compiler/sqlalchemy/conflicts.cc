// ON CONFLICT of the INSERT that PostgreSQL has.
#include "compiler/sqlalchemy/core.h"

namespace retort::sa {
namespace {

using expr::Ptr;
using py::Args;
using py::Interpreter;
using py::Value;

bool conflict_target(Interpreter& in, Value constraint, Value elements, Value condition,
                     expr::Conflict& conflict, Value& problem) {
  if (!constraint.is_none() && !name_of(in, constraint, conflict.constraint, problem)) {
    problem = in.unwinding() ? Value() : unsupported(in, "this constraint of ON CONFLICT");
    return false;
  }
  if (!elements.is_none()) {
    std::vector<Value> items;
    if (!in.collect(elements, items, problem))
      return false;
    for (const Value item : items) {
      if (const py::Str* const text = string_of(in, item)) {
        conflict.elements.push_back(
            expr::make({.kind = expr::Kind::column, .name = Identifier(text->text)}));
        continue;
      }
      const Ptr node = coerce(in, item, problem);
      if (!node)
        return false;
      conflict.elements.push_back(node);
    }
  }
  if (!condition.is_none()) {
    conflict.where = coerce(in, condition, problem, {.constants = true});
    return conflict.where != nullptr;
  }
  return true;
}

Value do_nothing(Interpreter& in, const Args& args) {
  return changed<expr::Insert>(in, args.self, [&](expr::Insert& insert, Value& problem) {
    insert.conflict.emplace();
    return conflict_target(in, args[0], args[1], args[2], *insert.conflict, problem);
  });
}

Value do_update(Interpreter& in, const Args& args) {
  return changed<expr::Insert>(in, args.self, [&](expr::Insert& insert, Value& problem) {
    expr::Conflict& conflict = insert.conflict.emplace();
    conflict.update = true;
    if (args[0].is_none() && args[1].is_none()) {
      problem = in.raise("ValueError", "Either constraint or index_elements, but not both, must be "
                                       "specified unless DO NOTHING");
      return false;
    }
    if (!conflict_target(in, args[0], args[1], args[2], conflict, problem))
      return false;
    std::vector<std::pair<Value, Value>> pairs;
    if (const auto* dict = args[3].as<py::Dict>()) {
      for (const py::Table::Entry& entry : dict->table.entries())
        if (entry.alive)
          pairs.emplace_back(entry.key, entry.value);
    } else if (const auto* columns = object_of<ColumnsObject>(args[3])) {
      for (const expr::ColumnInfo& column : columns->from->columns)
        pairs.emplace_back(in.text(column.lookup_key()),
                           wrap(in, expr::column_of(columns->from, column)));
    }
    if (pairs.empty()) {
      problem = in.raise("ValueError", "set parameter dictionary must not be empty");
      return false;
    }
    for (const auto& [name, value] : pairs) {
      std::string key;
      Ptr column;
      if (!key_of(in, name, key, column, problem))
        return false;
      const Ptr node = assigned_value(in, value, insert.table->find(key), problem);
      if (!node)
        return false;
      conflict.set.emplace_back(std::move(key), node);
    }
    if (!args[4].is_none()) {
      conflict.update_where = coerce(in, args[4], problem, {.constants = true});
      return conflict.update_where != nullptr;
    }
    return true;
  });
}

constexpr py::NativeRow kConflict[] = {
    {"on_conflict_do_nothing", "constraint=None, index_elements=None, index_where=None",
     known<do_nothing>},
    {"on_conflict_do_update",
     "constraint=None, index_elements=None, index_where=None, set_=None, where=None",
     known<do_update>},
};
}  // namespace

std::span<const py::NativeRow> conflict_methods() { return kConflict; }

}  // namespace retort::sa
