// Numbers, truth values and UUIDs.
#include "compiler/types/tables.h"

namespace retort {
namespace {

constexpr char kNumeric[] = "NUMERIC";
constexpr char kDecimal[] = "DECIMAL";

template <Serial kSerial>
Answer<> integer(const TypeArguments&, const TypeContext&, Type& type) {
  type.serial = kSerial;
  type.sql = kSerial == Serial::small ? "SMALLINT" : kSerial == Serial::big ? "BIGINT" : "INTEGER";
  return Nothing();
}

// A scale without a precision is dropped, as SQLAlchemy does it.
template <const char* kWord>
Answer<> fixed_point(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const std::optional<std::string> precision = TRY(arguments.integer("precision"));
  const std::optional<std::string> scale = TRY(arguments.integer("scale"));
  type.sql = kWord;
  if (precision)
    type.sql += "(" + *precision + (scale ? ", " + *scale : "") + ")";
  return Nothing();
}

Answer<> floating_point(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const std::optional<std::string> precision = TRY(arguments.integer("precision"));
  type.sql = "FLOAT";
  if (precision && *precision != "0")
    type.sql += "(" + *precision + ")";
  return Nothing();
}

Answer<> uuid(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const bool native = arguments.flag("native_uuid", true);
  type.sql = native ? "UUID" : "CHAR(32)";
  if (!arguments.flag("as_uuid", true))
    type.family = Family::uuid_text;
  else if (!native)
    type.family = Family::uuid_hex;
  return Nothing();
}

constexpr std::string_view kBoolean =
    "create_constraint=False, name=None, _create_events=True, _adapted_from=None";
constexpr std::string_view kFixed =
    "precision=None, scale=None, decimal_return_scale=None, asdecimal=True";
constexpr std::string_view kFloat = "precision=None, asdecimal=False, decimal_return_scale=None";

// clang-format off
constexpr TypeRow kRows[] = {
  {"Integer", "", Family::integer, {}, integer<Serial::normal>},
  {"INTEGER", "", Family::integer, {}, integer<Serial::normal>},
  {"INT", "", Family::integer, {}, integer<Serial::normal>},
  {"BigInteger", "", Family::integer, {}, integer<Serial::big>},
  {"BIGINT", "", Family::integer, {}, integer<Serial::big>},
  {"SmallInteger", "", Family::integer, {}, integer<Serial::small>},
  {"SMALLINT", "", Family::integer, {}, integer<Serial::small>},
  {"Numeric", kFixed, Family::numeric, {}, fixed_point<kNumeric>},
  {"NUMERIC", kFixed, Family::numeric, {}, fixed_point<kNumeric>},
  {"DECIMAL", kFixed, Family::numeric, {}, fixed_point<kDecimal>},
  {"Float", kFloat, Family::numeric, {}, floating_point},
  {"FLOAT", kFloat, Family::numeric, {}, floating_point},
  {"REAL", kFloat, Family::numeric, "REAL"},
  {"Double", kFloat, Family::numeric, "DOUBLE PRECISION"},
  {"DOUBLE", kFloat, Family::numeric, "DOUBLE"},
  {"DOUBLE_PRECISION", kFloat, Family::numeric, "DOUBLE PRECISION"},
  // PostgreSQL has booleans, so create_constraint makes no CHECK.
  {"Boolean", kBoolean, Family::boolean, "BOOLEAN"},
  {"BOOLEAN", kBoolean, Family::boolean, "BOOLEAN"},
  {"MatchType", kBoolean, Family::boolean, "BOOLEAN"},
  {"Uuid", "as_uuid=True, native_uuid=True", Family::uuid, {}, uuid},
  {"UUID", "as_uuid=True", Family::uuid, {}, uuid},
};
// clang-format on

}  // namespace

std::span<const TypeRow> numeric_types() { return kRows; }

}  // namespace retort
