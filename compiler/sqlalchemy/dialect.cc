#include "compiler/sqlalchemy/dialect.h"

#include "compiler/sqlalchemy/executor.h"

#include <fmt/format.h>

namespace retort::sa {
namespace {

using py::Args;
using py::Interpreter;
using py::Value;

struct DialectObject : py::Foreign {
  std::string_view type_name() const override { return "PGDialect"; }
  Value get(Interpreter& in, std::string_view name) override;
};

Value itself(Interpreter&, const Args& args) { return args[0]; }
// `bind.dialect.has_table(bind, "orders")`
template <const char* kQuestion>
Value ask(Interpreter& in, const Args& args) {
  Executor* const executor = executor_of(args[0]);
  if (!executor)
    return in.unknown(py::Cause::Kind::data, "this question is asked without a connection");
  Args question;
  question.positional = {args[1], args[2]};
  return in.call_with(in.get_attribute(executor->inspector(in), kQuestion), std::move(question));
}
constexpr char kHasTable[] = "has_table";
constexpr char kHasSequence[] = "has_sequence";
constexpr char kHasType[] = "has_type";
Value has_schema(Interpreter& in, const Args& args) {
  Executor* const executor = executor_of(args[0]);
  return executor
             ? in.call_method(executor->inspector(in), "has_schema", {args[1]})
             : in.unknown(py::Cause::Kind::data, "this question is asked without a connection");
}

constexpr py::NativeRow kMethods[] = {
    {"has_table", "connection, table_name, schema=None, **kw", ask<kHasTable>},
    {"has_sequence", "connection, sequence_name, schema=None, **kw", ask<kHasSequence>},
    {"has_type", "connection, type_name, schema=None, **kw", ask<kHasType>},
    {"has_schema", "connection, schema_name, **kw", has_schema},
    {"type_descriptor", "typeobj", itself},
};

Value DialectObject::get(Interpreter& in, std::string_view name) {
  if (name == "name")
    return in.text("postgresql");
  if (name == "driver")
    return in.text("psycopg2");
  if (name == "paramstyle")
    return in.text("named");
  if (name == "default_schema_name")
    return in.text("public");
  if (name.starts_with("supports_"))
    return Value::of(name != "supports_for_update_of" && name != "supports_statement_cache_off");
  if (name == "max_identifier_length")
    return Value::of(int64_t{63});
  if (name == "server_version_info") {
    const Value version = in.given("sqlalchemy.server_version_info");
    return version ? version
                   : in.unknown(py::Cause::Kind::data, "the server's version is not configured");
  }
  if (const py::NativeRow* const row = py::find_row(kMethods, name))
    return in.native(*row, this, type_name());
  return in.unknown(py::Cause::Kind::unsupported,
                    fmt::format("`{}` of the dialect is not interpreted", name));
}

}  // namespace

Value dialect(Interpreter& in) { return in.make<DialectObject>(); }

}  // namespace retort::sa
