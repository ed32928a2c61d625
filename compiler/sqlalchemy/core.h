// What the files that stand for sqlalchemy.sql share: the objects that a revision holds, and the
// ways from a Python value to an expression.
#pragma once

#include "compiler/expressions/build.h"
#include "compiler/expressions/render.h"
#include "compiler/python/natives.h"
#include "compiler/sqlalchemy/datum.h"
#include "compiler/sqlalchemy/objects.h"

#include <algorithm>
#include <functional>

namespace retort::sa {

struct ExpressionObject : Clause {
  expr::Ptr node;
  expr::Ptr expression() const override { return node; }
  std::string_view type_name() const override;
};

struct FromObject : Selectable {
  expr::FromPtr node;
  expr::FromPtr from() const override { return node; }
  std::string_view type_name() const override { return "FromClause"; }
};

// select(), insert(), update(), delete(), and unions.
struct StatementObject : py::Foreign {
  expr::StatementPtr node;
  expr::FromPtr excluded;  // of an INSERT of the dialect
  std::string_view type_name() const override;
  py::Value get(py::Interpreter& in, std::string_view name) override;
};

// `t.c`.
struct ColumnsObject : py::Foreign {
  py::Value owner;  // a TableObject, whose columns stay what they are, or nothing
  expr::FromPtr from;
  std::string_view type_name() const override { return "ColumnCollection"; }
  py::Value get(py::Interpreter& in, std::string_view name) override;
  py::Value subscript(py::Interpreter& in, py::Value key) override;
  py::Value binary(py::Interpreter& in, std::string_view op, py::Value other,
                   bool reflected) override;
  py::Value length(py::Interpreter& in) override;
  bool iterable() const override { return true; }
  py::Truth iterate(py::Interpreter& in, const py::Visit& visit) override;

private:
  std::vector<std::pair<std::string, py::Value>> columns(py::Interpreter& in) const;
};

py::Value wrap(py::Interpreter& in, expr::Ptr node);
py::Value wrap(py::Interpreter& in, expr::FromPtr node);
py::Value wrap(py::Interpreter& in, expr::StatementPtr node);
py::Value wrap(py::Interpreter& in, expr::Statement statement);

template <class T>
T* object_of(py::Value value) {
  py::Foreign* const foreign = value.as<py::Foreign>();
  return foreign ? dynamic_cast<T*>(foreign) : nullptr;
}

// What is known of the text of a statement that is given something unknown, see py::Unknown; empty
// for other values.
std::string statement_sketch(py::Value statement);
inline constexpr char kInsert[] = "INSERT";
inline constexpr char kUpdate[] = "UPDATE";
inline constexpr char kDelete[] = "DELETE";
inline constexpr char kSelect[] = "SELECT";

// Runs a native unless something that it is given cannot be known.
template <py::NativeCode code>
py::Value known(py::Interpreter& in, const py::Args& args) {
  for (const py::Value slot : args.slots)
    if (const py::Value unknown = unknown_in(slot))
      return in.poison(unknown, statement_sketch(args.self));
  return code(in, args);
}
// The same for one that makes a statement.
template <py::NativeCode code, const char* verb>
py::Value known(py::Interpreter& in, const py::Args& args) {
  for (const py::Value slot : args.slots)
    if (const py::Value unknown = unknown_in(slot))
      return in.poison(unknown, verb);
  return code(in, args);
}

py::Value argument_error(py::Interpreter& in, std::string message);
py::Value unsupported(py::Interpreter& in, std::string_view what);  // "`x` is not compiled"

// Conversions answer null when `problem` is to be returned: nothing after an exception, or an
// unknown.
struct Coercion {
  expr::Ptr beside = {};    // the other operand: literals take its type when that fits
  expr::TypePtr type = {};  // what a literal is to be
  bool constants = false;   // None, True and False are NULL, true and false
  bool labels = false;      // a string is a label: ORDER BY
  bool ordering = false;    // labels of the SELECT are taken by name
};
expr::Ptr coerce(py::Interpreter& in, py::Value value, py::Value& problem,
                 const Coercion& how = {});
bool coerce_all(py::Interpreter& in, py::Value items, expr::List& out, py::Value& problem,
                const Coercion& how = {});
// Items of `*args`, where a single list stands for its items (1.4).
bool spread(py::Interpreter& in, py::Value args, std::vector<py::Value>& out, py::Value& problem);
expr::FromPtr from_of(py::Interpreter& in, py::Value value, py::Value& problem);
expr::StatementPtr statement_of(py::Value value);  // null: none
bool type_of(py::Interpreter& in, py::Value value, expr::TypePtr& type, py::Value& problem);
bool name_of(py::Interpreter& in, py::Value value, Identifier& name, py::Value& problem);
bool datum(py::Interpreter& in, py::Value value, Datum& out, py::Value& problem);
// What a column is set to: literals take its type.
expr::Ptr assigned_value(py::Interpreter& in, py::Value value, const expr::ColumnInfo* column,
                         py::Value& problem);

// What a parameter of text() stands for: a tuple is a row, as drivers have it, a list an array
// unless the parameter `known` expands.
expr::Ptr parameter_value(py::Interpreter& in, py::Value value, const expr::Ptr& known,
                          py::Value& problem);

const py::Str* string_of(py::Interpreter& in, py::Value value);
bool truth_of(py::Value value);  // of an option: None and False are no

// Attributes that are functions, from a table.
py::Value method(py::Interpreter& in, std::span<const py::NativeRow> rows, std::string_view name,
                 py::Value self);

std::span<const py::NativeRow> clause_methods();
std::span<const py::NativeRow> container_methods();  // of JSON, arrays and ranges
std::span<const py::NativeRow> function_methods();
std::span<const py::NativeRow> select_methods();
std::span<const py::NativeRow> derived_methods();  // of SELECTs as parts of others
std::span<const py::NativeRow> conflict_methods();
std::span<const py::NativeRow> change_methods();  // of insert(), update() and delete()
std::span<const py::NativeRow> constructors();
std::span<const py::NativeRow> postgresql_constructors();
std::span<const py::NativeRow> window_functions();
std::span<const py::NativeRow> select_constructors();
std::span<const py::NativeRow> compound_constructors();
std::span<const py::NativeRow> from_constructors();
std::span<const py::NativeRow> change_constructors();
std::span<const py::NativeRow> postgresql_changes();

std::vector<py::NativeRow> joined(std::initializer_list<std::span<const py::NativeRow>> tables);

// A copy of the statement in `self`, changed; `change` answers false with a problem.
template <class Kind>
py::Value changed(py::Interpreter& in, py::Value self,
                  const std::function<bool(Kind&, py::Value&)>& change) {
  const auto* object = object_of<StatementObject>(self);
  const Kind* const old = object->node->as<Kind>();
  if (!old)
    return in.raise("TypeError", "this does not apply to the statement");
  expr::Statement made{*old, object->node->ctes};
  py::Value problem;
  if (!change(*std::get_if<Kind>(&made.node), problem))
    return problem;
  StatementObject* const result = in.make<StatementObject>();
  result->node = std::make_shared<const expr::Statement>(std::move(made));
  result->excluded = object->excluded;
  return result;
}

// The statement of select(), or the one in EXISTS (…) and (…).
expr::StatementPtr statement_in(py::Value self);
// The key of a column, given as a string or as the column itself.
bool key_of(py::Interpreter& in, py::Value given, std::string& key, expr::Ptr& column,
            py::Value& problem);

// Parts that several statements have.
bool selected_items(py::Interpreter& in, py::Value given, std::vector<expr::SelectItem>& out,
                    py::Value& problem);
bool conditions(py::Interpreter& in, py::Value given, expr::List& out, py::Value& problem);
bool prefix_texts(py::Interpreter& in, py::Value given, expr::List& out, py::Value& problem);
py::Value make_cte(py::Interpreter& in, const expr::StatementPtr& statement, const py::Args& args);
// Values of insert() or update() by the key of their column, typed by it.
bool row_of(py::Interpreter& in, const expr::From& table, py::Value given, expr::Row& row,
            py::Value& problem);

py::Value subquery_value(py::Interpreter& in, const expr::StatementPtr& statement);  // (SELECT …)
expr::FromPtr alias_of(const expr::FromPtr& from, Identifier name);
expr::FromPtr subquery_of(const expr::StatementPtr& statement, Identifier name);

}  // namespace retort::sa
