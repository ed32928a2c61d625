// When a change of type leaves the bytes alone: the cast is marked binary-coercible, and the
// function that would cut to length is known to cut nothing (the support functions of varchar,
// varbit, numeric, and of the times and intervals).
#include "compiler/facts/conversion.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace retort::facts {
namespace {

using catalog::Type;
using catalog::TypeData;
using How = Conversion::Kind;

struct Cast {
  std::string_view from, to;
  bool binary;
  bool assigned;  // without being written
};
constexpr Cast kCasts[] = {
#include "compiler/facts/casts.inc"
};

const Cast* cast(std::string_view from, std::string_view to) {
  const auto found = std::lower_bound(
      std::begin(kCasts), std::end(kCasts), std::pair(from, to),
      [](const Cast& row, const auto& wanted) { return std::pair(row.from, row.to) < wanted; });
  return found != std::end(kCasts) && found->from == from && found->to == to ? found : nullptr;
}

bool is_string(std::string_view type) {
  return type == "text" || type == "varchar" || type == "bpchar" || type == "name";
}

const TypeData* data_of(const Study& s, const Type& type) {
  const Object* object = type.array ? nullptr : s.get(type.object);
  return object ? object->maybe<TypeData>() : nullptr;
}

// What a domain stands for.
struct Bare {
  Type type;
  bool domain = false;
  bool constrained = false;
};
Bare bare(const Study& s, Type type) {
  Bare result{std::move(type), false, false};
  for (const TypeData* data = data_of(s, result.type); data && data->form == TypeData::Form::domain;
       data = data_of(s, result.type)) {
    result.domain = true;
    result.constrained |=
        data->not_null ||
        !s.before.members(result.type.object, catalog::Kind::domain_constraint).empty();
    result.type = data->base;
  }
  return result;
}

std::optional<int> number(const std::vector<std::string>& modifiers, size_t i) {
  if (i >= modifiers.size())
    return std::nullopt;
  int value = 0;
  for (const char c : modifiers[i]) {
    if (c < '0' || c > '9')
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

constexpr int kPrecision = 6;

// The smallest field of an interval that is kept: seconds before minutes before hours.
int least_field(std::optional<int> mask) {
  constexpr int kFields[] = {12, 11, 10,
                             3,  1,  2};  // bits of SECOND, MINUTE, HOUR, DAY, MONTH, YEAR
  if (!mask || *mask == 0x7FFF)
    return 0;
  for (int i = 0; i < 6; ++i)
    if ((*mask & (1 << kFields[i])) != 0)
      return i;
  return 0;
}

// Of the same type, or of one with the same bytes: nothing is cut.
bool fits(const Type& from, const Type& to) {
  const auto& old = from.modifiers;
  const auto& wanted = to.modifiers;
  const std::string& type = to.internal;
  if (wanted.empty())
    return type != "bpchar" || old.empty();
  const bool same = from.internal == type;
  if (type == "varchar" || type == "varbit")
    return same && !old.empty() && number(wanted, 0) >= number(old, 0);
  if (type == "numeric")
    return same && !old.empty() && number(wanted, 0) >= number(old, 0) &&
           number(wanted, 1).value_or(0) == number(old, 1).value_or(0);
  if (type == "interval") {
    const int precision = number(wanted, 1).value_or(kPrecision);
    return same && precision >= number(old, 1).value_or(kPrecision) &&
           least_field(number(wanted, 0)) <=
               least_field(old.empty() ? std::nullopt : number(old, 0));
  }
  if (type == "timestamp" || type == "timestamptz" || type == "time" || type == "timetz")
    return number(wanted, 0) >= kPrecision ||
           (same && number(wanted, 0) >= number(old, 0).value_or(kPrecision));
  return false;
}

bool is_utc(std::string_view zone) {
  const std::string name = lower(zone);
  return name == "utc" || name == "etc/utc" || name == "gmt";
}

// Types of one operator family, so that an index stays as it is.
bool one_family(std::string_view from, std::string_view to) {
  const auto strings = [](std::string_view type) { return type == "text" || type == "varchar"; };
  const auto objects = [](std::string_view type) {
    return type == "oid" || type.starts_with("reg");
  };
  return from == to || (strings(from) && strings(to)) || (objects(from) && objects(to)) ||
         (from == "cidr" && to == "inet");
}

// Every number of the one is a number of the other, be it rounded.
bool holds_all(std::string_view from, std::string_view to) {
  constexpr std::string_view kWidening[] = {"int2", "int4", "int8", "numeric", "float4", "float8"};
  const auto place = [&](std::string_view type) {
    return std::find(std::begin(kWidening), std::end(kWidening), type);
  };
  const bool exact = from.starts_with("int") || (from == "float4" && to == "float8");
  return exact && place(from) < place(to) && place(to) != std::end(kWidening);
}

std::string_view unquoted(std::string_view name) {
  if (const size_t dot = name.rfind('.'); dot != std::string_view::npos)
    name.remove_prefix(dot + 1);
  return name;
}

}  // namespace

Answer assignable(const Study& s, const Type& from, const Type& to) {
  if (from == to)
    return Answer::yes;
  const Bare old = bare(s, from);
  const Bare wanted = bare(s, to);
  if (!old.type.known || !wanted.type.known)
    return Answer::unknown;
  // Everything is assigned to a string.
  if (!wanted.type.array && is_string(wanted.type.internal) && wanted.type.object == 0)
    return wanted.type.internal == "name" && (old.type.array || !is_string(old.type.internal))
               ? Answer::unknown
               : Answer::yes;
  if (old.type.array != wanted.type.array)
    return Answer::no;
  if (old.type.object != 0 || wanted.type.object != 0) {
    if (old.type.object == wanted.type.object)
      return Answer::yes;
    // Casts that the chain makes are kept by name only.
    const std::string made = s.look.text(old.type) + " AS " + s.look.text(wanted.type);
    return s.before.named(catalog::Space::other, made).empty() ? Answer::no : Answer::unknown;
  }
  if (old.type.internal == wanted.type.internal)
    return Answer::yes;
  const Cast* found = cast(old.type.internal, wanted.type.internal);
  return found && found->assigned ? Answer::yes : Answer::no;
}

Conversion conversion(const Study& s, const Type& from, const Type& to, std::string_view zone) {
  if (from == to)
    return {};
  const Bare old = bare(s, from);
  const Bare wanted = bare(s, to);
  if (wanted.constrained && from.object != to.object)
    return {How::convert, "the domain's constraints are tested on every value"};
  if (!old.type.known || !wanted.type.known) {
    const std::string_view a = unquoted(old.type.internal);
    const std::string_view b = unquoted(wanted.type.internal);
    const bool citext = (a == "citext" && (b == "text" || b == "varchar")) ||
                        (b == "citext" && (a == "text" || a == "varchar"));
    if (citext && wanted.type.modifiers.empty() && !old.type.array && !wanted.type.array)
      return {How::relabel, "citext compares in another way"};
    if (a == b && old.type.modifiers == wanted.type.modifiers &&
        old.type.array == wanted.type.array)
      return {};
    return {How::unknown, fmt::format("the type {} is not known", old.type.known ? b : a)};
  }
  if (old.type.array || wanted.type.array) {
    if (old.type == wanted.type)
      return {};
    return {How::convert, "arrays are always converted"};
  }
  if (old.type.object != 0 || wanted.type.object != 0) {
    if (old.type.object == wanted.type.object)
      return {};
    return {How::convert, "each value is converted"};
  }
  const std::string& a = old.type.internal;
  const std::string& b = wanted.type.internal;
  // A domain's length is not known to the cast.
  Type source = old.type;
  if (old.domain)
    source.modifiers.clear();
  const bool zoned =
      (a == "timestamp" && b == "timestamptz") || (a == "timestamptz" && b == "timestamp");
  if (zoned) {
    if (!wanted.type.modifiers.empty() && number(wanted.type.modifiers, 0) < kPrecision)
      return {How::convert, "each value is cut to its precision"};
    if (zone.empty())
      return {How::unknown, "the time zone of the session is not known"};
    if (!is_utc(zone))
      return {How::convert, fmt::format("each value is moved by the time zone {}", zone)};
    return {How::relabel, ""};
  }
  if (a == b && !old.domain && source.modifiers == wanted.type.modifiers)
    return {};
  if (a != b) {
    const Cast* found = cast(a, b);
    if (!found || !found->binary) {
      const bool number = b.starts_with("int") || b == "numeric" || b.starts_with("float");
      const bool fits = holds_all(a, b) && (b != "numeric" || wanted.type.modifiers.empty());
      return {How::convert, "each value is converted",
              fits     ? std::string_view()
              : number ? "22003"
                       : "22P02"};
    }
  }
  if (!fits(source, wanted.type)) {
    const std::string_view refuses = b == "bit" ? "22026" : b == "numeric" ? "22003" : "22001";
    return {How::convert, "each value is tested or cut to the new length", refuses};
  }
  return {one_family(a, b) ? How::same : How::relabel, ""};
}

}  // namespace retort::facts
