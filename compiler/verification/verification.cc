#include "compiler/verification/verification.h"

#include "common/text.h"
#include "compiler/script/psql_text.h"
#include "compiler/verification/queries.h"
#include "compiler/verification/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::verification {
namespace {

constexpr size_t kNamed = 12;  // of what is not checked

// A comment must stay on its line, and be read before the encoding is set.
std::string comment(std::string_view text) {
  std::string line = "-- ";
  for (const char c : text)
    line += static_cast<unsigned char>(c) < 0x20   ? ' '
            : static_cast<unsigned char>(c) < 0x7F ? c
                                                   : '?';
  return line + "\n";
}

std::string head(const Expected& expected, const Checks& checks, const Doubts& doubts) {
  std::string text = comment("retort verify: " + expected.title);
  text += comment("Asks a database whether it is what the revisions say, and changes nothing.");
  text += comment(
      fmt::format("Right: NOTICE:  retort verify: {} passed", counted(checks.count, "check")));
  text += comment(
      "Wrong: ERROR:  retort verify: ... (SQLSTATE RT004), with a line for each difference");
  for (const auto& [reason, names] : checks.left_out) {
    const std::vector<std::string> shown(
        names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), kNamed)));
    text += comment(fmt::format("not checked: {}, {}: {}{}", counted(names.size(), "object"),
                                reason, join(shown, ", "), names.size() > kNamed ? ", ..." : ""));
  }
  if (doubts.unknown != 0)
    text += comment(fmt::format("not checked: what {} may have changed, of which not all is known",
                                counted(doubts.unknown, "statement")));
  if (doubts.refused != 0)
    text += comment(fmt::format("not checked: what {} did, of which the replay could make no sense",
                                counted(doubts.refused, "statement")));
  return text;
}

std::string version_query(const Expected& expected) {
  const auto quoted = [](std::string_view part) {
    std::string text = "\"";
    for (const char c : part)
      text += c == '"' ? "\"\"" : std::string(1, c);
    return text + "\"";
  };
  const std::string table =
      (expected.version_schema.empty() ? "" : quoted(expected.version_schema) + ".") +
      quoted(expected.version_table);
  // At base there may be no such table yet.
  const std::string_view accepted = expected.rows.empty() ? R"(
    WHEN undefined_table OR invalid_schema_name THEN NULL;)"
                                                          : "";
  return fmt::format(R"(  -- the rows of the version table, all of them
  BEGIN
    SELECT COALESCE(pg_catalog.array_agg(version_num::pg_catalog.text
                                         ORDER BY version_num::pg_catalog.text COLLATE pg_catalog."C"), '{{}}')
      INTO found_rows FROM {};
    IF found_rows <> expected_rows THEN
      differences := differences || pg_catalog.format('version rows: expected {{%s}}, found {{%s}}',
        pg_catalog.array_to_string(expected_rows, ', '), pg_catalog.array_to_string(found_rows, ', '));
    END IF;
  EXCEPTION{}
    WHEN undefined_table OR undefined_column OR invalid_schema_name OR insufficient_privilege THEN
      differences := differences || pg_catalog.concat('version rows: ', SQLERRM);
  END;
)",
                     table, accepted);
}

std::string section_text(Section section, const std::vector<std::string>& rows) {
  const Query& query = query_of(section);
  std::string text = fmt::format("\n  -- {}: {}\n  differences := differences || ARRAY(\n{}\n"
                                 "    FROM (VALUES\n",
                                 query.title, rows.size(), query.head);
  for (size_t i = 0; i < rows.size(); ++i)
    text += fmt::format("      ({}, {}){}\n", i + 1, rows[i], i + 1 < rows.size() ? "," : "");
  text += fmt::format("    ) AS e (place, {})\n{});\n", query.columns, query.tail);
  return text;
}

}  // namespace

std::string script(const catalog::Catalog& catalog, const Doubts& doubts, const Expected& expected,
                   std::optional<size_t> since) {
  Checks checks = checks_of(catalog, doubts, since);
  ++checks.count;  // the version rows
  std::vector<std::string> rows = expected.rows;
  std::sort(rows.begin(), rows.end());
  for (std::string& row : rows)
    row = literal(row);
  std::string body = fmt::format(R"(DECLARE
  differences pg_catalog.text[] := '{{}}';
  expected_rows CONSTANT pg_catalog.text[] := ARRAY[{}]::pg_catalog.text[];
  found_rows pg_catalog.text[];
BEGIN
)",
                                 join(rows, ", "));
  body += version_query(expected);
  body += R"(
  -- from here on names of the system mean the system's, and the server writes all others in full
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
)";
  for (size_t i = 0; i < kSections; ++i)
    if (!checks.rows[i].empty())
      body += section_text(static_cast<Section>(i), checks.rows[i]);
  body += fmt::format(R"(
  IF pg_catalog.cardinality(differences) > 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'RT004',
      MESSAGE = pg_catalog.format(E'retort verify: %s of {} failed\n%s',
        pg_catalog.cardinality(differences), pg_catalog.array_to_string(differences, E'\n'));
  END IF;
  RAISE NOTICE 'retort verify: {} passed';
END
)",
                      counted(checks.count, "check"), counted(checks.count, "check"));
  return head(expected, checks, doubts) + "BEGIN TRANSACTION READ ONLY;\n" +
         "SET LOCAL client_encoding = 'UTF8';\n"
         "SET LOCAL standard_conforming_strings = on;\n"
         "SET LOCAL client_min_messages = notice;\n"
         "SET LOCAL lock_timeout = '10s';\n"
         "DO " +
         dollar_quoted("\n" + body) + ";\nCOMMIT;\n";
}

std::string script(Witness& witness, const Expected& expected, Scope scope) {
  return script(witness.catalog(), witness.doubts(), expected,
                scope == Scope::touched ? std::optional(witness.marked()) : std::nullopt);
}

}  // namespace retort::verification
