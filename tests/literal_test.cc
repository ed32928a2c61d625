#include "grammars/python/literal.h"

#include <doctest/doctest.h>

using namespace retort;

namespace {

std::string value_of(std::string_view code) {
  py::StringValue value;
  const auto read = py::append_string(code, {0, static_cast<uint32_t>(code.size())}, value);
  if (!read)
    return "error: " + read.error().message;
  return value.text + (value.bytes ? " (bytes)" : "") + (value.has_holes ? " (holes)" : "");
}

}  // namespace

TEST_CASE("Python string literals mean what Python means") {
  CHECK(value_of("''").empty());
  CHECK(value_of(R"('a\tb\\c\'d')") == "a\tb\\c'd");
  CHECK(value_of(R"("\101\x42\u0043\U00000044\0")") == std::string("ABCD\0", 5));
  CHECK(value_of(R"('\q')") == R"(\q)");
  CHECK(value_of("'a\\\nb'") == "ab");
  CHECK(value_of("'a\\\r\nb'") == "ab");
  CHECK(value_of("'''it's \"fine\"'''") == "it's \"fine\"");
  CHECK(value_of(R"(r'\n')") == R"(\n)");
  CHECK(value_of(R"(Rb'\n')") == "\\n (bytes)");
  CHECK(value_of(R"(u'é')") == "é");
  CHECK(value_of(R"(b'\xe9')") == "\xE9 (bytes)");
  CHECK(value_of(R"(f'{{x}}')") == "{x}");
  CHECK(value_of(R"(f'a{x}b')") == "ab (holes)");
}

TEST_CASE("escapes that Python refuses are errors at their place") {
  CHECK(value_of(R"('\xZ1')") == R"(error: `\x` needs 2 hexadecimal digits)");
  CHECK(value_of(R"('\ud800')") == R"(error: `\ud800` is no Unicode character)");
  CHECK(value_of(R"('\U00110000')") == R"(error: `\U00110000` is no Unicode character)");
  CHECK(
      value_of(R"('\N{DEGREE SIGN}')").starts_with("error: `\\N{DEGREE SIGN}` names a character"));
}
