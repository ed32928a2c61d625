// sqlalchemy.orm: classes that stand for tables, and sessions that write their instances.
#pragma once

#include "compiler/sqlalchemy/core.h"
#include "compiler/sqlalchemy/executor.h"
#include "compiler/sqlalchemy/render.h"
#include "compiler/sqlalchemy/schema.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace retort::sa {

// What declarative_base() and `class Base(DeclarativeBase)` give to the classes that derive from
// them.
struct DeclarativeBase : py::Foreign {
  MetaDataObject* metadata = nullptr;  // null: of DeclarativeBase itself
  py::Value types;                     // type_annotation_map, or nothing
  std::map<std::string, py::Class*, std::less<>> classes;

  std::string_view type_name() const override { return "DeclarativeMeta"; }
  py::Value get(py::Interpreter& in, std::string_view name) override;
  bool subclass(py::Interpreter&, py::Class&) override { return true; }
  bool defined(py::Interpreter& in, py::Class& cls) override;
  py::Value instantiate(py::Interpreter& in, py::Class& cls, const py::Args& args) override;
};

// An attribute of a mapped class that is no column: relationship(), hybrid_property, …
struct PropertyObject : py::Foreign {
  enum class Kind : uint8_t { relationship, attribute, declared, validator, other };
  Kind kind = Kind::other;
  py::Value argument;              // of a relationship: a class or its name; of others: a function
  std::vector<std::string> names;  // of a validator
  bool secondary = false;

  std::string_view type_name() const override { return "MapperProperty"; }
  bool callable() const override { return true; }
  py::Value call(py::Interpreter& in, const py::Args& args) override;
  py::Value get(py::Interpreter& in, std::string_view name) override;
};

// A mapped class: its table, and which attribute holds which column.
struct Mapping {
  py::Class* cls = nullptr;
  TableObject* table = nullptr;
  DeclarativeBase* base = nullptr;
  std::vector<std::pair<std::string_view, ColumnObject*>> columns;

  ColumnObject* column(std::string_view attribute) const;
  std::string_view attribute(const ColumnObject* column) const;  // empty: none
};
std::optional<Mapping> mapping_of(py::Value cls_or_instance);
py::Class* related_class(py::Interpreter& in, const Mapping& mapping,
                         const PropertyObject& relationship);
bool map_table(py::Interpreter& in, py::Class& cls, TableObject& table, DeclarativeBase& base);

// Puts a Mapped[…] annotation into a column that has no type; `problem` is what stays unknown.
void take_annotation(py::Interpreter& in, ColumnObject& column, std::string_view annotation,
                     const DeclarativeBase& base, py::Value& problem);

py::Value make_query(py::Interpreter& in, Executor* executor, py::Value session,
                     const std::vector<py::Value>& entities);
// Writes what waits in a session; false after an exception.
bool flush_session(py::Interpreter& in, py::Value session);
// What a session reads: changing it is an effect.
py::Value row_unknown(py::Interpreter& in);

std::span<const py::NativeRow> orm_functions();
std::span<const py::NativeRow> session_functions();
py::Value orm_constant(py::Interpreter& in, std::string_view name);  // nothing: no such name

}  // namespace retort::sa
