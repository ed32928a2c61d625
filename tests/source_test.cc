#include "common/source.h"

#include "grammars/python/literal.h"
#include "linter/report/text.h"

#include <doctest/doctest.h>

using namespace retort;

namespace {

// The value of the Python literal `code` as a derived buffer, as SQL in a revision will be.
struct Embedded {
  Sources sources;
  FileId file;
  FileId sql;

  explicit Embedded(const std::string& code) : file(sources.add("x.py", code)) {
    py::StringValue value;
    REQUIRE(py::append_string(sources.text(file), {0, static_cast<uint32_t>(code.size())}, value));
    sql = sources.derive(file, value.text, value.pieces);
  }

  // What the user wrote for a part of the value.
  std::string_view written(std::string_view part) const {
    const size_t at = sources.text(sql).find(part);
    REQUIRE(at != std::string_view::npos);
    const auto begin = static_cast<uint32_t>(at);
    return sources.text(sources.origin({sql, {begin, begin + static_cast<uint32_t>(part.size())}}));
  }
};

}  // namespace

TEST_CASE("a place in SQL inside a Python string leads back to the byte in the file") {
  const Embedded embedded(R"("SELECT 'it\'s',\n  caf\u00e9 \x41\
FROM t")");
  CHECK(embedded.sources.text(embedded.sql) == "SELECT 'it's',\n  café AFROM t");
  CHECK(embedded.written("SELECT") == "SELECT");
  CHECK(embedded.written("it's") == R"(it\'s)");
  CHECK(embedded.written("\n") == R"(\n)");
  CHECK(embedded.written("café") == R"(caf\u00e9)");
  CHECK(embedded.written("é") == R"(\u00e9)");
  CHECK(embedded.written("A") == R"(\x41)");
  CHECK(embedded.written("FROM t") == "FROM t");
}

TEST_CASE("CRLF among other line ends in a string is one line feed that maps to both bytes") {
  const Embedded embedded("\"\"\"a\r\nb\nc\"\"\"");
  CHECK(embedded.sources.text(embedded.sql) == "a\nb\nc");
  CHECK(embedded.written("\n") == "\r\n");
  CHECK(embedded.written("b") == "b");
}

TEST_CASE("an empty place keeps its position, also at the very end") {
  const Embedded embedded("'a\\tb'");
  const Loc end = embedded.sources.origin({embedded.sql, {3, 3}});
  CHECK(end.file == embedded.file);
  CHECK(end.span.empty());
  CHECK(embedded.sources.position(end.file, end.span.begin) == Position{1, 6});
}

TEST_CASE("buffers derived from derived buffers lead back to the file") {
  Embedded embedded("'SELECT \\'x\\''");
  const FileId inner =
      embedded.sources.derive(embedded.sql, "x!", {{0, {8, 9}, true}, {1, {7, 10}, false}});
  CHECK(embedded.sources.text(embedded.sources.origin({inner, {0, 1}})) == "x");
  CHECK(embedded.sources.text(embedded.sources.origin({inner, {1, 2}})) == R"(\'x\')");
}

TEST_CASE("lines end with LF, CRLF or CR, and columns count characters") {
  Sources sources;
  const FileId file = sources.add("x", "\xEF\xBB\xBFä\r\nb\rcc\n");
  CHECK(sources.position(file, 3) == Position{1, 1});  // behind the byte order mark
  CHECK(sources.position(file, 5) == Position{1, 2});
  CHECK(sources.position(file, 7) == Position{2, 1});
  CHECK(sources.position(file, 10) == Position{3, 2});
  CHECK(sources.position(file, 12) == Position{4, 1});
  CHECK(sources.text(Loc{file, sources.line_span(file, 2)}) == "b");
  CHECK(sources.line_span(file, 99).empty());
}

TEST_CASE("a code frame marks what a terminal shows") {
  Sources sources;
  const auto frame = [&](const std::string& text, std::string_view marked) {
    const FileId file = sources.add("f", text);
    const auto begin = static_cast<uint32_t>(text.find(marked));
    const Diagnostic diagnostic{
        "a/b", "", Level::error, {file, {begin, begin + static_cast<uint32_t>(marked.size())}}, "m",
        {},    {}};
    const std::string shown = to_text(std::span(&diagnostic, 1), sources, false);
    return shown.substr(shown.find('\n') + 1);
  };
  CHECK(frame("\tx = 1\r\n", "x") == "   1 |     x = 1\n"
                                     "     |     ^\n");
  CHECK(frame("日本 = é + x", "é") == "   1 | 日本 = é + x\n"
                                      "     |        ^\n");
  CHECK(frame("a = '日本'", "日本") == "   1 | a = '日本'\n"
                                       "     |      ^^^^\n");
  CHECK(frame("e\xCC\x81 = x", "x") == "   1 | e\xCC\x81 = x\n"
                                       "     |     ^\n");
  CHECK(frame("\x1b[31m bad", "bad") == "   1 | \uFFFD[31m bad\n"
                                        "     |       ^^^\n");
  const std::string wide = std::string(300, 'a') + "HERE" + std::string(300, 'b');
  const std::string cut = frame(wide, "HERE");
  CHECK(cut.find("…" + std::string(40, 'a') + "HEREbbb") != std::string::npos);
  CHECK(cut.find("| " + std::string(41, ' ') + "^^^^\n") != std::string::npos);
}

TEST_CASE("a file whose lines all end in CRLF is read as if they ended in LF") {
  Sources sources;
  const FileId file = sources.add("crlf.sql", "SELECT 'a\r\nb';\r\n");
  CHECK(sources.text(file) == "SELECT 'a\nb';\n");
  CHECK(sources.position(file, 10) == Position{2, 1});
  CHECK(sources.as_on_disk(file, "SELECT 1;\nSELECT 2;\n") == "SELECT 1;\r\nSELECT 2;\r\n");

  // Where somebody chose, nothing is changed.
  for (const std::string_view text : {"a\r\nb\n", "a\rb\r\n", "a\r\r\n", "a\r", "a\n", ""}) {
    const FileId kept = sources.add("kept.sql", std::string(text));
    CHECK(sources.text(kept) == text);
    CHECK(sources.as_on_disk(kept, "1\n") == "1\n");
  }
  const FileId python = sources.add("x.py", "x = 1\n");
  CHECK(sources.text(sources.derive(python, "a\r\n", {})) == "a\r\n");
}
