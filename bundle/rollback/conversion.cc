#include "bundle/rollback/conversion.h"

#include "common/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace retort::rollback {
namespace {

using catalog::Type;

std::optional<int> number(const Type& type, size_t place) {
  if (place >= type.modifiers.size())
    return std::nullopt;
  int value = 0;
  const std::string& text = type.modifiers[place];
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

int integer_size(std::string_view type) {
  constexpr std::array<std::string_view, 3> kIntegers = {"int2", "int4", "int8"};
  const auto* const found = std::find(kIntegers.begin(), kIntegers.end(), type);
  return found == kIntegers.end() ? 0 : static_cast<int>(found - kIntegers.begin()) + 1;
}
constexpr std::array kDigits = {0, 5, 10, 19};  // of int2, int4, int8

bool is_string(std::string_view type) { return type == "text" || type == "varchar"; }

// A string type that takes this many characters.
bool holds(const Type& type, int characters) {
  const std::optional<int> longest = number(type, 0);
  return type.internal == "text" ||
         (type.internal == "varchar" && (!longest || *longest >= characters));
}

bool fits_numeric(const Type& numeric, int digits, int scale) {
  const std::optional<int> precision = number(numeric, 0);
  const int decimals = number(numeric, 1).value_or(0);
  return !precision || (decimals >= scale && *precision - decimals >= digits - scale);
}

}  // namespace

bool survives(const catalog::Catalog& catalog, const Type& from, const Type& to) {
  if (from == to)
    return true;
  if (from.array || to.array || !from.known || !to.known)
    return false;
  const catalog::Object* const old = catalog.get(from.object);
  const catalog::Object* const now = catalog.get(to.object);
  const auto labels = [](const catalog::Object* object) -> const std::vector<std::string>* {
    const auto* const data = object ? object->maybe<catalog::TypeData>() : nullptr;
    return data && data->form == catalog::TypeData::Form::enumeration ? &data->labels : nullptr;
  };
  if (from.object != 0) {
    const std::vector<std::string>* const own = labels(old);
    if (!own)
      return false;
    if (const std::vector<std::string>* const others = labels(now))
      return std::all_of(own->begin(), own->end(), [&](const std::string& label) {
        return std::find(others->begin(), others->end(), label) != others->end();
      });
    return to.object == 0 && std::all_of(own->begin(), own->end(), [&](const std::string& label) {
             return holds(to, static_cast<int>(label.size()));
           });
  }
  if (to.object != 0)
    return false;
  const std::string& a = from.internal;
  const std::string& b = to.internal;
  if (is_string(a) && is_string(b)) {
    const std::optional<int> was = a == "text" ? std::nullopt : number(from, 0);
    return was ? holds(to, *was) : b == "text" || to.modifiers.empty();
  }
  if (const int size = integer_size(a)) {
    if (integer_size(b) > 0)
      return integer_size(b) >= size;
    const int digits = kDigits[static_cast<size_t>(size)];
    return (b == "numeric" && fits_numeric(to, digits, 0)) || holds(to, digits + 1);
  }
  if (a == "numeric" && b == "numeric") {
    const std::optional<int> digits = number(from, 0);
    return digits ? fits_numeric(to, *digits, number(from, 1).value_or(0)) : to.modifiers.empty();
  }
  if (a == "uuid")
    return holds(to, 36);
  return (a == "float4" && b == "float8") ||
         (a == "date" && b == "timestamp" && to.modifiers.empty());
}

bool only_casts(const forms::AlterColumnType& form) {
  std::string_view text = form.using_.text;
  if (text.empty())
    return true;
  const std::string column = forms::quoted(form.column);
  if (!text.starts_with(column))
    return false;
  text.remove_prefix(column.size());
  std::vector<std::string_view> casts;
  while (text.starts_with("::")) {
    text.remove_prefix(2);
    const size_t end = std::min(text.find("::"), text.size());
    casts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  if (!text.empty())
    return false;
  for (size_t i = 0; i < casts.size(); ++i) {
    const std::string_view cast = trim(casts[i]);
    const bool last = i + 1 == casts.size();
    const bool string = cast == "text" || cast == "varchar" || cast == "character varying";
    // A cast on the way may cut; the last one is to the type itself.
    if (!string &&
        (!last || (cast.find('(') != std::string_view::npos && cast != forms::to_text(form.type))))
      return false;
    if (cast.find_first_of("+-*/|&<>=,'[") != std::string_view::npos &&
        cast != forms::to_text(form.type))
      return false;
  }
  return true;
}

}  // namespace retort::rollback
