// What only sqlalchemy.dialects.postgresql has.
#include "compiler/types/tables.h"

namespace retort {
namespace {

Answer<> bit(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const std::optional<std::string> length = TRY(arguments.integer("length"));
  const bool varying = arguments.flag("varying", false);
  type.sql = varying ? "BIT VARYING" : "BIT";
  if (length || !varying)
    type.sql += "(" + (length && *length != "0" ? *length : "1") + ")";
  return Nothing();
}

Answer<> interval(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const std::optional<std::string> precision = TRY(arguments.integer("precision"));
  const std::optional<std::string> fields = TRY(arguments.text("fields"));
  type.sql = "INTERVAL";
  if (fields)
    type.sql += " " + *fields;
  if (precision)
    type.sql += " (" + *precision + ")";
  return Nothing();
}

// clang-format off
constexpr TypeRow kRows[] = {
  {"INTERVAL", "precision=None, fields=None", Family::interval, {}, interval},
  {"BIT", "length=None, varying=False", Family::other, {}, bit},
  {"BYTEA", "length=None", Family::binary, "BYTEA"},
  {"CITEXT", "length=None, collation=None", Family::text, "CITEXT"},
  {"JSON", "none_as_null=False, astext_type=None", Family::json, "JSON"},
  {"JSONB", "none_as_null=False, astext_type=None", Family::json, "JSONB"},
  {"JSONPATH", "", Family::other, "JSONPATH"},
  {"HSTORE", "text_type=None", Family::hstore, "HSTORE"},
  {"INET", "", Family::other, "INET"},
  {"CIDR", "", Family::other, "CIDR"},
  {"MACADDR", "", Family::other, "MACADDR"},
  {"MACADDR8", "", Family::other, "MACADDR8"},
  {"MONEY", "", Family::other, "MONEY"},
  {"OID", "", Family::other, "OID"},
  {"REGCLASS", "", Family::other, "REGCLASS"},
  {"REGCONFIG", "", Family::other, "REGCONFIG"},
  {"TSVECTOR", "", Family::other, "TSVECTOR"},
  {"TSQUERY", "", Family::other, "TSQUERY"},
  {"INT4RANGE", "", Family::other, "INT4RANGE"},
  {"INT8RANGE", "", Family::other, "INT8RANGE"},
  {"NUMRANGE", "", Family::other, "NUMRANGE"},
  {"DATERANGE", "", Family::other, "DATERANGE"},
  {"TSRANGE", "", Family::other, "TSRANGE"},
  {"TSTZRANGE", "", Family::other, "TSTZRANGE"},
  {"INT4MULTIRANGE", "", Family::other, "INT4MULTIRANGE"},
  {"INT8MULTIRANGE", "", Family::other, "INT8MULTIRANGE"},
  {"NUMMULTIRANGE", "", Family::other, "NUMMULTIRANGE"},
  {"DATEMULTIRANGE", "", Family::other, "DATEMULTIRANGE"},
  {"TSMULTIRANGE", "", Family::other, "TSMULTIRANGE"},
  {"TSTZMULTIRANGE", "", Family::other, "TSTZMULTIRANGE"},
};
// clang-format on

}  // namespace

std::span<const TypeRow> postgres_types() { return kRows; }

}  // namespace retort
