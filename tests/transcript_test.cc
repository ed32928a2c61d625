#include "tests/transcript.h"

#include <doctest/doctest.h>

using namespace retort::tests;

namespace {

constexpr std::string_view kSuite = R"(# Title

## Right and wrong
```text folder/file.txt crlf
one
```
```console
$ cat folder/file.txt; pwd
one\x0D
/chain
$ echo two; exit 3
three
$ false
[exit 1]
```
## Prose
<!-- needs: test -e folder/file.txt -->
```sql fixed
SELECT 1;
```
)";

}  // namespace

TEST_CASE("a transcript that differs is noticed, told with its line, and corrected") {
  const Suite suite = parse_suite(kSuite);
  REQUIRE(suite.sections.size() == 4);
  CHECK(suite.sections[2].title == "Right and wrong");
  CHECK(suite.sections[2].line == 3);
  CHECK_FALSE(suite.sections[3].has_commands());
  CHECK(can_run(suite.sections[2]));
  CHECK_FALSE(can_run(suite.sections[3]));

  Corrections corrections;
  const std::vector<Mismatch> mismatches = run_section(suite.sections[2], corrections);
  REQUIRE(mismatches.size() == 1);
  CHECK(mismatches[0].line == 11);
  CHECK(mismatches[0].message == "$ echo two; exit 3\n  - three\n  + two\n  + [exit 3]");

  const std::string text = corrected(suite, corrections);
  CHECK(text.find("$ echo two; exit 3\ntwo\n[exit 3]\n$ false\n[exit 1]\n```") !=
        std::string::npos);
  CHECK(run_section(parse_suite(text).sections[2], corrections).empty());
}

TEST_CASE("a block that cannot be written fails its test") {
  const auto problem = [](std::string_view block) {
    Corrections corrections;
    const std::vector<Mismatch> mismatches =
        run_section(parse_suite(block).sections[0], corrections);
    return mismatches.size() == 1 ? mismatches[0].message : "";
  };
  CHECK(problem("```text ../out.txt\n```\n") == "the file lies outside the test's folder");
  CHECK(problem("```text a.txt utf-7\n```\n") == "unknown attribute utf-7");
  CHECK(problem("```text a.txt latin-1\n€\n```\n") == "latin-1 lacks a character of this block");
  CHECK(problem("<!-- uses: examples/none -->").starts_with("cannot copy examples/none"));
  CHECK_FALSE(problem("```console\nno command\n```\n").empty());
}

TEST_CASE("a transcript without its final line feed says so") {
  Corrections corrections;
  const Suite suite = parse_suite("```console\n$ printf a\na\n```\n");
  CHECK(run_section(suite.sections[0], corrections).size() == 1);
  CHECK(corrections[2] == Lines{"a", "[no final line feed]"});
}
