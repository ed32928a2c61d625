// What the names of SQLAlchemy stand for while a revision is evaluated. Nothing in here is unknown:
// a call whose arguments cannot be known yields an unknown instead of an object.
#pragma once

#include "compiler/ddl/table.h"
#include "compiler/python/interpreter.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace retort::expr {
struct Expression;  // compiler/expressions: SQL as a tree
struct From;        // what a FROM can name
using Ptr = std::shared_ptr<const Expression>;
using FromPtr = std::shared_ptr<const From>;
}  // namespace retort::expr

namespace retort::sa {

// `sa.String(20)`, or `sa.String` itself, which serves as a type just as well.
struct TypeObject : py::Foreign {
  TypeCall made_by;
  bool called = false;
  py::Class* enum_class = nullptr;  // of sa.Enum(Colour)

  std::string_view type_name() const override { return made_by.name; }
  bool callable() const override { return !called; }
  py::Value call(py::Interpreter& in, const py::Args& args) override;
  py::Value get(py::Interpreter& in, std::string_view name) override;
  py::Value subscript(py::Interpreter& in, py::Value key) override;
  bool subclass(py::Interpreter& in, py::Class& cls) override;
  py::Value instantiate(py::Interpreter& in, py::Class& cls, const py::Args& args) override;
  bool is_instance(py::Value value) const override;
  py::Value repr(py::Interpreter& in) override;
};

// Whatever can stand in an expression. Its operators and methods (`==`, `.in_()`, `.label()`) are
// the same for all.
struct Clause : py::Foreign {
  virtual expr::Ptr expression() const = 0;

  std::string_view type_name() const override { return "ColumnElement"; }
  py::Value get(py::Interpreter& in, std::string_view name) override;
  py::Value binary(py::Interpreter& in, std::string_view op, py::Value other,
                   bool reflected) override;
  py::Value unary(py::Interpreter& in, std::string_view op) override;
  py::Value subscript(py::Interpreter& in, py::Value key) override;
  py::Truth truth(py::Interpreter& in) override;
};

// Whatever can stand in a FROM: tables, aliases, subqueries, joins.
struct Selectable : py::Foreign {
  virtual expr::FromPtr from() const = 0;
  py::Value get(py::Interpreter& in, std::string_view name) override;  // .c, .join(), .alias() …
};

struct TableObject;

// `sa.Column(…)` and `sa.column(…)`.
struct ColumnObject : Clause {
  Column column;                 // as DDL sees it; its type is described when the table is known
  TypeObject* type = nullptr;    // null: none was given
  TableObject* table = nullptr;  // null: it stands alone
  bool lightweight = false;      // sa.column()
  Loc at;
  mutable expr::Ptr made;

  std::string_view type_name() const override { return "Column"; }
  expr::Ptr expression() const override;
  py::Value get(py::Interpreter& in, std::string_view name) override;
};

// `sa.Table(…)`, `sa.table(…)`, and what op.create_table() returns.
struct TableObject : Selectable {
  Table table;  // as DDL sees it, without the columns
  std::vector<ColumnObject*> columns;
  bool lightweight = false;  // sa.table()
  py::Value unclear;         // set: what may be a column more
  mutable expr::FromPtr made;

  std::string_view type_name() const override { return "Table"; }
  expr::FromPtr from() const override;
  py::Value get(py::Interpreter& in, std::string_view name) override;
  ColumnObject* find(std::string_view key) const;
};

}  // namespace retort::sa
