#include "compiler/ddl/names.h"

#include "common/word_set.h"

#include <algorithm>

namespace retort {
namespace {

// SQLAlchemy's list for PostgreSQL.
constexpr WordSet kReserved(
    "all analyse analyze and any array as asc asymmetric authorization between binary "
    "both case cast check collate column constraint create cross current_catalog "
    "current_date current_role current_schema current_time current_timestamp current_user "
    "default deferrable desc distinct do else end except false fetch for foreign freeze "
    "from full grant group having ilike in initially inner intersect into is isnull join "
    "leading left like limit localtime localtimestamp natural new not notnull null of off "
    "offset old on only or order outer over overlaps placing primary references returning "
    "right select session_user similar some symmetric table then to trailing true union "
    "unique user using variadic verbose when where window with ");
// What PostgreSQL does not take as the name of a column but SQLAlchemy prints bare; `system_user`
// since PostgreSQL 16.
constexpr WordSet kUnreadable("collation concurrently lateral system_user tablesample ");

bool is_bare(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
  };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && name[0] != '$' &&
         std::all_of(name.begin(), name.end(), plain) && !kReserved.contains(name) &&
         !kUnreadable.contains(name);
}

std::string enclosed(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote)
      result += quote;
    result += c;
  }
  return result + quote;
}

}  // namespace

std::string quoted(std::string_view name) {
  return is_bare(name) ? std::string(name) : enclosed(name, '"');
}

std::string qualified(std::string_view schema, std::string_view name) {
  return schema.empty() ? quoted(name) : quoted(schema) + "." + quoted(name);
}

std::string literal(std::string_view text) { return enclosed(text, '\''); }

}  // namespace retort
