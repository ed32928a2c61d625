#include "compiler/ddl/identifier.h"

#include "common/text.h"
#include "common/word_set.h"
#include "compiler/ddl/names.h"

namespace retort {
namespace {

// PostgreSQL's keywords that can name a table or a column but not a type ("col_name_keyword").
constexpr WordSet kNotATypeName(
    "between bigint bit boolean char character coalesce dec decimal exists extract float "
    "greatest grouping inout int integer interval json json_array json_arrayagg json_exists "
    "json_object json_objectagg json_query json_scalar json_serialize json_table json_value least "
    "merge_action national nchar none normalize nullif numeric out overlay position precision "
    "real row setof smallint substring time timestamp treat trim values varchar xmlattributes "
    "xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize "
    "xmltable ");

std::string in_quotes(std::string_view name) {
  std::string result = "\"";
  for (const char c : name) {
    if (c == '"')
      result += '"';
    result += c;
  }
  return result + '"';
}

}  // namespace

std::string written(const Identifier& name) {
  switch (name.quote) {
  case Quote::always: return in_quotes(name.text);
  case Quote::never: return name.text;
  case Quote::automatic: break;
  }
  return quoted(name.text);
}

std::string written(const Identifier& schema, const Identifier& name) {
  return schema.empty() ? written(name) : written(schema) + "." + written(name);
}

std::string written_dotted(const Identifier& schema, const Identifier& name) {
  if (schema.empty() || schema.quote != Quote::automatic)
    return written(schema, name);
  std::string result;
  for (const std::string_view part : split(schema.text, '.'))
    result += quoted(part) + ".";
  return result + written(name);
}

std::string written_type(const Identifier& schema, const Identifier& name) {
  if (schema.empty() && name.quote == Quote::automatic && kNotATypeName.contains(name.text))
    return in_quotes(name.text);
  return written(schema, name);
}

}  // namespace retort
