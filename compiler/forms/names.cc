#include "compiler/forms/expression.h"

#include "common/text.h"
#include "common/word_set.h"
#include "compiler/forms/system_types.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <unordered_set>

namespace retort::forms {
namespace {

struct Spelling {
  std::string_view name;
  std::string_view text;
};
// Where format_type() does not just print the name.
constexpr Spelling kSpellings[] = {
    {"bit", "bit"},
    {"bool", "boolean"},
    {"bpchar", "character"},
    {"char", "\"char\""},
    {"float4", "real"},
    {"float8", "double precision"},
    {"int2", "smallint"},
    {"int4", "integer"},
    {"int8", "bigint"},
    {"varbit", "bit varying"},
    {"varchar", "character varying"},
};
// The other types of PostgreSQL 15 that a column or an argument may have; sorted.
constexpr std::string_view kTypes[] = {
    "aclitem",
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "box",
    "bytea",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "datemultirange",
    "daterange",
    "event_trigger",
    "fdw_handler",
    "gtsvector",
    "index_am_handler",
    "inet",
    "int2vector",
    "int4multirange",
    "int4range",
    "int8multirange",
    "int8range",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "language_handler",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_ddl_command",
    "pg_lsn",
    "pg_node_tree",
    "pg_snapshot",
    "point",
    "polygon",
    "record",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "table_am_handler",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "trigger",
    "tsm_handler",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "void",
    "xid",
    "xid8",
    "xml",
};

// The fields of an interval, from the grammar's bit mask.
std::string interval_fields(int mask) {
  constexpr int kMonth = 1 << 1, kYear = 1 << 2, kDay = 1 << 3, kHour = 1 << 10, kMinute = 1 << 11,
                kSecond = 1 << 12;
  switch (mask) {
  case kYear: return " year";
  case kMonth: return " month";
  case kDay: return " day";
  case kHour: return " hour";
  case kMinute: return " minute";
  case kSecond: return " second";
  case kYear | kMonth: return " year to month";
  case kDay | kHour: return " day to hour";
  case kDay | kHour | kMinute: return " day to minute";
  case kDay | kHour | kMinute | kSecond: return " day to second";
  case kHour | kMinute: return " hour to minute";
  case kHour | kMinute | kSecond: return " hour to second";
  case kMinute | kSecond: return " minute to second";
  default: return "";
  }
}

// More digits of a second than 6 are cut to 6.
std::string precision(const std::vector<std::string>& modifiers, size_t index) {
  if (modifiers.size() <= index)
    return "";
  return fmt::format("({})", std::min(6, std::atoi(modifiers[index].c_str())));
}

// The keywords that the grammar does not take as the name of a column or of a table: those that are
// reserved, and those that may only name types and functions. Of 13 to 18.
constexpr WordSet kReserved(
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check "
    "collate collation column concurrently constraint create cross current_catalog current_date "
    "current_role current_schema current_time current_timestamp current_user default deferrable "
    "desc "
    "distinct do else end except false fetch for foreign freeze from full grant group having ilike "
    "in initially inner intersect into is isnull join lateral leading left like limit localtime "
    "localtimestamp natural not notnull null offset on only or order outer overlaps placing "
    "primary "
    "references returning right select session_user similar some symmetric system_user table "
    "tablesample then to trailing true union unique user using variadic verbose when where window "
    "with ");

bool is_plain(std::string_view name) {
  if (name.empty() || !((name[0] >= 'a' && name[0] <= 'z') || name[0] == '_'))
    return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

std::string quoted(std::string_view name) {
  if (is_plain(name) && !kReserved.contains(name))
    return std::string(name);
  std::string result = "\"";
  for (const char c : name) {
    result += c;
    if (c == '"')
      result += c;
  }
  return result + '"';
}

std::string to_text(const Name& name) {
  return name.schema.empty() ? quoted(name.name) : quoted(name.schema) + "." + quoted(name.name);
}

std::string type_spelling(std::string_view name, const std::vector<std::string>& modifiers) {
  const std::string list = modifiers.empty() ? "" : "(" + join(modifiers, ",") + ")";
  if (name == "timestamptz" || name == "timestamp" || name == "timetz" || name == "time")
    return fmt::format("{}{} {} time zone", name.starts_with("timestamp") ? "timestamp" : "time",
                       precision(modifiers, 0), name.ends_with("tz") ? "with" : "without");
  if (name == "interval") {
    const int mask = modifiers.empty() ? 0x7FFF : std::atoi(modifiers[0].c_str());
    return "interval" + interval_fields(mask) + precision(modifiers, 1);
  }
  if (name == "numeric" && modifiers.size() == 1)
    return fmt::format("numeric({},0)", modifiers[0]);
  if (name == "bpchar" && modifiers.empty())
    return "bpchar";
  for (const Spelling& spelling : kSpellings)
    if (spelling.name == name)
      return std::string(spelling.text) + list;
  if (std::binary_search(std::begin(kTypes), std::end(kTypes), name))
    return std::string(name) + list;
  return "";
}

bool is_system_type(std::string_view name) {
  static const std::unordered_set<std::string_view> kAll = [] {
    std::unordered_set<std::string_view> all = {"interval", "time", "timestamp", "timestamptz",
                                                "timetz"};
    all.insert(std::begin(kTypes), std::end(kTypes));
    for (const Spelling& spelling : kSpellings)
      all.insert(spelling.name);
    return all;
  }();
  return kAll.contains(name);
}

bool is_system_type(const TypeName& type) {
  return (type.schema.empty() || type.schema == "pg_catalog") && is_system_type(type.name);
}

std::string to_text(const TypeName& type) {
  std::string text;
  if (type.schema.empty() || type.schema == "pg_catalog")
    text = type_spelling(type.name, type.modifiers);
  if (text.empty()) {
    text = to_text(Name{type.schema, type.name, {}});
    if (!type.modifiers.empty())
      text += "(" + join(type.modifiers, ",") + ")";
  }
  if (type.of_column)
    text += "%TYPE";
  return (type.set ? "setof " : "") + text + (type.array ? "[]" : "");
}

}  // namespace retort::forms
