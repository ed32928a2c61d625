#include "linter/edits.h"

#include "common/text.h"
#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

bool is_python(const LintStatement& statement) { return statement.op != "sql"; }

// Where the line of an offset begins, and the blanks it begins with; nothing unless those are all
// that stands before the offset.
struct LineStart {
  uint32_t begin = 0;
  std::string_view indent;
};
std::optional<LineStart> line_start(std::string_view text, uint32_t offset) {
  const size_t newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const auto begin = static_cast<uint32_t>(newline == std::string_view::npos ? 0 : newline + 1);
  const std::string_view indent = text.substr(begin, offset - begin);
  if (!trim(indent).empty())
    return std::nullopt;
  return LineStart{begin, indent};
}

// The call is a statement of its own: `op.…(…)` and nothing else on its lines.
std::optional<LineStart> own_line(std::string_view text, Span call) {
  if (!text.substr(call.begin).starts_with("op."))
    return std::nullopt;
  const size_t end = std::min(text.find('\n', call.end), text.size());
  const std::string_view rest = trim(text.substr(call.end, end - call.end));
  if (!rest.empty() && !rest.starts_with("#"))
    return std::nullopt;
  return line_start(text, call.begin);
}

}  // namespace

std::optional<Edit> after_word(const Sources& sources, const LintStatement& statement,
                               std::string_view word, std::string_view text) {
  if (!statement.exact || statement.at.file == FileId::none)
    return std::nullopt;
  const std::string_view sql = sources.text(statement.at);
  pg::Lexer lexer(sql, {0, static_cast<uint32_t>(sql.size())});
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next())
    if (token.kind == pg::TokenKind::word && pg::same_word(lexer.text(token), word)) {
      const uint32_t at = statement.at.span.begin + token.span.end;
      return Edit{{statement.at.file, {at, at}}, std::string(text)};
    }
  return std::nullopt;
}

std::optional<Edit> with_argument(const Sources& sources, const LintStatement& statement,
                                  std::string_view argument) {
  if (!is_python(statement) || statement.call.file == FileId::none)
    return std::nullopt;
  const std::string_view call = sources.text(statement.call);
  if (!call.ends_with(")"))
    return std::nullopt;
  // Behind the last argument, and behind a comma that follows it.
  size_t end = call.size() - 1;
  while (end > 0 && (call[end - 1] == ' ' || call[end - 1] == '\n' || call[end - 1] == '\t'))
    --end;
  if (end == 0 || call[end - 1] == '(')
    return std::nullopt;
  const bool comma = call[end - 1] == ',';
  std::string text;
  if (const size_t newline = call.substr(0, end).rfind('\n');
      comma && newline != std::string_view::npos) {
    const std::string_view line = call.substr(newline + 1);
    text = fmt::format("\n{}{},", line.substr(0, line.find_first_not_of(" \t")), argument);
  } else {
    text = fmt::format("{}{}", comma ? " " : ", ", argument);
  }
  const uint32_t at = statement.call.span.begin + static_cast<uint32_t>(end);
  return Edit{{statement.call.file, {at, at}}, std::move(text)};
}

std::optional<std::vector<Edit>> outside_transaction(const Sources& sources,
                                                     const LintStatement& statement) {
  if (!is_python(statement) || !statement.transaction)
    return std::vector<Edit>();
  if (statement.call.file == FileId::none)
    return std::nullopt;
  const std::string_view text = sources.text(statement.call.file);
  const Span call = statement.call.span;
  const std::optional<LineStart> start = own_line(text, call);
  // Lines of a string may not be indented.
  if (!start || sources.text(statement.call).find("\"\"\"") != std::string_view::npos ||
      sources.text(statement.call).find("'''") != std::string_view::npos)
    return std::nullopt;
  std::vector<Edit> edits;
  const auto insert = [&](uint32_t at, std::string what) {
    edits.push_back({{statement.call.file, {at, at}}, std::move(what)});
  };
  insert(start->begin,
         fmt::format("{}with op.get_context().autocommit_block():\n    ", start->indent));
  for (uint32_t at = call.begin; at < call.end; ++at)
    if (text[at] == '\n' && at + 1 < call.end && text[at + 1] != '\n')
      insert(at + 1, "    ");
  return edits;
}

std::optional<Edit> statement_before(const Sources& sources, const LintStatement& statement,
                                     std::string_view sql) {
  if (statement.call.file == FileId::none)
    return std::nullopt;
  const std::string_view text = sources.text(statement.call.file);
  const std::optional<LineStart> start = is_python(statement)
                                             ? own_line(text, statement.call.span)
                                             : line_start(text, statement.call.span.begin);
  if (!start)
    return std::nullopt;
  const std::string line = is_python(statement)
                               ? fmt::format("{}op.execute(\"{}\")\n", start->indent, sql)
                               : fmt::format("{}{};\n", start->indent, sql);
  return Edit{{statement.call.file, {start->begin, start->begin}}, line};
}

}  // namespace retort
