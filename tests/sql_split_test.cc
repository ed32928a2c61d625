// Cutting SQL into statements, and the grammar's guard. Statements are shown one a line.
#include "common/parallel.h"
#include "common/utf8.h"
#include "grammars/postgres/lexer.h"
#include "grammars/postgres/measure.h"
#include "grammars/postgres/parse.h"
#include "grammars/postgres/split.h"
#include "grammars/versions.h"

#include <doctest/doctest.h>
#include <string>

using namespace retort;
using Lines = std::vector<std::string>;

namespace {

std::string cut(std::string_view text, Span span) {
  return std::string(text.substr(span.begin, span.size()));
}

Lines statements(std::string_view text) {
  Lines lines;
  for (const pg::Statement& statement : pg::split(text).statements)
    lines.push_back(cut(text, statement.span));
  return lines;
}

// Each fault as `explanation: text`.
Lines faults(std::string_view text) {
  Lines lines;
  for (const pg::Fault& fault : pg::split(text).faults)
    lines.push_back(std::string(pg::explain(fault.problem)) + ": " + cut(text, fault.at));
  return lines;
}

std::optional<pg::Reject> check(std::string_view sql, int server = pg::kNewestServer) {
  std::optional<pg::Reject> reject;
  pg::Limits limits;
  limits.server = server;
  on_large_stack([&] { reject = pg::check(sql, limits); });
  return reject;
}
std::string message(std::string_view sql) {
  const std::optional<pg::Reject> reject = check(sql);
  return reject ? reject->message : "";
}
// The text that a reject marks.
std::string marked(std::string_view sql) {
  const std::optional<pg::Reject> reject = check(sql);
  return reject ? cut(sql, reject->at) : "accepted";
}

std::string repeated(std::string_view text, size_t times) {
  std::string result;
  for (size_t i = 0; i < times; ++i)
    result += text;
  return result;
}

}  // namespace

TEST_CASE("a statement runs from its first token to its last, without the semicolon") {
  CHECK(statements("  SELECT 1 ; /* two */ SELECT 2 -- end\n") == Lines{"SELECT 1", "SELECT 2"});
  CHECK(statements(";; SELECT 1;;").size() == 1);
  CHECK(statements("").empty());
  CHECK(statements("-- nothing\n").empty());
  const pg::Split split = pg::split("SELECT 1; SELECT 2");
  CHECK(split.statements[0].span == Span{0, 8});
  CHECK(split.statements[0].terminated);
  CHECK(split.statements[1].span == Span{10, 18});
  CHECK_FALSE(split.statements[1].terminated);
}

TEST_CASE("a range of the text is cut alone, with the text's offsets") {
  const std::string_view text = "SELECT 1; SELECT 2; SELECT 3;";
  const pg::Split split = pg::split(text, {10, 19});
  REQUIRE(split.statements.size() == 1);
  CHECK(split.statements[0].span == Span{10, 18});
}

TEST_CASE("quotes hide semicolons") {
  CHECK(statements("SELECT 'a;''b;'; SELECT 2").size() == 2);
  CHECK(statements(R"(SELECT 'C:\'; SELECT 2)").size() == 2);  // no escape in a plain string
  CHECK(statements(R"(SELECT E'it\';s'; SELECT 2)") == Lines{R"(SELECT E'it\';s')", "SELECT 2"});
  CHECK(statements(R"(SELECT U&'d\0061;', "a;""b", U&"x;"; SELECT 2)").size() == 2);
  CHECK(statements(R"(SELECT N'a\', b'1', X'f;'; SELECT 2)").size() == 2);
}

TEST_CASE("a string of a later line goes on with the first one's escapes") {
  CHECK(statements("SELECT E'a'\n'b\\';c'; SELECT 2").size() == 2);
  CHECK(statements("SELECT E'a' -- why\n'b\\';c'; SELECT 2").size() == 2);
  CHECK(statements("SELECT 'a'\n'b\\'; SELECT 2").size() == 2);
}

TEST_CASE("dollar quotes end at their own tag") {
  CHECK(statements("DO $$ a; b $$; SELECT 2").size() == 2);
  CHECK(statements("SELECT $a$ ; $b$ ' $a$; SELECT 2").size() == 2);
  CHECK(statements("SELECT $a$ $a $ $$ $ab$ ;$a$; SELECT 2").size() == 2);
  CHECK(statements("SELECT $é$;$é$; SELECT 2").size() == 2);
  CHECK(statements("SELECT 1 AS x$$; SELECT 2 AS y$$;").size() == 2);  // part of the names
  CHECK(statements("SELECT $1; SELECT $2").size() == 2);
}

TEST_CASE("comments nest, and hide quotes and semicolons") {
  const std::string_view text = "-- it's;\n/* a /* b ; */ c ' */ SELECT 1 - -1; -- z";
  const pg::Split split = pg::split(text);
  CHECK(statements(text) == Lines{"SELECT 1 - -1"});
  REQUIRE(split.comments.size() == 3);
  CHECK(cut(text, split.comments[0]) == "-- it's;");
  CHECK(cut(text, split.comments[1]) == "/* a /* b ; */ c ' */");
  CHECK(cut(text, split.comments[2]) == "-- z");
  CHECK(statements("SELECT 1 +-- c ;\n 2; SELECT 3").size() == 2);
  CHECK(statements("SELECT 4 */* c ; */ 2; SELECT 3").size() == 2);
  CHECK(statements("SELECT 1 --a\rFROM t; SELECT 2")[0] == "SELECT 1 --a\rFROM t");
}

TEST_CASE("a rule keeps the semicolons of its parentheses") {
  CHECK(statements(
            "CREATE OR REPLACE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2); SELECT 3")
            .size() == 2);
}

TEST_CASE("a parenthesis that stays open costs one statement, not the file") {
  const std::string_view text = "CREATE TABLE t (a numeric(3, 2); SELECT 2; SELECT (3";
  CHECK(statements(text).size() == 3);
  CHECK(faults(text).size() == 2);
  CHECK(pg::split(text).faults[0].at == Span{15, 16});
  CHECK(pg::split(text).statements[0].broken);
  CHECK_FALSE(pg::split(text).statements[1].broken);
  CHECK(statements("SELECT 1); SELECT 2").size() == 2);
}

TEST_CASE("a BEGIN ATOMIC body is one statement") {
  CHECK(
      statements("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT CASE "
                 "WHEN true THEN 2 ELSE 3 END; END; SELECT 4")
          .size() == 2);
  CHECK(statements(
            "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql begin atomic SELECT 1; END; CALL p()")
            .size() == 2);
  CHECK(statements(
            "CREATE FUNCTION f(\"end\" int) RETURNS int BEGIN ATOMIC SELECT \"end\" + CASE WHEN "
            "true THEN CASE WHEN false THEN 1 ELSE 2 END END; END; SELECT 4")
            .size() == 2);
  // A routine of that name opens no body, and BEGIN alone is a transaction.
  CHECK(statements("CREATE FUNCTION begin() RETURNS int AS 'f' LANGUAGE c; SELECT 2").size() == 2);
  CHECK(statements("BEGIN; SELECT 1; END;").size() == 3);
}

TEST_CASE("psql commands are faults with a place; the restrict lines of dumps are not") {
  CHECK(faults("\\restrict abc\nSELECT 1;\n\\unrestrict abc\n") ==
        Lines{"psql's restrict command of a dump is skipped: \\restrict abc",
              "psql's restrict command of a dump is skipped: \\unrestrict abc"});
  CHECK_FALSE(pg::is_error(pg::Problem::restrict_command));
  CHECK(faults("\\set x 'a;b'  \nSELECT 1;") ==
        Lines{"psql commands can't be compiled: \\set x 'a;b'"});
  CHECK(statements("SELECT 1 \\gexec\nSELECT 2;") == Lines{"SELECT 1", "SELECT 2"});
  CHECK(statements("SELECT 1\n\\echo hi\n+ 1; SELECT 2").size() == 2);
  CHECK(faults("SELECT 1 \\; SELECT 2;") == Lines{"psql commands can't be compiled: \\;"});
  CHECK(faults("SELECT '\\q', $$\n\\q\n$$ -- \\q\n/* \\q */;").empty());
}

TEST_CASE("COPY data belongs to its statement") {
  const std::string_view text =
      "COPY t (a) FROM stdin WITH (FORMAT csv); -- rows\n1,it's; $$\n\\N\n\\.\nSELECT 2;";
  const pg::Split split = pg::split(text);
  REQUIRE(split.statements.size() == 2);
  CHECK(split.statements[0].copies);
  CHECK(cut(text, split.statements[0].data) == "1,it's; $$\n\\N\n");
  CHECK(cut(text, split.statements[1].span) == "SELECT 2");
  CHECK(split.comments.size() == 1);
  CHECK(split.faults.empty());
}

TEST_CASE("COPY data: the corners") {
  const auto data = [](std::string_view text) {
    Lines lines;
    for (const pg::Statement& statement : pg::split(text).statements)
      lines.push_back(statement.copies ? cut(text, statement.data) : "none");
    return lines;
  };
  CHECK(data("COPY t FROM stdin;\r\n1\r\n\\.\r\nSELECT 2;") == Lines{"1\r\n", "none"});
  CHECK(data("COPY t FROM stdin;\n1\n2") == Lines{"1\n2"});  // the end of the file ends it, too
  CHECK(data("COPY t FROM stdin;") == Lines{""});
  CHECK(data("COPY t FROM stdin;\n\\.\n") == Lines{""});
  CHECK(data("COPY t FROM stdin; COPY u FROM stdin;\n1\n\\.\n2\n\\.\nSELECT 1") ==
        Lines{"1\n", "2\n", "none"});
  CHECK(data("COPY t TO stdout; COPY t FROM '/x'; COPY (SELECT 1) TO stdout;") ==
        Lines{"none", "none", "none"});
}

TEST_CASE("what is never closed is one fault at its opening, and what stands before is usable") {
  CHECK(faults("SELECT 1; SELECT 'abc; SELECT 2;\n") == Lines{"string is never closed: '"});
  CHECK(faults("SELECT 1; SELECT E'abc\\'") == Lines{"string is never closed: E'"});
  CHECK(faults("SELECT 1; SELECT \"abc") == Lines{"quoted name is never closed: \""});
  CHECK(faults("SELECT 1; DO $x$ abc $$;") == Lines{"dollar-quoted string is never closed: $x$"});
  CHECK(faults("SELECT 1; /* a /* b */ SELECT") == Lines{"comment is never closed: /*"});
  const pg::Split split = pg::split("SELECT 1; SELECT 'abc; SELECT 2;\n");
  REQUIRE(split.statements.size() == 2);
  CHECK_FALSE(split.statements[0].broken);
  CHECK(split.statements[1].broken);
}

TEST_CASE("a byte order mark is skipped, a NUL byte is a fault") {
  CHECK(statements(std::string(utf8::kByteOrderMark) + "SELECT 1;") == Lines{"SELECT 1"});
  CHECK(pg::split(std::string(utf8::kByteOrderMark) + "SELECT 1;").statements[0].span ==
        Span{3, 11});
  const std::string text("SELECT 1; SELECT \0 2; SELECT 3", 30);
  const pg::Split split = pg::split(text);
  REQUIRE(split.faults.size() == 1);
  CHECK(split.faults[0].at == Span{17, 18});
  REQUIRE(split.statements.size() == 3);
  CHECK(split.statements[1].broken);
  CHECK_FALSE(split.statements[2].broken);
}

// Valid statements in any order, glued with any blanks and comments: the splitter and the grammar
// cut at the same bytes.
TEST_CASE("the splitter cuts where the grammar cuts") {
  const Lines parts = {
      "SELECT 1",
      "SELECT 'a;''b', \"c;\"\"d\".e, $$;'$$, $x$ $$;$x$ FROM \"c;\"\"d\"",
      "SELECT E'\\';' , U&'\\0061;', U&\"a;\" , n'x', b'01', x'ff'",
      "SELECT E'a'\n'\\';b'",
      "SELECT 1e-5, .5, 1.5e10, 2 - -1, a -1, -$1, a<-b, a@>-1, x::int[1][2], 5!=-1 FROM t",
      "SELECT a[1:2], b[:n], (c).d FROM t WHERE a ~ '^;' AND b IS DISTINCT FROM c",
      "SELECT 1 AS x$$, y$1$z FROM \xC3\xA9t\xC3\xA9",
      "CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT (2); NOTIFY x)",
      "CREATE OR REPLACE FUNCTION f(a int DEFAULT (1)) RETURNS int LANGUAGE sql BEGIN ATOMIC "
      "SELECT "
      "CASE WHEN a = 1 THEN 2 ELSE CASE a WHEN 3 THEN 4 END END; SELECT (CASE WHEN true THEN 1 "
      "END); "
      "RETURN 3; END",
      "CREATE PROCEDURE p() LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); END",
      "CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$",
      "CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $body$ begin return 1; end; $body$",
      "CREATE TABLE \"t;\" (a text DEFAULT ';', b int CHECK (b > 0), c numeric(3, 2))",
      "COMMENT ON TABLE t IS 'it''s; fine'",
      "BEGIN",
      "COMMIT",
      "DO $$ begin perform 1; end $$",
      "INSERT INTO t VALUES (1, ';'), (-2, E'\\\\;')",
      "ALTER TABLE t ADD COLUMN a int, DROP COLUMN b",
  };
  const Lines glue = {";", ";\n", " ; ", ";-- it's; (\n", "\n;/* ' /* ; */ $$ */ ", ";;\n\r\n;\t"};
  uint32_t state = 1;
  const auto random = [&](size_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  on_large_stack([&] {
    for (int round = 0; round < 2000; ++round) {
      std::string text = random(4) == 0 ? "/* start ; */ " : "";
      for (size_t i = 0, count = 1 + random(8); i < count; ++i)
        text += parts[random(parts.size())] + glue[random(glue.size())];
      const std::optional<std::vector<Span>> expected = pg::split_by_grammar(text);
      REQUIRE_MESSAGE(expected.has_value(), text);
      Lines grammar;
      for (const Span span : *expected) {
        // The grammar counts what stands before a statement as its own.
        pg::Lexer lexer(text, span);
        pg::Token token = lexer.next();
        while (token.kind == pg::TokenKind::comment)
          token = lexer.next();
        const uint32_t begin = token.span.begin;
        uint32_t end = begin;
        for (; token.kind != pg::TokenKind::end; token = lexer.next())
          if (token.kind != pg::TokenKind::comment)
            end = token.span.end;
        grammar.push_back(cut(text, {begin, end}));
      }
      REQUIRE_MESSAGE(statements(text) == grammar, text);
    }
  });
}

TEST_CASE("any bytes are cut without a crash, in order and inside the text") {
  const std::string_view alphabet[] = {"'",
                                       "\"",
                                       "$",
                                       "$a$",
                                       "/*",
                                       "*/",
                                       "--",
                                       "\n",
                                       "\r",
                                       "\\",
                                       "(",
                                       ")",
                                       ";",
                                       "E'",
                                       "a",
                                       " ",
                                       "\\.",
                                       "COPY t FROM stdin;",
                                       "U&",
                                       "\xC3",
                                       "1",
                                       ".",
                                       ":",
                                       "BEGIN ATOMIC",
                                       "CREATE FUNCTION",
                                       "END",
                                       "CASE",
                                       "\\g",
                                       std::string_view("\0", 1),
                                       "CREATE RULE"};
  uint32_t state = 7;
  const auto random = [&](size_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (size_t i = 0, count = random(24); i < count; ++i)
      text += alphabet[random(std::size(alphabet))];
    uint32_t end = 0;
    for (const pg::Statement& statement : pg::split(text).statements) {
      REQUIRE_MESSAGE(statement.span.begin >= end, text);
      REQUIRE(statement.span.end > statement.span.begin);
      end = statement.span.end;
      if (statement.copies) {
        REQUIRE(statement.data.begin >= end);
        REQUIRE(statement.data.end >= statement.data.begin);
        REQUIRE_MESSAGE(statement.data.end <= text.size(), text);
      }
    }
    REQUIRE(end <= text.size());
  }
}

const std::string kInvalid =
    "not valid in PostgreSQL " + std::to_string(postgres_grammar_major()) + ": ";

TEST_CASE("the grammar's rejects point at the byte and quote in backticks") {
  CHECK(message("SELECT 1") == "");
  CHECK(message("SELEC 1") == kInvalid + "syntax error at or near `SELEC`");
  CHECK(marked("SELECT 'é€😀' FRM t WHERE") == "t");  // characters before it are counted in bytes
  CHECK(marked("SELECT 'é€😀' + , b") == ",");
  CHECK(check("SELECT (")->at == Span{8, 8});
  CHECK(message("SELECT (") == kInvalid + "syntax error at end of input");
  CHECK(marked("SELECT :name") == ":");
  CHECK(marked("SELECT %(name)s") == "%");
  CHECK(message("SELECT $1") == "");
  CHECK(message("SELECT 1 FROM t LIMIT 'é' " + repeated("x", 60) + " ' a").size() < 200);
}

TEST_CASE("comments are no matter for the grammar") {
  CHECK(message("SELECT 1 WHERE 2 NOT /* x */ IN (3)") == "");
  CHECK(message("SELECT a FROM t ORDER BY a NULLS -- x\n LAST") == "");
  CHECK(message("SELECT 'a' -- c\n'b'") == "");
  CHECK(marked("/* é€ */ SELECT 1 /* 'é */ FRM t x") == "t");
  CHECK(pg::blank_comments("a--b\nc/*d\ne*/f'--'") == "a   \nc   \n   f'--'");
}

TEST_CASE("a reject says what stands for words of other databases") {
  const auto advised = [](std::string_view sql, std::string_view words) {
    const std::optional<pg::Reject> reject = check(sql);
    REQUIRE_MESSAGE(reject, sql);
    CHECK_MESSAGE(reject->advice().find(words) != std::string_view::npos, sql << reject->message);
  };
  advised("ALTER TYPE mood DROP VALUE 'sad'", "a label of an enum stays");
  advised("CREATE TYPE IF NOT EXISTS mood AS ENUM ('sad')", "pg_type");
  advised("CREATE POLICY IF NOT EXISTS p ON t", "DROP … IF EXISTS");
  advised("ALTER TABLE t ADD CONSTRAINT IF NOT EXISTS c CHECK (a > 0)",
          "DROP CONSTRAINT IF EXISTS");
  advised("CREATE INDEX CONCURRENTLY IF NOT EXISTS ON t (a)", "needs a name");
  advised("ALTER TABLE t RENAME COLUMN IF EXISTS a TO b", "RENAME COLUMN");
  advised("DROP INDEX ix ON t", "the index alone");
  advised("ALTER TABLE t DROP PRIMARY KEY", "DROP CONSTRAINT");
  advised("ALTER TABLE t DROP FOREIGN KEY fk", "DROP CONSTRAINT");
  advised("ALTER TABLE t ADD UNIQUE INDEX ix (a)", "CREATE INDEX");
  advised("ALTER TABLE t MODIFY COLUMN a bigint NOT NULL", "ALTER COLUMN");
  advised("ALTER TABLE t MODIFY a bigint", "ALTER COLUMN");
  advised("ALTER TABLE t CHANGE COLUMN a b bigint", "RENAME COLUMN");
  advised("CREATE TABLE t (a int PRIMARY KEY AUTO_INCREMENT)", "IDENTITY");
  advised("CREATE TABLE t (a int AUTOINCREMENT)", "IDENTITY");
  advised("CREATE TABLE t (a int UNSIGNED)", "CHECK");
  advised("CREATE TABLE t (a int) ENGINE=InnoDB", "ENGINE");
  advised("CREATE TABLE t (a timestamp DEFAULT now() ON UPDATE CURRENT_TIMESTAMP)", "trigger");
  advised("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 1", "ON CONFLICT");
  advised("INSERT IGNORE INTO t VALUES (1)", "DO NOTHING");
  advised("REPLACE INTO t VALUES (1)", "DO UPDATE");
  advised("SELECT `a` FROM t", "names are quoted");
  // Words that are names here, with a mistake elsewhere.
  CHECK(check("SELECT unsigned, engine FRM t x")->advice().empty());
  CHECK(check("ALTER TABLE t ADD index text, DRP x")->advice().empty());
}

TEST_CASE("a reject says when a newer grammar knows the words") {
  const auto newer = [](std::string_view sql, std::string_view words) {
    const std::optional<pg::Reject> reject = check(sql, 15);
    if (!reject) {  // built with that newer grammar
      CHECK_MESSAGE(postgres_grammar_major() > 15, sql);
      return;
    }
    CHECK_MESSAGE(reject->reason == pg::Reject::Reason::newer_grammar, sql << reject->message);
    CHECK_MESSAGE(reject->message.find(words) != std::string::npos, reject->message);
  };
  newer("ALTER TABLE t ALTER COLUMN a SET EXPRESSION AS (b + 1)", "PostgreSQL 17");
  newer("ALTER TABLE t SET ACCESS METHOD DEFAULT", "SET ACCESS METHOD DEFAULT");
  newer("CREATE TABLE t (a text STORAGE EXTERNAL)", "STORAGE of a column");
  newer("ALTER TABLE t ALTER COLUMN a SET STORAGE DEFAULT", "STORAGE");
  newer("CREATE STATISTICS ON a, b FROM t", "without a name");
  newer("REINDEX DATABASE", "REINDEX");
  newer("GRANT a TO b WITH INHERIT TRUE", "GRANT");
  newer("SELECT a IS JSON FROM t", "IS JSON");
  newer("SELECT JSON_OBJECT('a': 1)", "JSON constructors");
  newer("SELECT JSON_QUERY(a, '$' WITH WRAPPER) FROM t", "JSON query");
  newer("SELECT * FROM JSON_TABLE(a, '$' COLUMNS (x int))", "JSON_TABLE");
  newer("SELECT * FROM (SELECT 1)", "without an alias");
  newer("SELECT 1_000", "numbers");
  newer("SELECT 0xff", "numbers");
  newer("MERGE INTO t USING u ON t.a = u.a WHEN NOT MATCHED BY SOURCE THEN DELETE", "MERGE");
  newer("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE RETURNING *", "RETURNING");
  newer("SELECT a AT LOCAL FROM t", "AT LOCAL");
  newer("ALTER TABLE t ADD CONSTRAINT x NOT NULL a NOT VALID", "PostgreSQL 18");
  newer("CREATE TABLE t (a int CHECK (a > 0) NOT ENFORCED)", "NOT ENFORCED");
  newer("CREATE TABLE t (a int GENERATED ALWAYS AS (1) VIRTUAL)", "virtual");
  newer("CREATE TABLE t (PRIMARY KEY (a, b WITHOUT OVERLAPS))", "WITHOUT OVERLAPS");
  newer("UPDATE t SET a = 1 RETURNING WITH (OLD AS o) o.a", "RETURNING WITH");
  newer("ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO x", "large objects");
  // A mistake elsewhere in the statement is a plain one.
  CHECK(check("SELECT json_object(a, b) FRM t x")->reason == pg::Reject::Reason::syntax);
  CHECK(check("SELECT a AS enforced, FROM t")->reason == pg::Reject::Reason::syntax);
}

TEST_CASE("words of PostgreSQL 18 are read where no server is older") {
  constexpr std::string_view kRead[] = {
      "ALTER TABLE t ADD COLUMN a int GENERATED ALWAYS AS (b * (c + 1)) VIRTUAL NOT NULL",
      "ALTER TABLE t ADD a int GENERATED ALWAYS AS (b), ADD c int",
      "CREATE TABLE t (a int GENERATED ALWAYS AS (f(')')))",
      "CREATE TABLE t (a int, NOT NULL a, CONSTRAINT \"x y\" NOT  NULL\"a\")",
      "ALTER TABLE ONLY t ADD CONSTRAINT x NOT NULL a /* now */ NOT VALID",
      "ALTER TABLE t ADD NOT NULL a",
      "CREATE UNLOGGED TABLE t (a int CHECK (a > 0) NOT ENFORCED CHECK (a < 9) ENFORCED)",
      "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u ON DELETE CASCADE NOT ENFORCED",
      "ALTER TABLE t ALTER CONSTRAINT x NOT ENFORCED",
  };
  for (const std::string_view sql : kRead) {
    const std::optional<pg::Reject> reject = check(sql);
    CHECK_MESSAGE(!reject, sql << ": " << (reject ? reject->message : ""));
    if (postgres_grammar_major() < 18)
      CHECK_MESSAGE(check(sql, 17), sql);
  }
  constexpr std::string_view kRefused[] = {
      "CREATE TABLE t (a int NOT ENFORCED)",
      "CREATE TABLE t (a int CHECK (a > 0), b int NOT ENFORCED)",
      "ALTER TABLE t ADD CONSTRAINT x NOT NULL a NO INHERIT",
      "ALTER TABLE t ADD a int GENERATED ALWAYS AS (b) VIRTUL",
      "ALTER TABLE t ADD a int GENERATED ALWAYS AS (b +) VIRTUAL",
      "ALTER DOMAIN d ADD CONSTRAINT x CHECK (VALUE > 0) NOT ENFORCED",
      "ALTER DOMAIN d ADD CONSTRAINT x NOT NULL not",
      "SELECT 1 NOT NULL a",
  };
  if (postgres_grammar_major() < 18)
    for (const std::string_view sql : kRefused)
      CHECK_MESSAGE(check(sql), sql);
  // Each is a parse of its own.
  const std::string column = "a int GENERATED ALWAYS AS (b) VIRTUAL, ";
  CHECK(!check("CREATE TABLE t (" + repeated(column, 64) + "b int)"));
  CHECK((check("CREATE TABLE t (" + repeated(column, 1'000) + "b int)").has_value() ||
         postgres_grammar_major() >= 18));
}

TEST_CASE("what could exhaust a stack is measured, not parsed") {
  CHECK(message(repeated("(", 100'000)).starts_with("not checked: 100000 levels of nesting"));
  CHECK(message("SELECT " + repeated("(", 5'001) + "1" + repeated(")", 5'001)) != "");
  CHECK(message("SELECT 1" + repeated(" || 1", 50'000)).starts_with("not checked: a chain of 500"));
  CHECK(message("SELECT 1" + repeated(" || 1", 19'000)) == "");
  CHECK(message("SELECT '" + std::string(5 << 20, 'x') + "'")
            .starts_with("not checked: a statement of"));
  CHECK(message("SELECT a" + repeated("::int", 50'000)) != "");
  CHECK(message("SELECT a" + repeated(" COLLATE x", 50'000)) != "");
  CHECK(message("SELECT 1" + repeated(" UNION SELECT 1, 2", 50'000)) != "");
  CHECK(message("SELECT 1 FROM a" + repeated(" JOIN b ON c AND d", 50'000)) != "");
  CHECK(message("SELECT " + repeated("NOT ", 100'000) + "true") != "");
  CHECK(message("SELECT " + repeated("- ", 100'000) + "1") != "");
  CHECK(message("SELECT " + repeated("CASE WHEN ", 100'000)) != "");
  CHECK(message("SELECT " + repeated("ARRAY[", 100'000)) != "");
  CHECK(message(repeated("EXPLAIN ", 100'000) + "SELECT 1") != "");
}

TEST_CASE("what stays below the limits is parsed without a crash") {
  const auto nested = [](std::string_view open, std::string_view close, size_t depth) {
    return message("SELECT " + repeated(open, depth) + "1" + repeated(close, depth));
  };
  for (const size_t depth : {100, 1'000, 4'900}) {
    CHECK(nested("(SELECT ", ")", depth).find("not checked") == std::string::npos);
    CHECK(nested("f(", ")", depth).find("not checked") == std::string::npos);
    CHECK(nested("CASE WHEN ", " THEN 1 END", depth).find("not checked") == std::string::npos);
    CHECK(nested("(1 || 1 || ", ")", depth / 2).find("not checked") == std::string::npos);
    CHECK(nested("NOT ", "", depth).find("not checked") == std::string::npos);
  }
}

TEST_CASE("long lists and flat conditions are not deep") {
  CHECK(message("INSERT INTO t VALUES (-1, -2)" + repeated(", (-1, 'a' || 'b')", 60'000)) == "");
  CHECK(message("SELECT 1 WHERE a = 1" + repeated(" OR a = -1", 100'000)) == "");
  CHECK(pg::measure("a || b || c").tree == 3);
  CHECK(pg::measure("f(-1, -2), (-3)").tree <= 4);
  CHECK(pg::measure("((a))[1]").nesting == 2);
  CHECK(pg::measure("CASE WHEN CASE WHEN a THEN b END THEN c END").nesting == 2);
}
