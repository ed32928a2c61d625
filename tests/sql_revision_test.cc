// Headers of plain-SQL revisions: retort's own block and other tools' folders.
#include "common/path.h"
#include "versions/read_sql.h"
#include "versions/sql_header.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace retort;
using Lines = std::vector<std::string>;

namespace {

struct File {
  std::string name;
  std::string text;
};

// One folder, read.
struct Folder {
  Sources sources;
  Diagnostics diagnostics;
  std::vector<Revision> revisions;

  Folder(const std::vector<File>& files, bool python = false) {
    std::vector<SqlFile> list;
    for (const File& file : files)
      list.push_back({"/v/" + file.name, sources.add("/v/" + file.name, file.text)});
    revisions = read_sql_files(sources, list, python, diagnostics);
  }

  // `id <- parent, parent: title`
  Lines chain() const {
    Lines lines;
    for (const Revision& revision : revisions) {
      Lines parents;
      for (const Reference& parent : revision.down_revisions)
        parents.push_back(parent.id);
      lines.push_back(
          fmt::format("{} <- {}: {}", revision.id, fmt::join(parents, ", "), revision.doc));
    }
    return lines;
  }

  // `file:line:column level variant [marked text] message`
  Lines messages() {
    diagnostics.sort(sources);
    Lines lines;
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      CHECK(diagnostic.rule == "chain/broken");
      const Position at = sources.position(diagnostic.at.file, diagnostic.at.span.begin);
      lines.push_back(fmt::format("{}:{}:{} {} {} [{}] {}",
                                  file_name(sources.path(diagnostic.at.file)), at.line, at.column,
                                  to_string(diagnostic.level), diagnostic.variant,
                                  sources.text(diagnostic.at), diagnostic.message));
    }
    return lines;
  }
};

// A file whose header has these lines.
std::string header(std::string_view lines, std::string_view body = "SELECT 1;\n") {
  std::string text = "-- /// retort\n";
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find('\n', at), lines.size());
    text += "-- " + std::string(lines.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return text + "-- ///\n" + std::string(body);
}
std::string valid_header(std::string_view more) {
  return header("revision = \"a1\"\ndown_revision = false\n" + std::string(more));
}

Lines messages(const std::string& text) { return Folder({{"a.sql", text}}).messages(); }

}  // namespace

TEST_CASE("a header says what the graph needs, and where") {
  Folder folder({{"a.sql", header(R"(revision = "7d21c0f4a9be"
down_revision = ["41f0a6c2d853", "é"]
depends_on = ["x@head"]
branch_labels = ["orders"]
message = "  orders: keep cancellation reason "
created = "2026-01-31")")}});
  CHECK(folder.messages().empty());
  REQUIRE(folder.revisions.size() == 1);
  const Revision& revision = folder.revisions[0];
  CHECK(revision.format == Format::sql);
  CHECK(revision.id == "7d21c0f4a9be");
  CHECK(revision.path == "/v/a.sql");
  CHECK(revision.doc == "orders: keep cancellation reason");
  CHECK(revision.created == "2026-01-31");
  const auto text = [&](Span span) { return folder.sources.text({revision.file, span}); };
  CHECK(text(revision.id_at) == "\"7d21c0f4a9be\"");
  REQUIRE(revision.down_revisions.size() == 2);
  CHECK(text(revision.down_revisions[0].at) == "\"41f0a6c2d853\"");
  CHECK(text(revision.down_revisions[1].at) == "\"é\"");
  CHECK(text(revision.depends_on[0].at) == "\"x@head\"");
  CHECK(text(revision.branch_labels[0].at) == "\"orders\"");
}

TEST_CASE("a header's settings") {
  Folder folder({{"a.sql", valid_header(R"(phase = "before"
transaction = false
lock_timeout = "3s"
statement_timeout = "5min"
min_server = 14
irreversible = "data is gone"
keep = ["public.orders.legacy_note", "orders"]
ticket = "CHG-1"
owner = "dba")")}});
  CHECK(folder.messages().empty());
  REQUIRE(folder.revisions.size() == 1);
  const SqlHeader& sql = *folder.revisions[0].sql;
  CHECK(sql.phase == Phase::before);
  CHECK(sql.transaction == Wrap::never);
  CHECK(sql.lock_timeout.text == "3s");
  CHECK(folder.sources.text({folder.revisions[0].file, sql.statement_timeout.at}) == "\"5min\"");
  CHECK(sql.min_server == 14);
  CHECK(sql.irreversible.text == "data is gone");
  REQUIRE(sql.keep.size() == 2);
  CHECK(sql.keep[1].text == "orders");
  CHECK(sql.ticket == "CHG-1");
  CHECK(sql.owner == "dba");
  CHECK(folder.sources.text(folder.revisions[0].file).substr(sql.body) == "SELECT 1;\n");
}

TEST_CASE("false, a string, an array: the parents") {
  const auto chain = [](std::string_view parents) {
    return Folder({{"a.sql", header("revision = \"b\"\ndown_revision = " + std::string(parents))}})
        .chain();
  };
  CHECK(chain("false") == Lines{"b <- : "});
  CHECK(chain("\"a\"") == Lines{"b <- a: "});
  CHECK(chain("[\"a\", \"c\"]") == Lines{"b <- a, c: "});
}

TEST_CASE("byte order mark, CRLF, comments and blank lines before the header, odd blanks") {
  const std::string text =
      "\xEF\xBB\xBF-- written by hand\r\n\r\n--/// retort \r\n--revision = \"a\"\r\n"
      "--\r\n-- down_revision = [ # parents\r\n--   \"p\",\r\n-- ]\r\n-- ///\r\nSELECT 1;\r\n";
  Folder folder({{"a.sql", text}});
  CHECK(folder.messages().empty());
  REQUIRE(folder.chain() == Lines{"a <- p: "});
  const Revision& revision = folder.revisions[0];
  CHECK(folder.sources.text({revision.file, revision.id_at}) == "\"a\"");
  CHECK(folder.sources.text({revision.file, revision.down_revisions[0].at}) == "\"p\"");
  CHECK(folder.sources.text(revision.file).substr(revision.sql->body) == "SELECT 1;\n");
}

TEST_CASE("an unknown key is named with the nearest one") {
  CHECK(
      messages(valid_header("down_revison = \"x\"\n")) ==
      Lines{
          "a.sql:4:4 error bad-header [down_revison] header key `down_revison` is unknown, did you "
          "mean `down_revision`?"});
  CHECK(messages(valid_header("zzz.x = 1")) ==
        Lines{"a.sql:4:4 error bad-header [zzz] header key `zzz` is unknown"});
}

TEST_CASE("wrong types and values are marked at the value") {
  const auto first = [](std::string_view line) {
    const Lines lines = messages(valid_header(line));
    return lines.size() == 1 ? lines[0] : fmt::format("{} messages", lines.size());
  };
  CHECK(first("message = 1") == "a.sql:4:14 error bad-header [1] `message` must be a string");
  CHECK(first("created = 2026-01-31") ==
        "a.sql:4:14 error bad-header [2026-01-31] `created` must be a string");
  CHECK(first("owner = [\"é\", 'x']") ==
        "a.sql:4:12 error bad-header [[\"é\", 'x']] `owner` must be a string");
  CHECK(first("depends_on = [\"é\", 7]") ==
        "a.sql:4:23 error bad-header [7] `depends_on` must be an array of strings");
  CHECK(first("depends_on = [\"\"]") ==
        "a.sql:4:18 error bad-header [\"\"] `depends_on` has an empty name");
  CHECK(first("keep = \"t\"") ==
        "a.sql:4:11 error bad-header [\"t\"] `keep` must be an array of strings");
  CHECK(first("phase = \"later\"") ==
        "a.sql:4:12 error bad-header [\"later\"] `phase` must be \"before\", \"after\" or \"any\"");
  CHECK(first("transaction = \"off\"") ==
        "a.sql:4:18 error bad-header [\"off\"] `transaction` must be true, false or \"auto\"");
  CHECK(
      first("lock_timeout = \"3 sec\"") ==
      "a.sql:4:19 error bad-header [\"3 sec\"] `lock_timeout` must be a duration such as \"3s\" or "
      "\"5min\"");
  CHECK(first("lock_timeout = 3") ==
        "a.sql:4:19 error bad-header [3] `lock_timeout` must be a string");
  CHECK(first("min_server = \"15\"") == "a.sql:4:17 error bad-header [\"15\"] `min_server` must be "
                                        "a PostgreSQL major version such as 15");
  CHECK(first("irreversible = \"\"") ==
        "a.sql:4:19 error bad-header [\"\"] `irreversible` must give the reason");
}

TEST_CASE("a file without a usable id or parents is no revision") {
  const auto first = [](std::string_view lines) {
    Folder folder({{"a.sql", header(lines)}});
    CHECK(folder.revisions.empty());
    const Lines all = folder.messages();
    return all.empty() ? "" : all[0];
  };
  const auto id = [&](std::string_view value) {
    return first(fmt::format("revision = \"{}\"\ndown_revision = false", value));
  };
  CHECK(id("a-b") ==
        "a.sql:2:15 error bad-header [\"a-b\"] revision id may only have ASCII letters, "
        "digits, `_` and `.`");
  CHECK(id("heads") == "a.sql:2:15 error bad-header [\"heads\"] revision can't be named: `heads` "
                       "is a word of ranges");
  CHECK(id("") == "a.sql:2:15 error bad-header [\"\"] revision has an empty id");
  CHECK(id(std::string(33, 'x'))
            .ends_with("revision id has 33 characters, the version table holds 32"));
  CHECK(first("down_revision = false") ==
        "a.sql:1:1 error missing-revision [-- /// retort] file is no "
        "revision: its header has no `revision`");
  CHECK(first("revision = \"a\"") == "a.sql:1:1 error missing-down-revision [-- /// retort] "
                                     "revision has no place in the chain: its "
                                     "header has no `down_revision`");
  CHECK(
      first("revision = \"a\"\ndown_revision = true") ==
      "a.sql:3:20 error bad-header [true] `down_revision` must be a string, an array of strings or "
      "`false`");
}

TEST_CASE("a header that is no TOML, or has no end") {
  const Lines toml = messages(header("revision = \"a\ndown_revision = false"));
  REQUIRE(toml.size() == 1);
  CHECK(toml[0].starts_with("a.sql:2:"));
  CHECK(toml[0].find("header is no valid TOML: error while parsing") != std::string::npos);
  CHECK(messages("-- /// retort\n-- revision = \"a\"\nSELECT 1;\n") ==
        Lines{"a.sql:3:1 error bad-header [SELECT 1;] header has no end: `-- ///` is missing "
              "before this line"});
  CHECK(messages("-- /// retort").size() == 1);
  CHECK(messages(header("[=]")).size() == 1);
  CHECK(messages(header("revision = \"a\"\nrevision = \"b\"")).size() == 1);
  std::string dots;
  for (int i = 0; i < 40; ++i)
    dots += "a.";
  CHECK(
      messages(header(dots + "a = 1")) ==
      Lines{"a.sql:2:69 error bad-header [] header is no valid TOML: key has more than 32 parts"});
  CHECK(messages(valid_header("message = \"" + dots + "\"\nowner = 'x'  # " + dots)).empty());
  CHECK(
      messages(valid_header("irreversible = \"\"\"\\\"" + dots + "\n" + dots + "\"\"\"")).empty());
}

TEST_CASE("files without a header are named and left alone") {
  Folder folder({{"a.sql", valid_header("")},
                 {"b.sql", "SELECT 1;"},
                 {"c.sql", "SELECT 1;\n-- /// retort\n-- ///\n"}});
  CHECK(folder.chain() == Lines{"a1 <- : "});
  CHECK(
      folder.messages() ==
      Lines{
          "b.sql:1:1 info ignored-file [] `b.sql` is not read: it has no `-- /// retort` header",
          "c.sql:2:1 warning bad-header [-- /// retort] `c.sql` is not read: its header must stand "
          "before all SQL"});
}

TEST_CASE("a pair has its header in the up file") {
  Folder folder({{"a.down.sql", "SELECT 2;"}, {"a.up.sql", valid_header("")}});
  CHECK(folder.messages().empty());
  REQUIRE(folder.revisions.size() == 1);
  CHECK(folder.sources.text(folder.revisions[0].down_file) == "SELECT 2;");
  CHECK(
      Folder({{"a.down.sql", valid_header("")}, {"a.up.sql", valid_header("")}}).messages() ==
      Lines{
          "a.down.sql:1:1 error bad-header [] `a.down.sql` has a header of its own: it belongs to "
          "`a.up.sql`"});
}

TEST_CASE("dbmate: ids are the digits, the order is theirs as numbers") {
  Folder folder({{"10_c.sql", "-- migrate:up\n"},
                 {"20240131120000_add_orders.sql", "-- first\n--migrate:up transaction:false\n"},
                 {"9_b.sql", "-- migrate:up\nSELECT 1;\n-- migrate:down\n"}});
  CHECK(folder.messages().empty());
  CHECK(folder.chain() == Lines{"9 <- : b", "10 <- 9: c", "20240131120000 <- 10: add orders"});
  CHECK(folder.revisions[0].format == Format::dbmate);
}

TEST_CASE("goose: ids are numbers") {
  Folder folder({{"00001_init.sql", "-- +goose Up\n"}, {"00002_next.sql", "-- +GOOSE up\n"}});
  CHECK(folder.chain() == Lines{"1 <- : init", "2 <- 1: next"});
  CHECK(folder.revisions[0].format == Format::goose);
}

TEST_CASE("golang-migrate: two files a version") {
  Folder folder({{"000001_init.down.sql", "SELECT 2;"},
                 {"000001_init.up.sql", "SELECT 1;"},
                 {"000002_next.up.sql", "SELECT 1;"},
                 {"000003_lost.down.sql", "SELECT 1;"}});
  CHECK(folder.chain() == Lines{"1 <- : init", "2 <- 1: next"});
  CHECK(folder.revisions[0].format == Format::golang_migrate);
  CHECK(folder.sources.text(folder.revisions[0].down_file) == "SELECT 2;");
  CHECK(folder.revisions[1].down_file == FileId::none);
  CHECK(folder.messages() ==
        Lines{"000003_lost.down.sql:1:1 warning missing-up-file [] "
              "`000003_lost.down.sql` is never run: version 3 has no `.up.sql` file"});
}

TEST_CASE("Flyway: parts are numbers, repeatables come last, side files set the transaction") {
  Folder folder({{"B1__base.sql", "SELECT 1;"},
                 {"R__views.sql", "SELECT 1;"},
                 {"R__a_grants.sql", "SELECT 1;"},
                 {"U1.2__x.sql", "SELECT 2;"},
                 {"V1.10__ten.sql", "SELECT 1;"},
                 {"V1.10__ten.sql.conf", "# odd\nexecuteInTransaction = false\n"},
                 {"V1.2__add_orders.sql", "SELECT 1;"},
                 {"V1_1__one.sql", "SELECT 1;"},
                 {"V20240131120000__late.sql", "SELECT 1;"},
                 {"afterMigrate.sql", "SELECT 1;"}});
  CHECK(folder.chain() == Lines{"1.1 <- : one", "1.2 <- 1.1: add orders", "1.10 <- 1.2: ten",
                                "20240131120000 <- 1.10: late",
                                "R__a_grants <- 20240131120000: a grants",
                                "R__views <- R__a_grants: views"});
  CHECK(folder.sources.text(folder.revisions[1].down_file) == "SELECT 2;");
  CHECK(folder.revisions[2].sql->transaction == Wrap::never);
  CHECK(folder.revisions[1].sql->transaction == Wrap::automatic);
  CHECK(folder.messages() == Lines{"B1__base.sql:1:1 info ignored-file [] `B1__base.sql` is not "
                                   "read: a baseline repeats the "
                                   "versions before it",
                                   "afterMigrate.sql:1:1 info ignored-file [] `afterMigrate.sql` "
                                   "is not read: callbacks are no "
                                   "revisions"});
  CHECK(
      Folder({{"V1__x.sql", ""}, {"V1__x.sql.conf", "executeInTransaction=maybe\n"}}).messages() ==
      Lines{"V1__x.sql.conf:1:1 error bad-header [executeInTransaction=maybe] "
            "`executeInTransaction` must "
            "be true or false"});
}

TEST_CASE("a version in two files is an error that names both") {
  CHECK(Folder({{"1_a.sql", "-- migrate:up\n"}, {"01_b.sql", "-- migrate:up\n"}}).messages() ==
        Lines{"01_b.sql:1:1 error duplicate-id [] version 01 is in two files: `1_a.sql` and "
              "`01_b.sql`"});
  Folder flyway({{"V1.0__a.sql", ""}, {"V1__b.sql", ""}});
  CHECK(flyway.chain() == Lines{"1.0 <- : a"});
  CHECK(flyway.messages() == Lines{"V1__b.sql:1:1 error duplicate-id [] version 1 is in two files: "
                                   "`V1.0__a.sql` and `V1__b.sql`"});
}

TEST_CASE("a layout must fit the whole folder") {
  Folder mixed({{"1_a.sql", "-- migrate:up\n"}, {"notes.sql", "SELECT 1;"}});
  CHECK(mixed.revisions.empty());
  CHECK(mixed.messages() == Lines{"1_a.sql:1:1 info ignored-file [] `1_a.sql` is not read: it has "
                                  "no `-- /// retort` header",
                                  "notes.sql:1:1 info ignored-file [] `notes.sql` is not read: it "
                                  "has no `-- /// retort` header",
                                  "notes.sql:1:1 warning mixed-layout [] no file of this folder is "
                                  "read as dbmate revision: "
                                  "`notes.sql` is none"});
  CHECK(Folder({{"1_a.sql", "-- migrate:up\n"}, {"b.sql", valid_header("")}}).chain() ==
        Lines{"a1 <- : "});
  CHECK(Folder({{"1_a.sql", "-- migrate:up\n"}}, true).revisions.empty());
  CHECK(Folder({}).revisions.empty());
}

TEST_CASE("any bytes in a header are read without a crash, and all places lie in the file") {
  const std::string_view alphabet[] = {"revision",    "down_revision",
                                       "depends_on",  " = ",
                                       "\"a\"",       "'b'",
                                       "[",           "]",
                                       "false",       "{",
                                       "}",           "\"",
                                       "\n-- ",       "\r\n-- ",
                                       "\n",          ".",
                                       "\xC3",        "\xC3\xA9",
                                       "\xFF",        "1",
                                       "2026-01-31",  "\"\"\"",
                                       "#",           ",",
                                       "\n-- keep",   "\t",
                                       "\r",          "\\u0041",
                                       "\n-- phase=", "\n-- owner=",
                                       "\n-- ///\n",  "\xF0\x9F\x98"};
  uint32_t state = 3;
  const auto random = [&](size_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  for (int round = 0; round < 5000; ++round) {
    std::string text = "-- /// retort\n-- ";
    for (size_t i = 0, count = random(16); i < count; ++i)
      text += alphabet[random(std::size(alphabet))];
    if (random(4) > 0)
      text += "\n-- ///\n-- retort: down\n";
    Folder folder({{"a.sql", text}});
    for (const Diagnostic& diagnostic : folder.diagnostics.all()) {
      REQUIRE(diagnostic.at.span.begin <= diagnostic.at.span.end);
      REQUIRE_MESSAGE(diagnostic.at.span.end <= text.size(), text);
    }
    REQUIRE_MESSAGE((!folder.revisions.empty() || folder.diagnostics.has_errors()), text);
  }
}
