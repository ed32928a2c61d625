#include "compiler/alembic/questions/cells.h"

#include "common/text.h"

#include <algorithm>

namespace retort::alembic {
namespace {

using Kind = Cell::Kind;

// Names of the system without `pg_` in front.
bool may_be_system(std::string_view name) {
  constexpr std::string_view kNames[] = {
      // information_schema
      "tables", "columns", "views", "triggers", "sequences", "domains", "routines", "parameters",
      "schemata", "attributes", "collations", "element_types", "key_column_usage", "sql_features",
      "table_constraints", "table_privileges", "column_privileges", "enabled_roles",
      "applicable_roles", "user_mappings", "foreign_tables", "foreign_servers", "transforms",
      "check_constraints", "referential_constraints", "constraint_column_usage",
      // types
      "bool", "bytea", "char", "name", "int8", "int2", "int4", "text", "oid", "tid", "xid", "cid",
      "json", "jsonb", "xml", "point", "lseg", "path", "box", "polygon", "line", "float4", "float8",
      "money", "circle", "macaddr", "macaddr8", "inet", "cidr", "aclitem", "bpchar", "varchar",
      "date", "time", "timestamp", "timestamptz", "interval", "timetz", "bit", "varbit", "numeric",
      "refcursor", "uuid", "tsvector", "tsquery", "gtsvector", "jsonpath", "record", "int4range",
      "numrange", "tsrange", "tstzrange", "daterange", "int8range", "any", "void", "trigger",
      "internal", "cstring", "unknown", "spatial_ref_sys", "geometry_columns",
      // columns and constraints of the system's tables look like anything
  };
  return name.starts_with("pg_") || name.starts_with("_") || name.ends_with("_not_null") ||
         name.starts_with("RI_") ||
         std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

Answer4 unclear(const Cell& a, const Cell& b) {
  if (a.is(Kind::null) || b.is(Kind::null))
    return Answer4::null;
  for (const auto& [system, other] : {std::pair(&a, &b), std::pair(&b, &a)})
    if (system->is(Kind::system) && other->is(Kind::text) && !may_be_system(other->text))
      return Answer4::no;
  return Answer4::unknown;
}

bool known(const Cell& cell) { return !cell.is(Kind::unknown) && !cell.is(Kind::system); }
bool is_number(const Cell& cell) { return cell.is(Kind::integer) || cell.is(Kind::id); }

bool matches(std::string_view text, std::string_view pattern) {
  if (pattern.empty())
    return text.empty();
  if (pattern[0] == '%') {
    for (size_t i = 0; i <= text.size(); ++i)
      if (matches(text.substr(i), pattern.substr(1)))
        return true;
    return false;
  }
  if (text.empty())
    return false;
  if (pattern[0] == '\\' && pattern.size() > 1)
    return text[0] == pattern[1] && matches(text.substr(1), pattern.substr(2));
  return (pattern[0] == '_' || pattern[0] == text[0]) && matches(text.substr(1), pattern.substr(1));
}

}  // namespace

Answer4 equal(const Cell& a, const Cell& b) {
  if (!known(a) || !known(b) || a.is(Kind::null) || b.is(Kind::null))
    return unclear(a, b);
  if (a.is(Kind::database) || b.is(Kind::database))
    return a.kind == b.kind ? Answer4::yes : Answer4::unknown;
  if (is_number(a) && is_number(b))
    return answer_of(a.number == b.number);
  if (a.kind != b.kind)
    return Answer4::unknown;
  switch (a.kind) {
  case Kind::boolean: return answer_of(a.flag == b.flag);
  case Kind::text: return answer_of(a.text == b.text);
  case Kind::list: return answer_of(a.items == b.items);
  default: return Answer4::unknown;
  }
}

Answer4 like(const Cell& value, const Cell& pattern, bool fold) {
  if (value.is(Kind::null) || pattern.is(Kind::null))
    return Answer4::null;
  if (!pattern.is(Kind::text))
    return Answer4::unknown;
  const std::string wanted = fold ? lower(pattern.text) : pattern.text;
  if (value.is(Kind::text))
    return wanted.size() > 200 ? Answer4::unknown
                               : answer_of(matches(fold ? lower(value.text) : value.text, wanted));
  return Answer4::unknown;
}

Answer4 less(const Cell& a, const Cell& b) {
  if (a.is(Kind::null) || b.is(Kind::null))
    return Answer4::null;
  if (a.is(Kind::integer) && b.is(Kind::integer))
    return answer_of(a.number < b.number);
  return Answer4::unknown;
}

Answer4 negate(Answer4 answer) {
  return answer == Answer4::yes ? Answer4::no : answer == Answer4::no ? Answer4::yes : answer;
}

Answer4 both(Answer4 a, Answer4 b) {
  if (a == Answer4::no || b == Answer4::no)
    return Answer4::no;
  if (a == Answer4::unknown || b == Answer4::unknown)
    return Answer4::unknown;
  return a == Answer4::null || b == Answer4::null ? Answer4::null : Answer4::yes;
}

Answer4 either(Answer4 a, Answer4 b) { return negate(both(negate(a), negate(b))); }

Cell cell_of(Answer4 answer) {
  return answer == Answer4::unknown ? Cell::unknown()
         : answer == Answer4::null  ? Cell()
                                    : Cell::of(answer == Answer4::yes);
}

Answer4 truth_of(const Cell& cell) {
  return cell.is(Kind::boolean) ? answer_of(cell.flag)
         : cell.is(Kind::null)  ? Answer4::null
                                : Answer4::unknown;
}

}  // namespace retort::alembic
