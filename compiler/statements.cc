#include "compiler/statements.h"

#include "grammars/postgres/outside.h"
#include "grammars/postgres/split.h"
#include "versions/sql_header.h"

#include <iterator>
#include <utility>

namespace retort {
namespace {

constexpr std::string_view kRule = "sql/syntax";

void report_faults(const pg::Split& split, FileId file, Diagnostics& diagnostics) {
  for (const pg::Fault& fault : split.faults) {
    const Level level = pg::is_error(fault.problem) ? Level::error : Level::info;
    diagnostics.report(level, kRule, "", {file, fault.at}, std::string(pg::explain(fault.problem)));
  }
}

void check(Statement& statement, const Wanted& wanted, Diagnostics& diagnostics) {
  Checked checked = check_statement(statement.sql, wanted);
  statement.forms = std::move(checked.forms);
  std::optional<pg::Reject>& reject = checked.reject;
  statement.valid = !reject;
  if (statement.valid)
    return;
  // Not parsed is no proof of a mistake.
  const bool mistake = reject->reason != pg::Reject::Reason::too_large;
  const uint32_t begin = statement.at.span.begin;
  const Loc at = {statement.at.file, {begin + reject->at.begin, begin + reject->at.end}};
  Diagnostic& reported = diagnostics.report(mistake ? Level::error : Level::warning, kRule, "", at,
                                            std::move(reject->message));
  if (!reject->advice().empty())
    reported.note(std::string(reject->advice()));
}

bool in_transaction(Wrap wrap, bool forbidden) {
  return wrap == Wrap::always || (wrap == Wrap::automatic && !forbidden);
}

// A mark belongs to the first statement that begins behind it.
void attach_marks(const Sources& sources, const SqlSection& section,
                  std::vector<Statement>& statements, Diagnostics& diagnostics) {
  size_t next = 0;
  for (const SqlMark& mark : section.marks) {
    const bool asserts = mark.kind == SqlMark::Kind::assertion;
    if (!asserts && mark.kind != SqlMark::Kind::expected_rows)
      continue;
    while (next < statements.size() && statements[next].at.span.begin < mark.at.end)
      ++next;
    if (next == statements.size()) {
      diagnostics.report(Level::error, "chain/broken", "bad-mark", {section.file, mark.at},
                         "mark has no effect: no statement follows in this section");
      continue;
    }
    if (asserts)
      statements[next].assertion = sources.text({section.file, mark.text});
    else
      statements[next].rows = mark.rows;
  }
}

}  // namespace

std::vector<Statement> read_statements(const Sources& sources, const SqlSection& section,
                                       Diagnostics& diagnostics, const Wanted& wanted) {
  const std::string_view text = sources.text(section.file);
  const pg::Split split = pg::split(text, section.span);
  report_faults(split, section.file, diagnostics);
  std::vector<Statement> statements;
  statements.reserve(split.statements.size());
  for (const pg::Statement& piece : split.statements) {
    Statement& statement = statements.emplace_back();
    statement.at = {section.file, piece.span};
    statement.sql = text.substr(piece.span.begin, piece.span.size());
    statement.data = text.substr(piece.data.begin, piece.data.size());
    statement.copies = piece.copies;
    statement.outside = pg::forbidden_in_transaction(statement.sql);
    statement.transaction = in_transaction(section.wrap, !statement.outside.empty());
    statement.valid = !piece.broken;
    if (statement.valid)
      check(statement, wanted, diagnostics);
  }
  attach_marks(sources, section, statements, diagnostics);
  return statements;
}

std::vector<Statement> read_statements(const Sources& sources, const Revision& revision,
                                       const SqlBody& body, bool down, Diagnostics& diagnostics,
                                       const Wanted& wanted) {
  std::vector<Statement> statements;
  if (down && revision.sql && !revision.sql->irreversible.text.empty())
    return statements;
  for (const SqlSection& section : body.sections) {
    if (section.down != down)
      continue;
    std::vector<Statement> more = read_statements(sources, section, diagnostics, wanted);
    std::move(more.begin(), more.end(), std::back_inserter(statements));
  }
  return statements;
}

}  // namespace retort
