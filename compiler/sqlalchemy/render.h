// From expressions and statements of SQLAlchemy to SQL: what op.* and connections call.
#pragma once

#include "compiler/ops/ops.h"
#include "compiler/python/interpreter.h"

#include <span>
#include <string>

namespace retort::sa {

// How columns are named: DDL wants them bare.
enum class Names : uint8_t { bare, qualified };

bool is_clause(py::Value value);     // anything that can stand in an expression, text() too
bool is_statement(py::Value value);  // select(), insert(), update(), delete(), unions, text()

// Literals are in place. A string is what text() makes of it.
Answer<Sql> clause_sql(py::Interpreter& in, py::Value clause, Names names);

// The same with the parentheses that an element of an index needs.
Answer<Sql> index_element_sql(py::Interpreter& in, py::Value clause);

// What an element of an index is called by postgresql_ops (label, else the name of a column or
// function) and by naming conventions (the first column in it, or the text of text()).
std::string clause_key(py::Value clause);
std::string clause_name(py::Value clause);

// `statement` is a string, text(), a statement, or an expression that stands alone (`func.f()`).
// `parameters` is nothing, None, a dictionary, or a list of them: one statement for each then.
// Alembic drops parameters; here they become literals.
Answer<Statements> statement_sql(py::Interpreter& in, py::Value statement,
                                 py::Value parameters = {});

// The names of sqlalchemy and sqlalchemy.dialects.postgresql that make expressions.
std::span<const py::NativeRow> core_functions();
std::span<const py::NativeRow> postgresql_functions();
py::Value func_object(py::Interpreter& in);
py::Value core_constant(py::Interpreter& in, std::string_view name);  // nothing: no such name

}  // namespace retort::sa
