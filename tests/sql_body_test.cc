// Bodies of plain-SQL revisions: parts, transactions, marks, and the statements they compile to.
#include "common/parallel.h"
#include "common/path.h"
#include "compiler/statements.h"
#include "grammars/postgres/outside.h"
#include "grammars/versions.h"
#include "versions/read_sql.h"
#include "versions/sections.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace retort;
using Lines = std::vector<std::string>;

namespace {

const std::string kHeader =
    "-- /// retort\n-- revision = \"a\"\n-- down_revision = false\n-- ///\n";

struct File {
  std::string name;
  std::string text;
};

using Files = std::vector<File>;

const std::string kMajor = std::to_string(postgres_grammar_major());

// The first revision of a folder, with its bodies.
struct Body {
  Sources sources;
  Diagnostics diagnostics;
  Revision revision;
  SqlBody body;

  explicit Body(const Files& files) {
    std::vector<SqlFile> list;
    for (const File& file : files)
      list.push_back({"/v/" + file.name, sources.add("/v/" + file.name, file.text)});
    std::vector<Revision> revisions = read_sql_files(sources, list, false, diagnostics);
    REQUIRE(!revisions.empty());
    revision = revisions[0];
    body = read_sections(sources, revision, diagnostics);
  }
  explicit Body(const std::string& text) : Body(Files{{"a.sql", kHeader + text}}) {}

  // `up auto: SELECT 1`, with `!` before a statement that isn't valid and `outside` where it runs
  // so.
  Lines statements() {
    Lines lines;
    on_large_stack([&] {
      for (const bool down : {false, true})
        for (const Statement& statement :
             read_statements(sources, revision, body, down, diagnostics)) {
          std::string line = down ? "down " : "up ";
          if (!statement.transaction)
            line += "outside ";
          if (!statement.valid)
            line += "! ";
          line += statement.sql;
          CHECK(sources.text(statement.at) == statement.sql);
          if (!statement.assertion.empty())
            line += fmt::format(" (assert: {})", statement.assertion);
          if (statement.rows)
            line += fmt::format(" ({}..{} rows)", statement.rows->least, statement.rows->most);
          if (statement.copies)
            line += fmt::format(" ({})", statement.data);
          lines.push_back(line);
        }
    });
    return lines;
  }
  Lines messages() {
    diagnostics.sort(sources);
    Lines lines;
    for (const Diagnostic& diagnostic : diagnostics.all())
      lines.push_back(fmt::format("{} {} {} [{}] {}", to_string(diagnostic.level), diagnostic.rule,
                                  diagnostic.variant, sources.text(diagnostic.at),
                                  diagnostic.message));
    return lines;
  }
};

Lines messages(const std::string& text) {
  Body body(text);
  body.statements();
  return body.messages();
}

}  // namespace

TEST_CASE("the example of the manual") {
  Body body(R"(-- retort: up
ALTER TABLE public.orders ADD COLUMN cancel_reason text;
-- retort: transaction off
CREATE INDEX CONCURRENTLY ix ON public.orders (cancelled_at);
-- retort: down
-- retort: transaction off
DROP INDEX CONCURRENTLY public.ix;
-- retort: transaction on
ALTER TABLE public.orders DROP COLUMN cancel_reason;
)");
  CHECK(body.statements() ==
        Lines{"up ALTER TABLE public.orders ADD COLUMN cancel_reason text",
              "up outside CREATE INDEX CONCURRENTLY ix ON public.orders (cancelled_at)",
              "down outside DROP INDEX CONCURRENTLY public.ix",
              "down ALTER TABLE public.orders DROP COLUMN cancel_reason"});
  CHECK(body.messages().empty());
  CHECK(body.body.has_down);
  REQUIRE(body.body.sections.size() == 4);
  CHECK(body.body.sections[1].wrap == Wrap::never);
  CHECK(body.body.sections[3].wrap == Wrap::always);
}

TEST_CASE("`up` may be missing; case and the blank after the colon don't matter") {
  CHECK(Body("SELECT 1;\n--RETORT:Down\nSELECT 2;\r\n-- Retort:TRANSACTION Off\r\nSELECT 3;")
            .statements() == Lines{"up SELECT 1", "down SELECT 2", "down outside SELECT 3"});
  CHECK_FALSE(Body("SELECT 1;").body.has_down);
  CHECK(Body("SELECT 1;\n-- retort: down\n").body.has_down);
}

TEST_CASE("marks inside strings, bodies and COPY data are text") {
  Body body("SELECT '\n-- retort: down\n';\nDO $$\n-- retort: down\n$$;\nCOPY t FROM stdin;\n"
            "-- retort: down\n\\.\nSELECT 2;\n");
  CHECK(body.statements().size() == 4);
  CHECK(body.statements()[2] == "up COPY t FROM stdin (-- retort: down\n)");
  CHECK_FALSE(body.body.has_down);
  CHECK(body.messages().empty());
}

TEST_CASE("a part ends a statement whose semicolon is missing") {
  CHECK(Body("SELECT 1\n-- retort: down\nSELECT 2").statements() ==
        Lines{"up SELECT 1", "down SELECT 2"});
}

TEST_CASE("assertions and expectations belong to the next statement") {
  Body body("SELECT 0;\n-- retort: assert no orders yet\nSELECT count(*) = 0 FROM orders;\n"
            "-- retort: expect rows 1..500\n-- retort: note tell the DBA\nUPDATE t SET a = 1;\n"
            "-- retort: expect rows 5\nDELETE FROM t;\n");
  CHECK(body.statements() ==
        Lines{"up SELECT 0", "up SELECT count(*) = 0 FROM orders (assert: no orders yet)",
              "up UPDATE t SET a = 1 (1..500 rows)", "up DELETE FROM t (5..5 rows)"});
  CHECK(body.messages().empty());
  const std::vector<SqlMark>& marks = body.body.sections[0].marks;
  REQUIRE(marks.size() == 4);
  CHECK(marks[2].kind == SqlMark::Kind::note);
  CHECK(body.sources.text({body.revision.file, marks[2].text}) == "tell the DBA");
}

TEST_CASE("allow marks may stand anywhere") {
  Body body("SELECT 1; -- retort: allow(lock/retype) small table\n");
  REQUIRE(body.body.sections[0].marks.size() == 1);
  CHECK(body.body.sections[0].marks[0].kind == SqlMark::Kind::allow);
  CHECK(body.messages().empty());
}

TEST_CASE("marks that don't fit are told") {
  CHECK(
      messages("-- retort: donw\nSELECT 1;") ==
      Lines{
          "warning chain/broken unknown-mark [donw] mark `donw` is unknown, did you mean `down`?"});
  CHECK(messages("-- retort:\nSELECT 1;") ==
        Lines{"warning chain/broken unknown-mark [-- retort:] mark has no word behind `retort:`"});
  CHECK(messages("SELECT 1;\n  -- retort: down\nSELECT 1;") ==
        Lines{"error chain/broken bad-mark [-- retort: down] mark has no effect: it must stand at "
              "the start "
              "of a line"});
  CHECK(messages("-- retort: transaction of\nSELECT 1;") ==
        Lines{"error chain/broken bad-mark [of] `transaction` must be on or off"});
  CHECK(messages("-- retort: expect rows 5..1\nSELECT 1;") ==
        Lines{"error chain/broken bad-mark [rows 5..1] expectation must be written as `expect rows "
              "1..500`"});
  CHECK(messages("-- retort: assert\nSELECT 1;") ==
        Lines{"error chain/broken bad-mark [-- retort: assert] `assert` has no text"});
  CHECK(messages("SELECT 1;\n-- retort: assert x\n-- retort: down\nSELECT 1;") ==
        Lines{"error chain/broken bad-mark [-- retort: assert x] mark has no effect: no statement "
              "follows in "
              "this section"});
  CHECK(messages("-- retort: down\nSELECT 1;\n-- retort: down\nSELECT 1;") ==
        Lines{"error chain/broken bad-mark [-- retort: down] `down` part begins twice"});
}

TEST_CASE("an irreversible revision has no way down") {
  Body body(Files{{"a.sql",
                   "-- /// retort\n-- revision = \"a\"\n-- down_revision = false\n"
                   "-- irreversible = \"gone\"\n-- ///\nSELECT 1;\n-- retort: down\nSELECT 2;\n"}});
  CHECK(body.statements() == Lines{"up SELECT 1"});
  CHECK(body.messages() ==
        Lines{"warning chain/broken unused-down [\"gone\"] down part is never run: the "
              "header says `irreversible`"});
}

TEST_CASE("a pair of files") {
  Body body(Files{{"a.down.sql", "\xEF\xBB\xBFSELECT 2;\n-- retort: transaction off\nSELECT 3;\n"},
                  {"a.up.sql", kHeader + "SELECT 1;\n-- retort: down\n"}});
  CHECK(body.statements() == Lines{"up SELECT 1", "down SELECT 2", "down outside SELECT 3"});
  CHECK(body.messages() == Lines{"error chain/broken bad-mark [-- retort: down] file can't change "
                                 "direction: it is one half of an up and down pair"});
}

TEST_CASE("other tools' bodies") {
  CHECK(Body(Files{{"1_a.sql", "-- first\n-- migrate:up transaction:false\nSELECT 1;\n-- "
                               "migrate:down\nSELECT 2;\n"}})
            .statements() == Lines{"up outside SELECT 1", "down SELECT 2"});
  CHECK(Body(Files{{"1_a.sql",
                    "-- +goose NO TRANSACTION\n-- +goose Up\n-- +goose StatementBegin\nDO $$ begin "
                    "end $$;\n-- +goose StatementEnd\n-- +goose Down\nSELECT 2;\n"}})
            .statements() == Lines{"up outside DO $$ begin end $$", "down outside SELECT 2"});
  CHECK(Body(Files{{"1_a.down.sql", "SELECT 2;"}, {"1_a.up.sql", "SELECT 1;"}}).statements() ==
        Lines{"up outside SELECT 1", "down outside SELECT 2"});
  CHECK(
      Body(Files{{"U1__a.sql", "SELECT 2;"}, {"V1__a.sql", "SELECT 1; VACUUM t;"}}).statements() ==
      Lines{"up SELECT 1", "up outside VACUUM t", "down SELECT 2"});
}

TEST_CASE("other tools' marks that don't fit are told") {
  const auto body_messages = [](const std::string& text) {
    return Body(Files{{"1_a.sql", text}}).messages();
  };
  CHECK(body_messages("SELECT 0;\n-- migrate:up\nSELECT 1;\n") ==
        Lines{"error chain/broken bad-mark [SELECT 0] SQL belongs to no part: it stands before "
              "dbmate's "
              "first mark"});
  CHECK(body_messages("-- migrate:up transactions:false\nSELECT 1;\n") ==
        Lines{"warning chain/broken unknown-mark [transactions:false] option `transactions:false` "
              "has no "
              "effect"});
  CHECK(body_messages("-- +goose Up\n-- +goose ENVSUB ON\nSELECT '${X}';\n") ==
        Lines{"error chain/broken bad-mark [-- +goose ENVSUB ON] SQL can't be known: `ENVSUB` puts "
              "environment variables into it"});
  CHECK(body_messages("-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n") ==
        Lines{"error chain/broken bad-mark [-- +goose StatementBegin] statement has no `-- +goose "
              "StatementEnd`"});
  CHECK(body_messages("-- +goose Up\n-- +goose Sideways\nSELECT 1;\n") ==
        Lines{"warning chain/broken unknown-mark [-- +goose Sideways] mark is not one of goose's"});
}

TEST_CASE("mistakes are located, and every statement is there all the same") {
  Body body("SELECT 1;\nSELEC 2;\n\\echo hi\n\\restrict x\nSELECT 'é' FRM t x;\nSELECT (3;\nSELECT "
            "'open");
  CHECK(body.statements() == Lines{"up SELECT 1", "up ! SELEC 2", "up ! SELECT 'é' FRM t x",
                                   "up ! SELECT (3", "up ! SELECT 'open"});
  CHECK(body.messages() ==
        Lines{"error sql/syntax  [SELEC] not valid in PostgreSQL " + kMajor +
                  ": syntax error at or near `SELEC`",
              "error sql/syntax  [\\echo hi] psql commands can't be compiled",
              "info sql/syntax  [\\restrict x] psql's restrict command of a dump is skipped",
              "error sql/syntax  [t] not valid in PostgreSQL " + kMajor +
                  ": syntax error at or near `t`",
              "error sql/syntax  [(] parenthesis is never closed in this statement",
              "error sql/syntax  ['] string is never closed"});
}

TEST_CASE("what is too large to parse is a warning, not a mistake") {
  std::string chain = "SELECT 1";
  for (int i = 0; i < 50'000; ++i)
    chain += " || 1";
  const Lines lines = messages(chain + ";\nSELECT 2;");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with("warning sql/syntax  [] not checked: a chain of"));
}

TEST_CASE("statements that the server forbids in a transaction block") {
  const auto forbidden = [](std::string_view sql) { return pg::forbidden_in_transaction(sql); };
  CHECK(forbidden("CREATE INDEX CONCURRENTLY i ON t (a)") == "CREATE INDEX CONCURRENTLY");
  CHECK(forbidden("create /* x */ unique index concurrently if not exists i on t (a)") != "");
  CHECK(forbidden("CREATE INDEX \"concurrently\" ON t (a)") == "");
  CHECK(forbidden("DROP INDEX CONCURRENTLY i") != "");
  CHECK(forbidden("REINDEX TABLE CONCURRENTLY t") == "REINDEX CONCURRENTLY");
  CHECK(forbidden("REINDEX (VERBOSE, CONCURRENTLY) INDEX i") == "REINDEX CONCURRENTLY");
  CHECK(forbidden("REINDEX (CONCURRENTLY off) INDEX i") == "");
  CHECK(forbidden("REINDEX INDEX i") == "");
  CHECK(forbidden("REINDEX (VERBOSE) DATABASE d") == "REINDEX DATABASE");
  CHECK(forbidden("VACUUM (ANALYZE) t") == "VACUUM");
  CHECK(forbidden("ANALYZE t") == "");
  CHECK(forbidden("CLUSTER") == "CLUSTER");
  CHECK(forbidden("CLUSTER VERBOSE") == "CLUSTER");
  CHECK(forbidden("CLUSTER t USING i") == "");
  CHECK(forbidden("CREATE DATABASE d") != "");
  CHECK(forbidden("ALTER DATABASE d SET TABLESPACE s") != "");
  CHECK(forbidden("ALTER DATABASE d SET work_mem = '1MB'") == "");
  CHECK(forbidden("DROP TABLESPACE s") != "");
  CHECK(forbidden("ALTER SYSTEM SET work_mem = '1MB'") != "");
  CHECK(forbidden("ALTER TABLE s.p DETACH PARTITION s.\"q\" CONCURRENTLY") != "");
  CHECK(forbidden("ALTER TABLE p DETACH PARTITION q") == "");
  CHECK(forbidden("CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p") != "");
  CHECK(forbidden(
            "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = false)") == "");
  CHECK(forbidden("ALTER SUBSCRIPTION s REFRESH PUBLICATION WITH (copy_data = false)") != "");
  CHECK(forbidden("ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (refresh = false)") == "");
  CHECK(forbidden("ALTER SUBSCRIPTION s ENABLE") == "");
  CHECK(forbidden("REFRESH MATERIALIZED VIEW CONCURRENTLY v") == "");
  CHECK(forbidden("ALTER TYPE t ADD VALUE 'x'") == "");
  CHECK(forbidden("") == "");
}
