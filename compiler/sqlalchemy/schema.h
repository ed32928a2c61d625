// Schema items as Python objects, and what DDL makes of them.
#pragma once

#include "compiler/ops/ops.h"
#include "compiler/python/natives.h"
#include "compiler/sqlalchemy/datum.h"
#include "compiler/sqlalchemy/objects.h"

#include <span>
#include <variant>

namespace retort::sa {

// op.f("x") and quoted_name("x", True): a string that knows how it wants to be written.
struct MarkedText : py::Str {
  Quote quote = Quote::automatic;
  bool final = false;  // no naming convention applies
};

// ForeignKey(…), constraints, Index(…), Identity(…), Computed(…): read by tables and columns.
struct ItemObject : py::Foreign {
  std::variant<FetchedValue, Identity, Computed, ForeignKey, Constraint, Index> item;
  Identifier index_table;  // Index("n", table.c.a): the table that its columns belong to
  Identifier index_schema;

  std::string_view type_name() const override { return "SchemaItem"; }
  py::Value get(py::Interpreter& in, std::string_view name) override;
};

struct SequenceObject : py::Foreign {
  Identifier name;
  Identifier schema;
  Identity options;
  std::string data_type;
  bool optional = false;

  std::string_view type_name() const override { return "Sequence"; }
  py::Value get(py::Interpreter& in, std::string_view name) override;
};

class Executor;

struct MetaDataObject : py::Foreign {
  Identifier schema;
  std::vector<TableObject*> tables;
  Executor* bind = nullptr;  // MetaData(bind=…), as SQLAlchemy 1 has it
  py::Value unclear;         // set: reflected from a database that is not known

  std::string_view type_name() const override { return "MetaData"; }
  py::Value get(py::Interpreter& in, std::string_view name) override;
  bool set(py::Interpreter& in, std::string_view name, py::Value value) override;
};

// The first argument that is unknown or a container with an unknown in it, or nothing.
py::Value unknown_in(const py::Args& args, std::span<const std::string_view> except = {});

Identifier identifier_of(py::Value value);  // of text; empty otherwise
ConstraintName constraint_name_of(py::Value value);
std::string text_of(py::Value value);  // empty when it is no text
// Keys of columns: strings, Column objects, one or a list.
Columns columns_of(py::Interpreter& in, py::Value value);
Answer<DefaultValue> default_value_of(py::Interpreter& in, py::Value value);
Answer<IndexElement> index_element_of(py::Interpreter& in, py::Value value);
Answer<std::vector<Exclude::Element>>
exclude_elements_of(py::Interpreter& in, std::span<const py::Value> elements, py::Value ops);

Answer<Type> describe_type(const TypeObject& type, const Identifier& schema);
Answer<Column> describe_column(const ColumnObject& column, const Identifier& schema);
Answer<Table> describe_table(const TableObject& table);
// Puts a Column, a constraint or an index into a table that is being made.
Answer<> add_to_table(py::Interpreter& in, TableObject& table, py::Value item);
// Reads `schema=`, `comment=`, `prefixes=` and the options of PostgreSQL.
Answer<> take_table_keyword(py::Interpreter& in, TableObject& table, std::string_view name,
                            py::Value value);
// Tables before those that refer to them; cycles keep the order in which they were made.
std::vector<TableObject*> by_dependency(const std::vector<TableObject*>& tables);
// `.create()`, `.drop()` and whatever else of a table makes DDL; nothing for other names.
py::Value table_ddl(py::Interpreter& in, TableObject& table, std::string_view name);
TypeObject* type_of(py::Interpreter& in, py::Value value);  // null when it is no type

// CreateSchema(…), DDL(…) and the like: executed, they are these statements.
struct DdlElement : py::Foreign {
  Statements statements;

  std::string_view type_name() const override { return "ExecutableDDLElement"; }
};

// What the modules of SQLAlchemy hand out.
py::Value make_column(py::Interpreter& in, const py::Args& args);
std::span<const py::NativeRow> item_functions();   // constraints, indexes, sequences
std::span<const py::NativeRow> table_functions();  // Table, MetaData, Column
std::span<const py::NativeRow> ddl_functions();    // CreateSchema, DDL
py::Value type_class(py::Interpreter& in, std::string_view library, std::string_view name);

}  // namespace retort::sa
