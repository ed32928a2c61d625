#include "versions/given.h"

#include <doctest/doctest.h>

using namespace retort;

namespace {

Given given_in(const std::string& text, Diagnostics& diagnostics) {
  Sources sources;
  const FileId file = sources.add("retort.toml", text);
  const Toml toml = *parse_toml(diagnostics, sources, file);
  const Toml* const files[] = {&toml};
  Result<Given> given = read_given(diagnostics, files);
  return given ? *std::move(given) : Given{};
}

std::string names(const std::vector<GivenValue>& values) {
  std::string text;
  for (const GivenValue& value : values)
    text += value.name + "=" + std::string(to_string(value.value.kind)) + " ";
  return text;
}

}  // namespace

TEST_CASE("given: tables without braces are parts of names") {
  Diagnostics diagnostics;
  const Given given = given_in("[values]\n"
                               "a.b.C = 1\n"
                               "\"d.e\" = { f = 2 }\n"
                               "[values.g.\"h()\"]\n"
                               "i = 1.5\n",
                               diagnostics);
  CHECK(names(given.values) == "a.b.C=an integer d.e=a table g.h().i=a floating-point number ");
  CHECK(diagnostics.empty());
}

TEST_CASE("given: names that are none, values of the wrong type") {
  for (const char* const text :
       {"values.\"a..b\" = 1", "values.\".a\" = 1", "values.\"a(\" = 1", "values.\"a)(\" = 1",
        "environment.A = 1", "x.a = true", "operations.a = []", "arguments = 1"}) {
    CAPTURE(text);
    Diagnostics diagnostics;
    (void)given_in(text, diagnostics);
    CHECK(diagnostics.all().size() == 1);
    CHECK(diagnostics.has_errors());
  }
}

TEST_CASE("given: the command line replaces what a file says") {
  Diagnostics diagnostics;
  Given given = given_in("[environment]\nA = \"1\"\nB = \"2\"\n", diagnostics);
  set_given(given.environment, "A=x=y");
  set_given(given.environment, "C");
  REQUIRE(given.environment.size() == 3);
  CHECK(given.environment[0].name == "B");
  CHECK(given.environment[1].value.text == "x=y");
  CHECK(given.environment[2].value.text.empty());
}
