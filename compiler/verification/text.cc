#include "compiler/verification/text.h"

#include "common/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::verification {

using catalog::Catalog;
using catalog::Object;

std::string literal(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
  });
  std::string result = plain ? "'" : "E'";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\'')
      result += "''";
    else if (!plain && c == '\\')
      result += "\\\\";
    else if (byte < 0x20 || byte == 0x7F)
      result += fmt::format("\\x{:02x}", byte);
    else
      result += c;
  }
  return result + "'";
}

static std::string without_quotes(std::string text) {
  std::erase(text, '"');
  return text;
}

std::string plain_name(const Catalog& catalog, const Object& object) {
  const Object* const schema = catalog.get(object.schema);
  return schema ? schema->name + "." + object.name : object.name;
}

std::optional<TypeWords> type_words(const Catalog& catalog, const catalog::Type& type) {
  const std::string_view array = type.array ? "[]" : "";
  if (const Object* const object = catalog.get(type.object))
    return TypeWords{without_quotes(plain_name(catalog, *object)) + std::string(array)};
  if (type.known) {
    const std::string text = forms::type_spelling(type.internal, type.modifiers);
    if (text.empty())
      return std::nullopt;
    return TypeWords{without_quotes(text) + std::string(array)};
  }
  if (type.internal.empty() || type.internal == "unknown")
    return std::nullopt;
  std::string name = type.internal;
  if (name.back() == '"' || name.find('"') != std::string::npos) {
    if (name.find('.') != std::string::npos)
      return std::nullopt;  // where the schema ends is not worth the doubt
    name = without_quotes(std::move(name));
  } else if (const size_t dot = name.rfind('.'); dot != std::string::npos) {
    name.erase(0, dot + 1);
  }
  return TypeWords{name + std::string(array), true};
}

namespace {

// `'new'`, perhaps with casts to these behind it: what stands in it.
std::optional<std::string> quoted_value(std::string_view text,
                                        std::initializer_list<std::string_view> casts) {
  if (!text.starts_with('\''))
    return std::nullopt;
  std::string value;
  size_t i = 1;
  for (; i < text.size(); ++i) {
    if (text[i] != '\'')
      value += text[i];
    else if (i + 1 < text.size() && text[i + 1] == '\'')
      value += text[i++];
    else
      break;
  }
  if (i >= text.size())
    return std::nullopt;
  for (text = text.substr(i + 1); !text.empty();) {
    const auto cast = std::find_if(casts.begin(), casts.end(), [&](std::string_view each) {
      return text.substr(0, 2) == "::" && text.substr(2).starts_with(each) &&
             (text.size() == each.size() + 2 || text[each.size() + 2] == ':');
    });
    if (cast == casts.end())
      return std::nullopt;
    text.remove_prefix(cast->size() + 2);
  }
  return value;
}

bool is_number(std::string_view text) {
  if (text.starts_with('-'))
    text.remove_prefix(1);
  const size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == part.npos;
  };
  return digits(whole) && (dot == text.npos || digits(text.substr(dot + 1)));
}

template <size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<PrintedDefault> printed(char how, std::optional<std::string> text) {
  if (!text)
    return std::nullopt;
  return PrintedDefault{how, *std::move(text)};
}

// As the server writes a constant: it never uses escapes.
std::optional<std::string> in_quotes(const std::optional<std::string>& value) {
  if (!value)
    return std::nullopt;
  std::string text = "'";
  for (const char c : *value)
    text += c == '\'' ? "''" : std::string(1, c);
  return text + "'";
}

// `0`, `'0'`, `'0'::bigint`: the `0`.
std::string number_in(std::string_view text) {
  if (const std::optional<std::string> value =
          quoted_value(text, {"bigint", "integer", "smallint", "numeric"}))
    return *value;
  return std::string(text);
}

std::optional<std::string> boolean(std::string_view text) {
  const std::optional<std::string> value = quoted_value(text, {"bool", "boolean"});
  const std::string word = lower(value ? trim(*value) : text);
  constexpr std::array<std::string_view, 6> kTrue = {"true", "t", "yes", "y", "on", "1"};
  constexpr std::array<std::string_view, 6> kFalse = {"false", "f", "no", "n", "off", "0"};
  if (!value && word != "true" && word != "false")
    return std::nullopt;
  if (is_one_of(word, kTrue))
    return "true";
  return is_one_of(word, kFalse) ? std::optional<std::string>("false") : std::nullopt;
}

// A sequence that nothing but its identity names in the default.
std::optional<PrintedDefault> next_value(const Catalog& catalog, const Object& fallback,
                                         std::string_view text) {
  if (!text.starts_with("nextval('") || text.find("::text") != text.npos)
    return std::nullopt;
  const std::string_view end = text.substr(text.rfind('\''));
  if (end != "')" && end != "'::regclass)")
    return std::nullopt;
  const Object* found = nullptr;
  for (const catalog::Need& need : fallback.needs)
    if (const Object* const object = catalog.get(need.object);
        object && object->maybe<catalog::Sequence>()) {
      if (found)
        return std::nullopt;
      found = object;
    }
  const Object* const schema = found ? catalog.get(found->schema) : nullptr;
  if (!schema)
    return std::nullopt;
  const std::string name = plain_name(catalog, *found);
  // A name that needs no quotes for sure.
  for (const std::string_view part :
       {std::string_view(schema->name), std::string_view(found->name)})
    if (forms::quoted(part) != part)
      return std::nullopt;
  return PrintedDefault{'=', fmt::format("nextval('{}'::regclass)", name)};
}

}  // namespace

std::optional<PrintedDefault> printed_default(const Catalog& catalog, const catalog::Column& column,
                                              bool relabelled) {
  const Object* const fallback = catalog.get(column.fallback);
  if (!fallback || column.generated)
    return std::nullopt;
  const std::string& text = fallback->as<catalog::Default>().text;
  const std::string_view type = column.type.internal;
  if (std::optional<PrintedDefault> next = next_value(catalog, *fallback, text))
    return next;
  if (column.type.array) {
    const std::optional<std::string> value = quoted_value(text, {});
    return value == "{}" ? printed('v', "'{}'") : std::nullopt;
  }
  if (const Object* const own = catalog.get(column.type.object)) {
    const auto* const data = own->maybe<catalog::TypeData>();
    if (!data || data->form != catalog::TypeData::Form::enumeration || relabelled)
      return std::nullopt;
    const std::optional<std::string> value =
        quoted_value(text, {own->name, plain_name(catalog, *own)});
    const bool known =
        value && std::find(data->labels.begin(), data->labels.end(), *value) != data->labels.end();
    return known ? printed('v', in_quotes(value)) : std::nullopt;
  }
  if (type == "text" || type == "varchar" || type == "citext")
    return printed('v', in_quotes(quoted_value(text, {"text", "varchar", "character varying"})));
  if (type == "bool")
    return printed('v', boolean(text));
  if (type == "int2" || type == "int4" || type == "int8" || type == "numeric") {
    const std::string number = number_in(text);
    return is_number(number) ? printed('#', number) : std::nullopt;
  }
  if ((type == "float4" || type == "float8") && is_number(text))
    return printed('#', text);
  if (type == "json" || type == "jsonb") {
    const std::optional<std::string> value = quoted_value(text, {"json", "jsonb"});
    return value == "{}" || value == "[]" ? printed('v', in_quotes(value)) : std::nullopt;
  }
  constexpr std::array<std::string_view, 5> kTimes = {"timestamp", "timestamptz", "date", "time",
                                                      "timetz"};
  constexpr std::array<std::string_view, 2> kNow = {"now()", "current_timestamp"};
  constexpr std::array<std::string_view, 2> kIds = {"gen_random_uuid()", "uuid_generate_v4()"};
  const std::string word = lower(text);
  if ((is_one_of(type, kTimes) && is_one_of(word, kNow)) ||
      (type == "uuid" && is_one_of(word, kIds)))
    return PrintedDefault{'f', word};
  return std::nullopt;
}

}  // namespace retort::verification
