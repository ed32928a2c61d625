#include "compiler/ddl/column.h"

#include "common/text.h"
#include "compiler/ddl/names.h"

namespace retort {
namespace {

std::string_view serial_word(Serial serial) {
  switch (serial) {
  case Serial::small: return "SMALLSERIAL";
  case Serial::big: return "BIGSERIAL";
  case Serial::normal: break;
  }
  return "SERIAL";
}

bool fills_itself(const Column& column, const ColumnPlace& place) {
  const PythonDefault::Kind kind = column.python_default.kind;
  return place.primary_key && place.autoincrement && !column.identity() &&
         (kind == PythonDefault::Kind::none || kind == PythonDefault::Kind::optional_sequence);
}

Answer<std::string> computed_text(const Computed& computed) {
  if (computed.persisted && !*computed.persisted)
    return problem("PostgreSQL has no virtual computed columns; set `persisted` to None or True",
                   "persisted");
  return "GENERATED ALWAYS AS (" + computed.sql.text + ") STORED";
}

}  // namespace

Answer<std::string> default_text(const DefaultValue& value) {
  if (const auto* text = std::get_if<std::string>(&value))
    return literal(*text);
  if (const auto* sql = std::get_if<Sql>(&value))
    return sql->text;
  return std::string();
}

std::string identity_options(const Identity& identity) {
  std::vector<std::string> options;
  const auto number = [&](const char* words, const std::optional<std::string>& value) {
    if (value)
      options.push_back(words + *value);
  };
  number("INCREMENT BY ", identity.increment);
  number("START WITH ", identity.start);
  number("MINVALUE ", identity.minvalue);
  number("MAXVALUE ", identity.maxvalue);
  if (identity.nominvalue)
    options.push_back("NO MINVALUE");
  if (identity.nomaxvalue)
    options.push_back("NO MAXVALUE");
  number("CACHE ", identity.cache);
  if (identity.cycle)
    options.push_back(*identity.cycle ? "CYCLE" : "NO CYCLE");
  return join(options, " ");
}

std::string identity_text(const Identity& identity) {
  const std::string options = identity_options(identity);
  return std::string("GENERATED ") + (identity.always ? "ALWAYS" : "BY DEFAULT") + " AS IDENTITY" +
         (options.empty() ? "" : " (" + options + ")");
}

Answer<std::string> column_specification(const Column& column, const ColumnPlace& place) {
  if (column.name.empty())
    return problem("a column needs a name", "name");
  if (!column.type || column.type->family == Family::none)
    return problem("column `" + column.name.text + "` has no type", "type_");
  std::string text = written(column.name) + " ";
  if (fills_itself(column, place)) {
    text += serial_word(column.type->serial);
  } else {
    text += column.type->sql;
    const std::string value = TRY(default_text(column.server_default));
    if (!value.empty())
      text += " DEFAULT " + value;
  }
  if (const auto* computed = std::get_if<Computed>(&column.server_default))
    text += " " + TRY(computed_text(*computed));
  const Identity* identity = column.identity();
  if (identity) {
    if (column.autoincrement == Autoincrement::no)
      return problem("a column with an Identity cannot have autoincrement=False", "autoincrement");
    text += " " + identity_text(*identity);
  }
  const bool nullable = column.nullable.value_or(!place.primary_key && !identity);
  if (!nullable && !identity)
    text += " NOT NULL";
  else if (nullable && identity)
    text += " NULL";
  return text;
}

std::string column_comment(const std::string& table, const Column& column) {
  return "COMMENT ON COLUMN " + table + "." + written(column.name) + " IS " +
         literal(column.comment);
}

}  // namespace retort
