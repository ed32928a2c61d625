// A smaller type: values that do not fit stop the change (22001, 22003), or are rounded or cut
// without a word.
#include "rules/around.h"

#include <array>
#include <charconv>
#include <fmt/format.h>

namespace retort::rules {
namespace {

std::optional<int> number(const std::vector<std::string>& modifiers, size_t place) {
  if (place >= modifiers.size())
    return std::nullopt;
  int value = 0;
  const std::string& text = modifiers[place];
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

// Of numbers, by how much they hold; 0: no number.
int size_of(std::string_view type) {
  constexpr std::array<std::string_view, 3> kIntegers = {"int2", "int4", "int8"};
  for (size_t i = 0; i < kIntegers.size(); ++i)
    if (kIntegers[i] == type)
      return static_cast<int>(i) + 1;
  return 0;
}
bool is_string(std::string_view type) {
  return type == "text" || type == "varchar" || type == "bpchar";
}
bool is_fraction(std::string_view type) {
  return type == "numeric" || type == "float4" || type == "float8";
}
std::optional<int> precision(const catalog::Type& type) {
  return type.internal == "interval" ? number(type.modifiers, 1) : number(type.modifiers, 0);
}
bool is_time(std::string_view type) {
  return type == "timestamp" || type == "timestamptz" || type == "time" || type == "timetz" ||
         type == "interval";
}

// What becomes of the values; empty: they fit.
std::string loss(const catalog::Type& old, const catalog::Type& now) {
  if (old.object != 0 || now.object != 0 || old.array != now.array || !old.known || !now.known)
    return "";
  const std::string& a = old.internal;
  const std::string& b = now.internal;
  if (is_string(a) && is_string(b)) {
    const std::optional<int> longest = number(now.modifiers, 0);
    const std::optional<int> was = a == "text" ? std::nullopt : number(old.modifiers, 0);
    return longest && (!was || *was > *longest)
               ? fmt::format("values of more than {} characters stop this (22001)", *longest)
               : "";
  }
  if (size_of(a) > 0 && size_of(b) > 0)
    return size_of(b) < size_of(a) ? "numbers that are too large stop this (22003)" : "";
  if (is_fraction(a) && size_of(b) > 0)
    return "fractions are rounded away";
  if (a == "float8" && b == "float4")
    return "digits behind the sixth are lost";
  if (b == "numeric" && is_fraction(a)) {
    const std::optional<int> digits = number(now.modifiers, 0);
    if (!digits)
      return "";
    const int scale = number(now.modifiers, 1).value_or(0);
    const std::optional<int> had = a == "numeric" ? number(old.modifiers, 0) : std::nullopt;
    const int had_scale = number(old.modifiers, 1).value_or(0);
    if (!had || had_scale > scale)
      return fmt::format("digits behind the {} are rounded away",
                         scale == 0 ? std::string("point") : fmt::format("{}. decimal", scale));
    return *had - had_scale > *digits - scale ? "numbers that are too large stop this (22003)" : "";
  }
  if (a == "timestamptz" && b == "timestamp")
    return "the time zone is forgotten: values become local times of the session's TimeZone";
  if ((a == "timestamptz" || a == "timestamp") && b == "date")
    return "the time of the day is lost";
  if ((a == "timestamptz" || a == "timestamp") && b == "time")
    return "the date is lost";
  if (a == b && is_time(a)) {
    const std::optional<int> digits = precision(now);
    return digits && *digits < precision(old).value_or(6) ? "fractions of seconds are rounded away"
                                                          : "";
  }
  if (a == "jsonb" || a == "json")
    return "";
  return "";
}

void check(const forms::AlterColumnType& alter, Visit& visit) {
  if (visit.down() || alter.kind == forms::ObjectKind::type || !visit.live(alter.table))
    return;  // what a way down demands of the rows is told by revert/data-dependent
  const catalog::Object* const table = visit.relation(alter.table);
  const catalog::Column* const column = table ? table->column_named(alter.column) : nullptr;
  if (!column)
    return;
  catalog::Type wanted;
  wanted.internal = alter.type.name;
  wanted.modifiers = alter.type.modifiers;
  wanted.array = alter.type.array;
  if (const catalog::Object* const type = visit.type({alter.type.schema, alter.type.name, {}}))
    wanted.object = type->id;
  std::string text = loss(column->type, wanted);
  if (text.empty())
    return;
  const bool stops = text.find("(22") != std::string::npos;
  // A cast that is written cuts instead of failing.
  const bool cut = stops && is_string(wanted.internal) && alter.using_ &&
                   alter.using_.text.find("::") != std::string::npos;
  if (cut)
    text = fmt::format("values of more than {} characters are cut without a word",
                       alter.type.modifiers.empty() ? "so many" : alter.type.modifiers[0]);
  visit
      .report(alter.at, fmt::format("{}.{} was {}: {}", forms::to_text(alter.table),
                                    forms::quoted(alter.column), visit.text_of(column->type), text))
      .note("look for such rows first");
}

}  // namespace

const Rule data_narrowing{.name = "data/narrowing", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
