// The arguments of one call of a directive, read by name and turned into what its struct holds. A
// batch fills in the table. Reading a value that cannot be known is remembered: the call is then a
// hole, whatever it would have printed. What is never read may be unknown.
#pragma once

#include "compiler/ops/ops.h"
#include "compiler/python/interpreter.h"

#include <initializer_list>

namespace retort {

class OpCall {
public:
  explicit OpCall(py::Interpreter& interpreter) : in(interpreter) {}

  // Keywords that fell into `**kw` are found by their own names. A later value wins.
  void set(std::string_view name, py::Value value);

  py::Value value(std::string_view name);   // nothing when it was not given, None or unknown
  bool given(std::string_view name) const;  // even as None or False

  bool flag(std::string_view name);
  std::optional<bool> maybe(std::string_view name);
  std::string text(std::string_view name);
  std::optional<std::string> optional_text(std::string_view name);
  Identifier identifier(std::string_view name);
  ConstraintName constraint_name(std::string_view name);
  Columns columns(std::string_view name);  // of strings or columns, or a single one
  Index::Pairs pairs(std::string_view name);
  Deferral deferral();

  Answer<std::optional<Sql>> sql(std::string_view name);
  Answer<std::optional<Type>> type(std::string_view name, const Identifier& schema);
  Answer<std::optional<DefaultValue>> default_value(std::string_view name);  // none: not given
  Answer<Column> column(std::string_view name, const Identifier& schema);
  Answer<Index> index(std::string_view columns);  // its elements, and all postgresql_ options
  Answer<> only_known(std::initializer_list<std::string_view> postgresql_options) const;

  const auto& all() const { return values_; }

  // The call with what is known of values that are not known otherwise (py::Unknown::shape). Of
  // tuples, as of the columns of a table, those that nothing is known of are missing.
  OpCall shape() const;

  py::Interpreter& in;
  py::Value unknown;  // the first that was read

private:
  std::vector<std::pair<std::string_view, py::Value>> values_;
};

}  // namespace retort
