#include "versions/ini.h"

#include <doctest/doctest.h>

using namespace retort;

namespace {

struct Parsed {
  Sources sources;
  Diagnostics diagnostics;
  Result<Ini> ini;

  explicit Parsed(std::string text)
      : ini(parse_ini(diagnostics, sources, sources.add("alembic.ini", std::move(text)), "/repo")) {
  }

  std::string get(std::string_view key, std::string_view section = "alembic") {
    REQUIRE(ini);
    const auto value = ini->get(diagnostics, section, key);
    if (!value)
      return "failed: " + diagnostics.all().back().message;
    return *value ? (*value)->text : "(nothing)";
  }
  std::string errors() const {
    std::string text;
    for (const Diagnostic& d : diagnostics.all()) {
      const Position at = sources.position(d.at.file, d.at.span.begin);
      text += std::to_string(at.line) + ":" + std::to_string(at.column) + " " + d.message + "\n";
    }
    return text;
  }
};

}  // namespace

TEST_CASE(
    "ini: keys are lower-cased, both delimiters count, comments stand on lines of their own") {
  Parsed file("# first\n"
              "[alembic]\n"
              "Script_Location = migrations # no comment\n"
              "timezone:UTC\n"
              "  ; a comment\n"
              "empty =\n"
              "url = a=b:c\n");
  CHECK(file.get("script_location") == "migrations # no comment");
  CHECK(file.get("timezone") == "UTC");
  CHECK(file.get("empty") == "");
  CHECK(file.get("url") == "a=b:c");
  CHECK(file.get("other") == "(nothing)");
  CHECK(file.get("timezone", "tenants") == "(nothing)");
}

TEST_CASE("ini: deeper lines continue a value, empty lines inside it stay") {
  Parsed file("[alembic]\n"
              "version_locations =\n"
              "    a\n"
              "    # left out\n"
              "\n"
              "    b\n"
              "\n"
              "next = 1\n"
              "blank =\n"
              "\n");
  CHECK(file.get("version_locations") == "\na\n\nb");
  CHECK(file.get("blank") == "");
  CHECK(file.get("next") == "1");
}

TEST_CASE("ini: a value knows its place") {
  Parsed file("[alembic]\r\nké = x\r\n  y\r\nz = 1\r\n");
  REQUIRE(file.ini);
  const IniValue* const value = file.ini->raw("alembic", "ké");
  REQUIRE(value);
  CHECK(file.sources.text(value->at) == "x\n  y");
  CHECK(file.sources.text(value->key_at) == "ké");
  CHECK(value->text == "x\ny");
  CHECK(file.sources.position(value->at.file, value->at.span.begin) == Position{2, 6});
}

TEST_CASE("ini: other options, defaults and the file's folder are substituted") {
  Parsed file("[DEFAULT]\n"
              "root = %(here)s/db\n"
              "[alembic]\n"
              "script_location = %(ROOT)s/migrations\n"
              "file_template = %%(rev)s_%%(slug)s\n"
              "url = %(DATABASE_URL)s\n"
              "bad = 100%\n"
              "a = %(b)s\n"
              "b = %(a)s\n");
  CHECK(file.get("script_location") == "/repo/db/migrations");
  CHECK(file.get("file_template") == "%(rev)s_%(slug)s");
  CHECK(file.get("url") ==
        "failed: value of `url`: `%(database_url)s` names no option of `[alembic]` or `[DEFAULT]`");
  CHECK(file.get("bad") == "failed: value of `bad`: a percent sign stands alone: write `%%`, or "
                           "`%(name)s` for another option");
  CHECK(file.get("a") == "failed: value of `a`: substitutions nest deeper than ten levels");
}

TEST_CASE("ini: substitution that multiplies ends") {
  std::string text = "[alembic]\nx0 = " + std::string(100, 'x') + "%%\n";
  for (int i = 1; i < 9; ++i) {
    text += "x" + std::to_string(i) + " =";
    for (int j = 0; j < 20; ++j)
      text += " %(x" + std::to_string(i - 1) + ")s";
    text += "\n";
  }
  Parsed file(text);
  CHECK(file.get("x8") == "failed: value of `x8`: substituted value is larger than 64 KiB");
}

TEST_CASE("ini: every line that fits no rule is reported") {
  Parsed file("stray = 1\n"
              "[alembic]\n"
              "nonsense\n"
              "a = 1\n"
              "A = 2\n"
              "= 3\n"
              "[alembic]\n");
  CHECK_FALSE(file.ini);
  CHECK(file.errors() == "1:1 setting stands before the first `[section]`\n"
                         "3:1 line is no `key = value`, no `[section]` and continues no value\n"
                         "5:1 `a` stands twice in `[alembic]`\n"
                         "6:1 setting has no name\n"
                         "7:2 section `[alembic]` stands twice\n");
}

TEST_CASE("ini: a byte order mark and old line ends are no part of the text") {
  Parsed file("\xEF\xBB\xBF[alembic]\ra = 1\r\r b = 2");
  CHECK(file.get("a") == "1\n\nb = 2");
}
