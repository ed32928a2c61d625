// Strings and bytes.
#include "compiler/types/tables.h"

namespace retort {

Answer<> string_type(std::string_view word, const TypeArguments& arguments, Type& type) {
  const std::optional<std::string> length = TRY(arguments.integer("length"));
  const std::optional<std::string> collation = TRY(arguments.text("collation"));
  type.sql = word;
  if (length && *length != "0")
    type.sql += "(" + *length + ")";
  if (collation && !collation->empty())
    type.sql += " COLLATE \"" + *collation + "\"";
  return Nothing();
}

namespace {

constexpr char kVarchar[] = "VARCHAR";
constexpr char kText[] = "TEXT";
constexpr char kChar[] = "CHAR";
constexpr char kNchar[] = "NCHAR";
constexpr char kNvarchar[] = "NVARCHAR";
constexpr char kBinary[] = "BINARY";
constexpr char kVarbinary[] = "VARBINARY";

template <const char* kWord>
Answer<> sized(const TypeArguments& arguments, const TypeContext&, Type& type) {
  return string_type(kWord, arguments, type);
}

template <const char* kWord>
Answer<> bytes(const TypeArguments& arguments, const TypeContext&, Type& type) {
  const std::optional<std::string> length = TRY(arguments.integer("length"));
  type.sql = kWord;
  if (length && *length != "0")
    type.sql += "(" + *length + ")";
  return Nothing();
}

// `impl=` is taken as it is; without it a pickle is stored as bytes.
Answer<> pickle(const TypeArguments& arguments, const TypeContext& context, Type& type) {
  if (const Datum* impl = arguments.find("impl"))
    type = TRY(describe_argument(*impl, context));
  else
    type.sql = "BYTEA";
  return Nothing();
}

// clang-format off
constexpr TypeRow kRows[] = {
  {"String", "length=None, collation=None", Family::text, {}, sized<kVarchar>},
  {"Unicode", "length=None, collation=None", Family::text, {}, sized<kVarchar>},
  {"VARCHAR", "length=None, collation=None", Family::text, {}, sized<kVarchar>},
  {"Text", "length=None, collation=None", Family::text, {}, sized<kText>},
  {"UnicodeText", "length=None, collation=None", Family::text, {}, sized<kText>},
  {"TEXT", "length=None, collation=None", Family::text, {}, sized<kText>},
  {"CHAR", "length=None, collation=None", Family::text, {}, sized<kChar>},
  {"NCHAR", "length=None, collation=None", Family::text, {}, sized<kNchar>},
  {"NVARCHAR", "length=None, collation=None", Family::text, {}, sized<kNvarchar>},
  {"CLOB", "length=None, collation=None", Family::text, "CLOB"},
  {"LargeBinary", "length=None", Family::binary, "BYTEA"},
  {"BLOB", "length=None", Family::binary, "BLOB"},
  {"BINARY", "length=None", Family::binary, {}, bytes<kBinary>},
  {"VARBINARY", "length=None", Family::binary, {}, bytes<kVarbinary>},
  {"PickleType", "protocol=5, pickler=None, comparator=None, impl=None", Family::binary, {}, pickle},
  {"JSON", "none_as_null=False", Family::json, "JSON"},
};
// clang-format on

}  // namespace

std::span<const TypeRow> text_types() { return kRows; }

}  // namespace retort
