#include "compiler/types/literals.h"

#include "common/text.h"
#include "common/utf8.h"
#include "compiler/ddl/names.h"
#include "compiler/types/json.h"

#include <algorithm>
#include <cstdlib>

namespace retort {
namespace {

std::string_view kind_of(const Datum& value) {
  constexpr std::string_view kNames[] = {
      "None",    "a truth value",  "an integer",  "a number",     "a string",
      "bytes",   "a date or time", "a timedelta", "a UUID",       "an enum member",
      "an enum", "an expression",  "a list",      "a dictionary", "a type"};
  return kNames[value.value.index()];
}

Unexpected<Problem> unsuitable(const Datum& value, const Type& type) {
  return problem("a column of type " + type.sql + " cannot hold " + std::string(kind_of(value)));
}

std::string boolean(bool value) { return value ? "true" : "false"; }

std::string without_dashes(std::string text) {
  std::erase(text, '-');
  return text;
}

bool is_number(std::string_view text) {
  const std::string copy(trim(text));
  char* end = nullptr;
  std::strtod(copy.c_str(), &end);
  return !copy.empty() && *end == '\0' && copy.find_first_of("xXpP") == copy.npos;
}

// int(value): truncates towards zero.
Answer<std::string> integer(const Datum& value, const Type& type) {
  if (const auto* flag = value.as<bool>())
    return std::string(*flag ? "1" : "0");
  if (const auto* number = value.as<Number>(); number && number->kind != Number::Kind::integer) {
    const bool plain = number->text.find_first_not_of("-0123456789.") == std::string::npos;
    const std::string whole = number->text.substr(0, number->text.find('.'));
    if (plain && !whole.empty())
      return whole == "-0" ? "0" : whole;
    return unsuitable(value, type);
  }
  if (std::string text = number_text(value); !text.empty())
    return text;
  if (const auto* given = value.as<std::string>()) {
    std::string text(trim(*given));
    const size_t digits = text.find_first_not_of("+-");
    if (digits <= 1 && text.find_first_not_of("0123456789", digits) == text.npos) {
      if (text[0] == '+')
        text.erase(0, 1);
      const bool negative = text[0] == '-';
      const size_t first = std::min(text.find_first_not_of('0', negative), text.size() - 1);
      return (negative && text.substr(first) != "0" ? "-" : "") + text.substr(first);
    }
  }
  return unsuitable(value, type);
}

Answer<std::string> numeric(const Datum& value, const Type& type) {
  if (const auto* flag = value.as<bool>())
    return std::string(*flag ? "True" : "False");
  if (std::string text = number_text(value); !text.empty())
    return text;
  if (const auto* text = value.as<std::string>(); text && is_number(*text))
    return *text;
  return unsuitable(value, type);
}

Answer<std::string> enumeration(const Datum& value, const Type& type) {
  if (const auto* text = value.as<std::string>())
    return literal(*text);
  const auto* given = value.as<EnumMember>();
  if (!given)
    return unsuitable(value, type);
  // Aliases stand for the member whose value they share; labels are in the order of members.
  size_t index = 0;
  for (const EnumMember& member : type.members) {
    if (member.alias)
      continue;
    if (member.name == given->name || member.value == given->value)
      return index < type.labels.size() ? Answer<std::string>(literal(type.labels[index]))
                                        : unsuitable(value, type);
    ++index;
  }
  return problem("`" + given->name + "` is not among the labels of the enum");
}

Answer<std::string> moment(const Datum& value, const Type& type) {
  const auto* given = value.as<Moment>();
  if (!given)
    return unsuitable(value, type);
  std::string text = given->text;
  if (given->kind == Moment::Kind::datetime && type.family == Family::date)
    text = text.substr(0, text.find(' '));
  if (given->kind == Moment::Kind::datetime && type.family == Family::time)
    text = text.substr(text.find(' ') + 1);
  return literal(text);
}

Answer<std::string> interval(const Datum& value, const Type& type) {
  const auto* duration = value.as<Duration>();
  if (!duration)
    return unsuitable(value, type);
  const double seconds = static_cast<double>(duration->microseconds) / 1e6;
  return "make_interval(secs=>" + python_float(seconds) + ")";
}

Answer<std::string> uuid(const Datum& value, const Type& type) {
  const auto* text = value.as<std::string>();
  const auto* given = value.as<Uuid>();
  if (!text && !given)
    return unsuitable(value, type);
  std::string result = text ? *text : given->text;
  if (type.family == Family::uuid_hex || (type.family == Family::uuid_text && text))
    result = without_dashes(std::move(result));
  return literal(result);
}

Answer<std::string> binary(const Datum& value, const Type& type) {
  const auto* given = value.as<Bytes>();
  if (!given)
    return unsuitable(value, type);
  // Text stays readable as SQLAlchemy prints it; anything else, where it gives up, is hexadecimal.
  const bool plain = utf8::first_invalid(given->bytes) == given->bytes.npos &&
                     given->bytes.find_first_of(std::string_view("\0\\", 2)) == std::string::npos;
  if (plain)
    return literal(given->bytes);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hexadecimal = "\\x";
  for (const char c : given->bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hexadecimal += kDigits[byte >> 4];
    hexadecimal += kDigits[byte & 15];
  }
  return literal(hexadecimal);
}

Answer<std::string> array(const Datum& value, const Type& type);

Answer<std::string> item(const Datum& value, const Type& type) {
  if (value.as<List>())
    return array(value, type);
  return literal_of(value, *type.item);
}

Answer<std::string> array(const Datum& value, const Type& type) {
  const auto* list = value.as<List>();
  if (!list)
    return unsuitable(value, type);
  std::vector<std::string> items;
  for (const Datum& element : list->items)
    items.push_back(TRY(item(element, type)));
  // PostgreSQL cannot tell the type of an empty array.
  const std::string cast =
      items.empty() ? "::" + type.sql.substr(0, type.sql.find(" COLLATE")) : "";
  return "ARRAY[" + join(items, ", ") + "]" + cast;
}

std::string hstore_part(const Datum& value) {
  if (value.is_none())
    return "NULL";
  std::string text = "\"";
  const auto* given = value.as<std::string>();
  for (const char c : given ? *given : json_text(value)) {
    if (c == '"' || c == '\\')
      text += '\\';
    text += c;
  }
  return text + '"';
}

Answer<std::string> hstore(const Datum& value, const Type& type) {
  const auto* dict = value.as<Dict>();
  if (!dict)
    return unsuitable(value, type);
  std::vector<std::string> pairs;
  for (const auto& [key, entry] : dict->entries)
    pairs.push_back(hstore_part(key) + "=>" + hstore_part(entry));
  return literal(join(pairs, ", "));
}

// What a member of `class X(str, Enum)` is wherever no enum is asked for.
Datum value_of(const EnumMember& member) {
  if (member.mixin == EnumMember::Mixin::integer)
    return Number{Number::Kind::integer, member.value};
  return member.value;
}

}  // namespace

Answer<std::string> literal_of(const Datum& value, const Type& type) {
  if (value.is_none())
    return std::string("NULL");
  if (const auto* member = value.as<EnumMember>();
      member && member->mixin != EnumMember::Mixin::none && type.family != Family::enumeration)
    return literal_of(value_of(*member), type);
  if (const auto* sql = value.as<Sql>())
    return sql->text;
  switch (type.family) {
  case Family::none: return literal_of(value);
  case Family::text:
    if (const auto* text = value.as<std::string>())
      return literal(*text);
    return unsuitable(value, type);
  case Family::integer: return integer(value, type);
  case Family::numeric: return numeric(value, type);
  case Family::boolean:
    if (const auto* flag = value.as<bool>())
      return boolean(*flag);
    if (const auto* number = value.as<int64_t>(); number && (*number == 0 || *number == 1))
      return boolean(*number == 1);
    return unsuitable(value, type);
  case Family::date:
  case Family::datetime:
  case Family::time: return moment(value, type);
  case Family::interval: return interval(value, type);
  case Family::uuid:
  case Family::uuid_text:
  case Family::uuid_hex: return uuid(value, type);
  case Family::binary: return binary(value, type);
  case Family::enumeration: return enumeration(value, type);
  case Family::array: return array(value, type);
  case Family::json: return literal(json_text(value));
  case Family::hstore: return hstore(value, type);
  case Family::other: break;
  }
  if (value.as<List>() || value.as<Dict>() || value.as<Bytes>())
    return unsuitable(value, type);
  return literal_of(value);
}

Answer<std::string> literal_of(const Datum& value) {
  Type type;
  type.sql = "unknown";
  if (value.is_none())
    return std::string("NULL");
  if (const auto* flag = value.as<bool>())
    return boolean(*flag);
  if (std::string text = number_text(value); !text.empty())
    return text;
  if (value.as<std::string>())
    type.family = Family::text;
  else if (value.as<Moment>())
    type.family = Family::datetime;
  else if (value.as<Duration>())
    type.family = Family::interval;
  else if (value.as<Uuid>())
    type.family = Family::uuid;
  else if (value.as<Bytes>())
    type.family = Family::binary;
  else if (const auto* member = value.as<EnumMember>();
           member && member->mixin != EnumMember::Mixin::none)
    return literal_of(value_of(*member));
  else if (value.as<Sql>())
    type.family = Family::other;
  else if (const auto* list = value.as<List>()) {
    std::vector<std::string> items;
    for (const Datum& element : list->items)
      items.push_back(TRY(literal_of(element)));
    if (items.empty())
      return problem("an empty list has no type");
    return "ARRAY[" + join(items, ", ") + "]";
  } else
    return problem("there is no literal for " + std::string(kind_of(value)));
  return literal_of(value, type);
}

}  // namespace retort
