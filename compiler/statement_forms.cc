#include "compiler/statement_forms.h"

#include "compiler/forms/read.h"
#include "grammars/postgres/tree.h"

#include <fmt/format.h>

namespace retort {

std::vector<forms::Form> forms_of(std::string_view sql) {
  const Expected<pg::Tree, pg::Reject> tree = pg::parse(sql);
  if (tree)
    return forms::read_forms(*tree);
  forms::Opaque opaque;
  opaque.reason = "not parsed";
  opaque.at = {0, static_cast<uint32_t>(sql.size())};
  return {opaque};
}

// What was read when the statement was checked, or read now.
static std::vector<forms::Form> taken(std::optional<std::vector<forms::Form>>& read,
                                      std::string_view sql) {
  return read ? std::move(*read) : forms_of(sql);
}

bool find_written(const Sources& sources, std::string_view sql, Loc& at) {
  if (at.file == FileId::none || sql.empty())
    return false;
  const size_t begin = sources.text(at).find(sql);
  if (begin == std::string_view::npos)
    return false;
  at.span.begin += static_cast<uint32_t>(begin);
  at.span.end = at.span.begin + static_cast<uint32_t>(sql.size());
  return true;
}

std::vector<StatementForms> forms_of(const Sources& sources, Body body) {
  std::vector<StatementForms> all;
  for (BodyItem& item : body.items) {
    if (item.kind != BodyItem::Kind::statement)
      continue;
    Loc at = item.at;
    const bool exact = find_written(sources, item.sql, at);
    std::vector<forms::Form> forms = taken(item.forms, item.sql);
    all.push_back({at, std::move(item.sql), std::move(forms), exact});
  }
  return all;
}

std::vector<StatementForms> forms_of(std::vector<Statement> statements) {
  std::vector<StatementForms> all;
  for (Statement& statement : statements)
    all.push_back(
        {statement.at, std::string(statement.sql), taken(statement.forms, statement.sql), true});
  return all;
}

void replay(catalog::Replay& replay, const std::vector<StatementForms>& statements,
            Diagnostics& diagnostics) {
  for (const StatementForms& statement : statements) {
    const std::optional<catalog::Problem> problem = replay.statement(statement.forms);
    if (!problem)
      continue;
    Loc at = statement.at;
    if (statement.exact && !problem->at.empty()) {
      at.span.end = at.span.begin + problem->at.end;
      at.span.begin += problem->at.begin;
    }
    Diagnostic& diagnostic = diagnostics.report(
        Level::error, "replay/fails", problem->sqlstate, at,
        fmt::format("the server would say {}: {}", problem->sqlstate, problem->message));
    if (!problem->detail.empty())
      diagnostic.note(problem->detail);
  }
  replay.end_transaction();
}

}  // namespace retort
