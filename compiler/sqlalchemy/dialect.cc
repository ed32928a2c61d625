#include "compiler/sqlalchemy/dialect.h"

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
constexpr py::NativeRow kMethods[] = {
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
