// Any bytes as a SQL revision, with a header of retort's or in another tool's layout: no crash,
// sections and statements inside the text, findings that can be printed.
#include "compiler/statements.h"
#include "grammars/postgres/split.h"
#include "linter/report/json.h"
#include "linter/report/text.h"
#include "tests/fuzz/seeds.h"
#include "versions/read_sql.h"

using namespace retort;

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  fuzz::write_seeds(
      *argc, *argv,
      {
          "-- /// retort\n-- revision = \"a1\"\n-- down_revision = []\n-- transaction = \"never\"\n"
          "-- ///\n-- up\nCREATE TABLE t (a int);\n-- down\nDROP TABLE t;\n",
          "-- migrate:up transaction:false\nSELECT $a$;$a$;\n-- migrate:down\nSELECT 'x';\n",
          "-- +goose Up\n-- +goose StatementBegin\nSELECT E'\\'';\n-- +goose StatementEnd\n"
          "-- +goose Down\nSELECT 1;\n",
          "COPY t FROM stdin;\n1\t2\n\\.\nSELECT /* /* */ */ \"a\";\n\\i x\n",
          "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;\n"
          "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);\n",
          "-- retort: expect rows 1..3\nUPDATE t SET a = 1;\n-- retort: assert no nulls\nSELECT 1;",
      });
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto inside = [&](Span span) { return span.begin <= span.end && span.end <= size; };
  uint32_t last = 0;
  for (const pg::Statement& statement : pg::split(text).statements) {
    MUST(inside(statement.span) && inside(statement.data));
    MUST(statement.span.begin >= last);
    last = statement.span.end;
  }
  // As a file of retort's and in the layouts of other tools.
  for (const char* const name : {"/v/a.sql", "/v/20240131120000_a.sql", "/v/00001_a.sql",
                                 "/v/000001_a.up.sql", "/v/V1__a.sql"}) {
    Sources sources;
    Diagnostics diagnostics;
    const SqlFile file{name, sources.add(name, text)};
    for (const Revision& revision :
         read_sql_files(sources, std::span(&file, 1), false, diagnostics)) {
      const SqlBody body = read_sections(sources, revision, diagnostics);
      for (const SqlSection& section : body.sections) {
        MUST(inside(section.span));
        for (const SqlMark& mark : section.marks)
          MUST(inside(mark.at) && inside(mark.text));
        for (const pg::Statement& statement :
             pg::split(sources.text(section.file), section.span).statements)
          MUST(statement.span.begin >= section.span.begin &&
               statement.span.end <= section.span.end);
      }
    }
    diagnostics.sort(sources);
    to_text(diagnostics.all(), sources, true);
    JsonWriter json;
    write_findings(json, diagnostics.all(), sources);
  }
  return 0;
}
