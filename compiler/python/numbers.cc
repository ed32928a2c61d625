// Numbers: from text, and the methods of int and float.
#include "common/text.h"
#include "compiler/python/natives.h"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace retort::py {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char letter = static_cast<char>(c | 0x20);
  return letter >= 'a' && letter <= 'z' ? letter - 'a' + 10 : 99;
}

Value int_of_text(Interpreter& in, const Str& string, Value base) {
  int64_t radix = 10;
  Value problem;
  if (base && !in.index(base, radix, problem))
    return problem;
  if (radix != 0 && (radix < 2 || radix > 36))
    return in.raise("ValueError", "int() base must be >= 2 and <= 36, or 0");
  const Value number = parse_integer(in, string.text, radix, false);
  if (number || in.unwinding())
    return number;
  const Value shown = in.repr(const_cast<Str*>(&string));
  if (!shown.is(Type::string))
    return shown;
  return in.raise("ValueError", fmt::format("invalid literal for int() with base {}: {}", radix,
                                            shown.as<Str>()->text));
}

Value float_to_int(Interpreter& in, double number) {
  if (std::isnan(number))
    return in.raise("ValueError", "cannot convert float NaN to integer");
  if (std::isinf(number))
    return in.raise("OverflowError", "cannot convert float infinity to integer");
  if (std::fabs(number) >= 0x1p63)
    return in.unknown(Cause::Kind::number, "this integer is beyond 64 bits");
  return Value::of(static_cast<int64_t>(number));
}

Value make_int(Interpreter& in, const Args& args) {
  if (!args[0])
    return Value::of(int64_t{0});
  if (args[0].is_unknown())
    return in.poison(args[0]);
  for (const std::string_view name : {"__int__", "__index__"})
    if (args[0].is(Type::instance))
      if (const Value method = in.find_attribute(args[0], name))
        return in.call(method);
  const Value value = in.plain(args[0]);
  if (const Str* const string = value.as<Str>())
    return int_of_text(in, *string, args[1]);
  if (value.is_integral())
    return Value::of(value.integer());
  if (value.is(Type::floating))
    return float_to_int(in, value.floating());
  if (Foreign* const foreign = value.as<Foreign>())
    if (const Value method = foreign->get(in, "__int__"))
      return in.call(method);
  if (in.unwinding())
    return {};
  if (value.is_unknown() || value.is(Type::bytes))
    return in.unknown(Cause::Kind::unsupported, "int() of this is not interpreted");
  return in.raise("TypeError", fmt::format("int() argument must be a string, a bytes-like object "
                                           "or a real number, not '{}'",
                                           in.type_name(args[0])));
}

Value make_float(Interpreter& in, const Args& args) {
  if (!args[0])
    return Value::of(0.0);
  const Value value = in.plain(args[0]);
  if (value.is_unknown())
    return in.poison(value);
  if (const Str* const string = value.as<Str>()) {
    if (const std::optional<double> number = parse_float(string->text))
      return Value::of(*number);
    const Value shown = in.repr(value);
    if (!shown.is(Type::string))
      return shown;
    return in.raise("ValueError",
                    fmt::format("could not convert string to float: {}", shown.as<Str>()->text));
  }
  if (value.is_integral())
    return in.binary("*", value, Value::of(1.0));
  if (value.is(Type::floating))
    return value;
  if (Foreign* const foreign = value.as<Foreign>())
    if (const Value method = foreign->get(in, "__float__"))
      return in.call(method);
  if (in.unwinding())
    return {};
  return in.raise("TypeError", fmt::format("float() argument must be a string or a real number, "
                                           "not '{}'",
                                           in.type_name(args[0])));
}

Value make_bool(Interpreter& in, const Args& args) {
  bool answer = false;
  Value problem;
  if (args[0] && !in.decide(args[0], answer, problem))
    return problem;
  return Value::of(answer);
}

Value bit_length(Interpreter&, const Args& args) {
  const int64_t number = args.self.integer();
  uint64_t size = number < 0 ? 0 - static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
  int64_t bits = 0;
  for (; size != 0; size >>= 1)
    ++bits;
  return Value::of(bits);
}

Value is_integer(Interpreter&, const Args& args) {
  const double number = args.self.floating();
  return Value::of(std::isfinite(number) && number == std::floor(number));
}

Value itself(Interpreter&, const Args& args) {
  return args.self.is(Type::boolean) ? Value::of(args.self.integer()) : args.self;
}
Value zero(Interpreter&, const Args& args) {
  return args.self.is(Type::floating) ? Value::of(0.0) : Value::of(int64_t{0});
}
Value one(Interpreter&, const Args&) { return Value::of(int64_t{1}); }

constexpr NativeRow kIntMethods[] = {
    {"bit_length", "", bit_length}, {"conjugate", "", itself},
    {"real", "@", itself},          {"imag", "@", zero},
    {"numerator", "@", itself},     {"denominator", "@", one},
};
constexpr NativeRow kFloatMethods[] = {{"is_integer", "", is_integer},
                                       {"conjugate", "", itself},
                                       {"real", "@", itself},
                                       {"imag", "@", zero}};

}  // namespace

// Nothing, without an error, when it is no integer.
Value parse_integer(Interpreter& in, std::string_view text, int64_t base, bool literal) {
  text = trim(text);
  bool negative = false;
  if (!literal && !text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const char mark = text.size() > 2 && text[0] == '0' ? static_cast<char>(text[1] | 0x20) : ' ';
  const int64_t marked = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
  bool prefixed = false;
  if (marked != 0 && (base == 0 || base == marked)) {
    base = marked;
    text.remove_prefix(2);
    prefixed = true;
  }
  if (base == 0) {
    base = 10;
    if (text.size() > 1 && text[0] == '0' && text.find_first_not_of("0_") != text.npos)
      return {};  // 010 is no number
  }
  bool any = false;
  bool overflow = false;
  bool underscore = !prefixed;
  int64_t number = 0;
  for (const char c : text) {
    if (c == '_') {
      if (underscore)
        return {};
      underscore = true;
      continue;
    }
    underscore = false;
    const int value = digit(c);
    if (value >= base)
      return {};
    any = true;
    overflow |= __builtin_mul_overflow(number, base, &number);
    overflow |= negative ? __builtin_sub_overflow(number, value, &number)
                         : __builtin_add_overflow(number, value, &number);
  }
  if (!any || underscore)
    return {};
  if (overflow)
    return in.unknown(Cause::Kind::number, "this integer is beyond 64 bits");
  return Value::of(number);
}

std::optional<double> parse_float(std::string_view text) {
  text = trim(text);
  std::string digits;
  bool may = false;
  for (const char c : text) {
    if (c == '_') {
      if (!may)
        return std::nullopt;
      may = false;
      continue;
    }
    may = c >= '0' && c <= '9';
    digits += c;
  }
  if (text.ends_with('_') || digits.empty())
    return std::nullopt;
  const bool plus = digits[0] == '+';
  const char* from = digits.data() + (plus ? 1 : 0);
  const char* const end = digits.data() + digits.size();
  if (plus && from < end && (*from == '-' || *from == '+'))
    return std::nullopt;
  const std::string word = lower(std::string_view(from, static_cast<size_t>(end - from)));
  if (word.find('(') != word.npos || word.find('x') != word.npos)
    return std::nullopt;
  double number = 0;
  const std::from_chars_result read = std::from_chars(from, end, number);
  if (read.ptr != end || (read.ec != std::errc() && read.ec != std::errc::result_out_of_range))
    return std::nullopt;
  if (read.ec == std::errc::result_out_of_range) {
    const size_t e = word.find("e-");
    number = e == word.npos ? HUGE_VAL : 0.0;
    if (word.starts_with('-'))
      number = -number;
  }
  return number;
}

const NativeTypeInfo kIntType = {"int",
                                 [](Value value) { return value.is_integral(); },
                                 {"int", "x=?, base=?", make_int},
                                 kIntMethods,
                                 {}};
const NativeTypeInfo kFloatType = {"float",
                                   [](Value value) { return value.is(Type::floating); },
                                   {"float", "x=?", make_float},
                                   kFloatMethods,
                                   {}};
const NativeTypeInfo kBoolType = {"bool",
                                  [](Value value) { return value.is(Type::boolean); },
                                  {"bool", "x=?", make_bool},
                                  kIntMethods,
                                  {}};

}  // namespace retort::py
