// Format specs: what stands after the colon in `{x:>10}`.
#include "common/utf8.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace retort::py {
namespace {

struct Spec {
  std::string fill = " ";
  char align = 0;
  char sign = '-';
  bool alternate = false;
  bool zero = false;
  int64_t width = 0;
  char grouping = 0;
  int64_t precision = -1;
  char type = 0;
};

bool is_align(char c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

std::optional<Spec> read_spec(std::string_view text) {
  Spec spec;
  if (!text.empty()) {
    const size_t first = utf8::decode(text, 0).size;
    if (text.size() > first && is_align(text[first])) {
      spec.fill = text.substr(0, first);
      spec.align = text[first];
      text.remove_prefix(first + 1);
    } else if (is_align(text[0])) {
      spec.align = text[0];
      text.remove_prefix(1);
    }
  }
  const auto take = [&](std::string_view any) -> char {
    if (text.empty() || any.find(text[0]) == any.npos)
      return 0;
    const char c = text[0];
    text.remove_prefix(1);
    return c;
  };
  const auto number = [&](int64_t& result) {
    if (text.empty() || text[0] < '0' || text[0] > '9')
      return false;
    result = 0;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9' && result < 1'000'000'000) {
      result = result * 10 + (text[0] - '0');
      text.remove_prefix(1);
    }
    return true;
  };
  if (const char sign = take("+- "))
    spec.sign = sign;
  spec.alternate = take("#") != 0;
  if (take("0")) {
    spec.zero = true;
    if (!spec.align) {
      spec.align = '=';
      spec.fill = "0";
    }
  }
  (void)number(spec.width);
  spec.grouping = take(",_");
  if (take(".") && !number(spec.precision))
    return std::nullopt;
  if (!text.empty()) {
    spec.type = text[0];
    text.remove_prefix(1);
  }
  return text.empty() ? std::optional(spec) : std::nullopt;
}

// Separators between groups of digits, counted from the end.
std::string grouped(std::string_view digits, char separator, size_t group) {
  std::string result;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % group == 0)
      result += separator;
    result += digits[i];
  }
  return result;
}

std::string padded(const Spec& spec, std::string_view head, std::string body, char usual,
                   size_t group) {
  const char align = spec.align ? spec.align : usual;
  if (align == '=' && spec.fill == "0" && spec.grouping && group != 0) {
    // Zeros are grouped like digits.
    const size_t point = body.find_first_not_of("0123456789abcdefABCDEF,_");
    const std::string rest = point == body.npos ? "" : body.substr(point);
    std::string digits;
    for (const char c : body.substr(0, point))
      if (c != spec.grouping)
        digits += c;
    const auto size = [&] {
      return static_cast<int64_t>(head.size() + grouped(digits, spec.grouping, group).size() +
                                  rest.size());
    };
    while (size() < spec.width)
      digits.insert(0, "0");
    return std::string(head) + grouped(digits, spec.grouping, group) + rest;
  }
  const auto used = static_cast<int64_t>(utf8::count(head) + utf8::count(body));
  const int64_t missing = std::max<int64_t>(spec.width - used, 0);
  const int64_t before = align == '<' || align == '=' ? 0 : align == '>' ? missing : missing / 2;
  const auto fill = [&](int64_t count) {
    std::string text;
    for (int64_t i = 0; i < count; ++i)
      text += spec.fill;
    return text;
  };
  if (align == '=')
    return std::string(head) + fill(missing) + body;
  return fill(before) + std::string(head) + body + fill(missing - before);
}

std::string sign_of(const Spec& spec, bool negative) {
  if (negative)
    return "-";
  return spec.sign == '-' ? "" : std::string(1, spec.sign);
}

Value format_integer(Interpreter& in, int64_t number, const Spec& spec) {
  if (spec.precision >= 0)
    return in.raise("ValueError", "Precision not allowed in integer format specifier");
  const uint64_t size =
      number < 0 ? 0 - static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
  std::string head = sign_of(spec, number < 0);
  std::string digits;
  size_t group = 3;
  switch (spec.type) {
  case 0:
  case 'd': digits = fmt::format("{}", size); break;
  case 'b': digits = fmt::format("{:b}", size); break;
  case 'o': digits = fmt::format("{:o}", size); break;
  case 'x': digits = fmt::format("{:x}", size); break;
  case 'X': digits = fmt::format("{:X}", size); break;
  case 'c': {
    if (size > 0x10FFFF || number < 0)
      return in.raise("OverflowError", "%c arg not in range(0x110000)");
    std::string text;
    utf8::append(text, static_cast<char32_t>(size));
    return in.text(padded(spec, "", text, '<', 0));
  }
  case 'n': return in.unknown(Cause::Kind::unsupported, "this number format is not interpreted");
  default:
    return in.raise("ValueError",
                    fmt::format("Unknown format code '{}' for object of type 'int'", spec.type));
  }
  if (spec.type != 0 && spec.type != 'd') {
    group = 4;
    if (spec.grouping == ',')
      return in.raise("ValueError", fmt::format("Cannot specify ',' with '{}'.", spec.type));
    if (spec.alternate)
      head += std::string("0") + spec.type;
  }
  if (spec.grouping)
    digits = grouped(digits, spec.grouping, group);
  return in.text(padded(spec, head, digits, '>', group));
}

// The digits of a positive number as %f, %e and %g write them.
std::string float_digits(double number, const Spec& spec, char type) {
  const int precision = spec.precision < 0 ? 6 : static_cast<int>(spec.precision);
  std::string text;
  switch (type) {
  case 'f': text = fmt::format("{:.{}f}", number, precision); break;
  case 'e': text = fmt::format("{:.{}e}", number, precision); break;
  default: text = fmt::format("{:.{}g}", number, precision == 0 ? 1 : precision); break;
  }
  return text;
}

Value format_float(Interpreter& in, double number, const Spec& spec) {
  const char type = static_cast<char>(spec.type | (spec.type ? 0x20 : 0));
  if (spec.precision > 1000 || (spec.alternate && type != 'f'))
    return in.unknown(Cause::Kind::unsupported, "this number format is not interpreted");
  if (!std::isfinite(number))
    return in.unknown(Cause::Kind::unsupported, "formats of infinite numbers are not interpreted");
  const bool negative = std::signbit(number);
  const double size = std::fabs(number);
  std::string digits;
  switch (spec.type) {
  case 0: {
    if (spec.precision < 0) {
      digits = float_repr(size);
    } else {
      // Like %g, but with a digit after the point.
      digits = float_digits(size, spec, 'g');
      if (digits.find_first_of(".e") == digits.npos) {
        const size_t whole = digits.size();
        if (static_cast<int64_t>(whole) >= std::max<int64_t>(spec.precision, 1))
          return in.unknown(Cause::Kind::unsupported, "this number format is not interpreted");
        digits += ".0";
      }
    }
    break;
  }
  case 'f':
  case 'F':
  case 'e':
  case 'E':
  case 'g':
  case 'G': digits = float_digits(size, spec, type); break;
  case '%': digits = float_digits(size * 100, spec, 'f') + "%"; break;
  case 'n': return in.unknown(Cause::Kind::unsupported, "this number format is not interpreted");
  default:
    return in.raise("ValueError",
                    fmt::format("Unknown format code '{}' for object of type 'float'", spec.type));
  }
  if (spec.type == 'E' || spec.type == 'G')
    std::transform(digits.begin(), digits.end(), digits.begin(),
                   [](char c) { return c == 'e' ? 'E' : c; });
  if (spec.alternate && digits.find('.') == digits.npos)
    digits += '.';
  if (spec.grouping) {
    const size_t whole = std::min(digits.find_first_not_of("0123456789"), digits.size());
    digits = grouped(digits.substr(0, whole), spec.grouping, 3) + digits.substr(whole);
  }
  return in.text(padded(spec, sign_of(spec, negative), digits, '>', 3));
}

Value format_text(Interpreter& in, const Str& string, const Spec& spec) {
  if (spec.type != 0 && spec.type != 's')
    return in.raise("ValueError",
                    fmt::format("Unknown format code '{}' for object of type 'str'", spec.type));
  if (spec.sign != '-')
    return in.raise("ValueError", spec.sign == ' ' ? "Space not allowed in string format specifier"
                                                   : "Sign not allowed in string format specifier");
  if (spec.grouping)
    return in.raise("ValueError", fmt::format("Cannot specify '{}' with 's'.", spec.grouping));
  if (spec.align == '=' && !spec.zero)
    return in.raise("ValueError", "'=' alignment not allowed in string format specifier");
  Spec used = spec;
  if (spec.zero && spec.align == '=')
    used.align = '<';
  std::string body = string.text;
  if (spec.precision >= 0)
    body.resize(byte_offset(string, static_cast<size_t>(spec.precision)));
  return in.text(padded(used, "", std::move(body), '<', 0));
}

}  // namespace

Value format_value(Interpreter& in, Value value, std::string_view text) {
  const std::optional<Spec> spec = read_spec(text);
  if (!spec)
    return in.raise("ValueError", "Invalid format specifier");
  if (spec->width > static_cast<int64_t>(in.limits().text)) {
    in.charge(in.limits().text + 1);
    return {};
  }
  if (const Str* const string = value.as<Str>())
    return format_text(in, *string, *spec);
  constexpr std::string_view kFloatTypes = "eEfFgG%";
  if (value.is_integral() && kFloatTypes.find(spec->type ? spec->type : ' ') == kFloatTypes.npos) {
    return format_integer(in, value.integer(), *spec);
  }
  return format_float(in, value.floating(), *spec);
}

Value Interpreter::format(Value value, std::string_view spec) {
  if (value.is_unknown())
    return poison(value);
  if (Foreign* const foreign = value.as<Foreign>()) {
    if (spec.empty())
      return str(value);
    const Value shown = foreign->format(*this, spec);
    if (shown || unwinding())
      return shown;
    return raise("TypeError", fmt::format("unsupported format string passed to {}.__format__",
                                          type_name(value)));
  }
  if (const Value method = special(value, "__format__")) {
    const Value words = text(spec);
    return words ? call(method, {words}) : words;
  }
  if (const Instance* const instance = value.as<Instance>();
      instance && instance->cls->flavour == Class::Flavour::enumeration && instance->data &&
      !special(value, "__str__")) {
    if (!instance->cls->str_enum && !instance->cls->int_enum &&
        !instance->cls->derives_from(exception_class("ReprEnum")))
      return unknown(Cause::Kind::unsupported,
                     "how a member of a mixed enumeration is formatted depends on the version of "
                     "Python: use `.value`");
    return format(instance->data, spec);
  }
  if (spec.empty())
    return str(value);
  const Value inner = plain(value);
  if (inner.is_unknown())
    return poison(inner);
  if (inner.is_number() || inner.is(Type::string))
    return format_value(*this, inner, spec);
  if (const Instance* const instance = value.as<Instance>();
      instance && instance->cls->flavour == Class::Flavour::enumeration) {
    const Value words = str(value);
    return words.is(Type::string) ? format_value(*this, words, spec) : words;
  }
  return raise("TypeError",
               fmt::format("unsupported format string passed to {}.__format__", type_name(value)));
}

}  // namespace retort::py
