// The line reader must say what the tree reader says, or decline. Shapes are tried alone and in all
// combinations of name, annotation, value and surroundings.
#include "tests/header_readers.h"

#include <array>
#include <doctest/doctest.h>
#include <fmt/core.h>

using namespace retort;
using tests::HeaderReadings;
using tests::read_header_twice;

namespace {

constexpr std::array<std::string_view, 44> kValues = {
    "None",
    "'a'",
    "\"a\"",
    "''",
    "r'a\\b'",
    "u'a'",
    "b'a'",
    "f'a'",
    "f'{a}'",
    "R\"a\"",
    "'a\\x62\\n'",
    "'''a'''",
    "\"\"\"a\nb\"\"\"",
    "'a' 'b'",
    "'a'\\\n  'b'",
    "('a')",
    "(('a'))",
    "('a',)",
    "('a', 'b')",
    "('a' 'b')",
    "('a'\n  'b')",
    "(  # why\n  'a',  # one\n  'b',\n)",
    "['a']",
    "['a', 'b',]",
    "[]",
    "()",
    "{'a'}",
    "(None)",
    "(None,)",
    "'a', 'b'",
    "'a',",
    "tuple(['a'])",
    "str('a')",
    "'a' + 'b'",
    "1",
    "True",
    "other",
    "make()",
    "'a' if x else 'b'",
    "'a'.upper()",
    "('a'",
    "'a' # why",
    "'é日本'",
    "[('a')]",
};

// `@` is the assignment.
constexpr std::array<std::string_view, 26> kPlaces = {
    "@\n",
    "@",
    "\xEF\xBB\xBF@\n",
    "@\r\n",
    "'''doc'''\n@\n",
    "# -*- coding: utf-8 -*-\n\n\"\"\"doc\n\nmore\"\"\"\n\n@\n",
    "import a\nfrom b import c\n@\n",
    "from b import revision\n@\n",
    "if x:\n    @\n",
    "if x: @\n",
    "x = 1; @\n",
    "@; x = 1\n",
    "def f():\n    @\n",
    "class C:\n    @\n",
    "@\n@\n",
    "@\ndel revision\n",
    "try:\n    import a\nexcept ImportError:\n    pass\n@\n",
    "other = 'z'\n@\n",
    "@\ndef upgrade():\n    op.execute('revision')\n",
    "'one'\n'two'\n@\n",
    "'a' 'b'\n@\n",
    "'''revision'''\n@\n",
    "pass\n'''revision = 'z' '''\n@\n",
    "@decorator\ndef f(): pass\n@\n",
    "with x as y:\n    @\n",
    "@  \\\n\n",
};

constexpr std::array<std::string_view, 8> kAssignments = {
    "{} = {}",        "{}={}",     "{}: str = {}", "{}: Union[str, Sequence[str], None] = {}",
    "{}: 'str' = {}", "{}\t=\t{}", "({}) = {}",    "x = {} = {}",
};

std::string replaced(std::string_view text, std::string_view mark, std::string_view by) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    if (text.substr(i).starts_with(mark) && !text.substr(i).starts_with("@decorator")) {
      result += by;
      i += mark.size();
    } else {
      result += text[i++];
    }
  }
  return result;
}

}  // namespace

TEST_CASE("the line reader of headers says what the tree reader says, or declines") {
  size_t read = 0;
  size_t declined = 0;
  size_t compared = 0;
  for (const std::string_view name : {"revision", "down_revision", "revision_id"})
    for (const std::string_view assignment : kAssignments)
      for (const std::string_view value : kValues)
        for (const std::string_view place : kPlaces) {
          const std::string source =
              replaced(place, "@", fmt::format(fmt::runtime(assignment), name, value));
          const HeaderReadings readings = read_header_twice(source);
          if (!readings.is_python)
            continue;
          ++read;
          if (!readings.lines) {
            ++declined;
            continue;
          }
          ++compared;
          INFO(source);
          REQUIRE(readings.tree);
          CHECK(*readings.lines == *readings.tree);
        }
  // Neither reader is out of the game.
  CHECK(compared > 5000);
  CHECK(declined > 5000);
  CHECK(read == compared + declined);
}

TEST_CASE("the usual headers need no tree") {
  for (const std::string_view source : {
           "\"\"\"t\n\nRevision ID: a\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n\n"
           "revision = 'a'\ndown_revision = 'b'\nbranch_labels = None\ndepends_on = None\n\n\n"
           "def upgrade():\n    op.execute('x')\n",
           "revision: str = \"a\"\ndown_revision: Union[str, Sequence[str], None] = (\"b\", "
           "\"c\")\n"
           "branch_labels: Union[str, Sequence[str], None] = (\"x\",)\n"
           "depends_on: Union[str, Sequence[str], None] = [\"y\"]\n",
       }) {
    const HeaderReadings readings = read_header_twice(source);
    INFO(source);
    REQUIRE(readings.lines);
    REQUIRE(readings.tree);
    CHECK(*readings.lines == *readings.tree);
  }
}
