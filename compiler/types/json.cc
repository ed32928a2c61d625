#include "compiler/types/json.h"

#include "common/text.h"
#include "common/utf8.h"

#include <charconv>
#include <cstdlib>

namespace retort {
namespace {

void append_json_text(std::string& result, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto unit = [&](char32_t code) {
    result += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4)
      result += kDigits[(code >> shift) & 15];
  };
  result += '"';
  for (size_t i = 0; i < text.size();) {
    const utf8::Char c = utf8::decode(text, i);
    i += c.size;
    switch (c.code) {
    case '"': result += "\\\""; continue;
    case '\\': result += "\\\\"; continue;
    case '\n': result += "\\n"; continue;
    case '\r': result += "\\r"; continue;
    case '\t': result += "\\t"; continue;
    case '\b': result += "\\b"; continue;
    case '\f': result += "\\f"; continue;
    default: break;
    }
    if (c.code >= 0x20 && c.code < 0x7F) {
      result += static_cast<char>(c.code);
    } else if (c.code < 0x10000) {
      unit(c.code);
    } else {
      unit(0xD800 + ((c.code - 0x10000) >> 10));
      unit(0xDC00 + ((c.code - 0x10000) & 0x3FF));
    }
  }
  result += '"';
}

}  // namespace

std::string number_text(const Datum& value) {
  if (const auto* number = value.as<int64_t>())
    return std::to_string(*number);
  if (const auto* number = value.as<Number>())
    return number->text;
  return {};
}

std::string json_text(const Datum& value) {
  std::string result;
  if (value.is_none())
    return "null";
  if (const auto* flag = value.as<bool>())
    return *flag ? "true" : "false";
  if (const auto* list = value.as<List>()) {
    std::vector<std::string> items;
    for (const Datum& element : list->items)
      items.push_back(json_text(element));
    return "[" + join(items, ", ") + "]";
  }
  if (const auto* dict = value.as<Dict>()) {
    std::vector<std::string> pairs;
    for (const auto& [key, element] : dict->entries) {
      const std::string name = json_text(key);  // numbers and constants become strings
      pairs.push_back((key.as<std::string>() ? name : '"' + name + '"') + ": " +
                      json_text(element));
    }
    return "{" + join(pairs, ", ") + "}";
  }
  if (const auto* text = value.as<std::string>()) {
    append_json_text(result, *text);
    return result;
  }
  return number_text(value);
}

std::string python_float(double value) {
  char buffer[64];
  const auto shortest =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  std::string text(buffer, shortest.ptr);
  const size_t e = text.find('e');
  const int exponent = e == text.npos ? 0 : std::atoi(text.c_str() + e + 1);
  if (e == text.npos || exponent < -4 || exponent >= 16)
    return text;
  const auto fixed = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  std::string plain(buffer, fixed.ptr);
  return plain.find('.') == plain.npos ? plain + ".0" : plain;
}

}  // namespace retort
