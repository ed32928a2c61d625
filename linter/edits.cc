#include "linter/edits.h"

#include "common/text.h"
#include "grammars/postgres/lexer.h"
#include "linter/body_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

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

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The quotes of the string that the statement begins, with nothing before it; none when it does
// not begin one.
std::string_view quotes_before(std::string_view text, Span sql) {
  uint32_t at = sql.begin;
  while (at > 0 && is_blank(text[at - 1]))
    --at;
  if (at == 0 || (text[at - 1] != '"' && text[at - 1] != '\''))
    return {};
  const char quote = text[at - 1];
  const bool triple = at > 2 && text[at - 2] == quote && text[at - 3] == quote;
  return text.substr(at - (triple ? 3 : 1), triple ? 3 : 1);
}

// Nothing but this statement stands in its string.
bool fills_string(std::string_view text, Span sql) {
  const std::string_view quotes = quotes_before(text, sql);
  size_t at = sql.end;
  while (at < text.size() && (is_blank(text[at]) || text[at] == ';'))
    ++at;
  return !quotes.empty() && text.substr(at).starts_with(quotes);
}

// The end of the line on which the call ends, before its line break.
uint32_t line_end(std::string_view text, uint32_t offset) {
  return static_cast<uint32_t>(std::min(text.find('\n', offset), text.size()));
}

std::string indented(std::string_view indent, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines)
    text += fmt::format("{}{}\n", indent, line);
  return text;
}

}  // namespace

bool is_python(const LintStatement& statement) { return statement.op != "sql"; }

std::optional<std::string> python_string(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool parameter = text[i] == ':' && i + 1 < text.size() && is_word(text[i + 1]) &&
                           (i == 0 || text[i - 1] != ':');
    if (text[i] == '\\' || text[i] == '\n' || parameter)
      return std::nullopt;
  }
  for (const std::string_view quotes : {"\"", "'", "\"\"\""})
    if (text.find(quotes) == std::string_view::npos && (quotes.size() == 1 || !text.ends_with('"')))
      return fmt::format("{0}{1}{0}", quotes, text);
  return std::nullopt;
}

std::optional<Edit> in_sql(const Sources& sources, const LintStatement& statement, Span at,
                           std::string text) {
  if (!statement.exact || statement.at.file == FileId::none)
    return std::nullopt;
  if (is_python(statement)) {
    const std::string_view quotes =
        quotes_before(sources.text(statement.at.file), statement.at.span);
    for (const char c : text) {
      const bool quote = c == '"' || c == '\'';
      if (c == '\\' || c == '%' || c == ':' || c == '{' || c == '}' ||
          (quote && (quotes.empty() || quotes.front() == c)) || (c == '\n' && quotes.size() != 3))
        return std::nullopt;
    }
  }
  const uint32_t begin = statement.at.span.begin;
  return Edit{{statement.at.file, {begin + at.begin, begin + at.end}}, std::move(text)};
}

std::optional<Edit> after_word(const Sources& sources, const LintStatement& statement,
                               std::string_view word, std::string_view text) {
  const std::string_view sql = statement.sql;
  pg::Lexer lexer(sql, {0, static_cast<uint32_t>(sql.size())});
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next())
    if (token.kind == pg::TokenKind::word && pg::same_word(lexer.text(token), word))
      return in_sql(sources, statement, {token.span.end, token.span.end}, std::string(text));
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

static bool has_its_call_to_itself(const Sources& sources, const LintStatement& statement) {
  return !statement.follows && !statement.followed &&
         (!statement.exact || fills_string(sources.text(statement.at.file), statement.at.span));
}

std::optional<std::vector<Edit>> outside_transaction(const Sources& sources,
                                                     const LintStatement& statement) {
  if (!is_python(statement) || !statement.transaction)
    return std::vector<Edit>();
  if (statement.call.file == FileId::none)
    return std::nullopt;
  if (!has_its_call_to_itself(sources, statement))
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

// One statement more beside the call: `op.execute(…)`, or SQL.
static std::optional<std::string> as_line(const LintStatement& statement, std::string_view sql) {
  if (!is_python(statement))
    return fmt::format("{};", sql);
  const std::optional<std::string> text = python_string(sql);
  if (!text)
    return std::nullopt;
  return fmt::format("op.execute({})", *text);
}

std::optional<Edit> lines_before(const Sources& sources, const LintStatement& statement,
                                 const std::vector<std::string>& lines) {
  if (statement.call.file == FileId::none || statement.follows)
    return std::nullopt;
  const std::string_view text = sources.text(statement.call.file);
  const std::optional<LineStart> start = is_python(statement)
                                             ? own_line(text, statement.call.span)
                                             : line_start(text, statement.call.span.begin);
  if (!start)
    return std::nullopt;
  return Edit{{statement.call.file, {start->begin, start->begin}}, indented(start->indent, lines)};
}

std::optional<Edit> lines_behind(const Sources& sources, const LintStatement& statement,
                                 const std::vector<std::string>& lines) {
  if (statement.call.file == FileId::none || !is_python(statement) || statement.followed)
    return std::nullopt;
  const std::string_view text = sources.text(statement.call.file);
  const std::optional<LineStart> start = own_line(text, statement.call.span);
  if (!start)
    return std::nullopt;
  const uint32_t end = line_end(text, statement.call.span.end);
  std::string added = "\n" + indented(start->indent, lines);
  added.pop_back();
  return Edit{{statement.call.file, {end, end}}, std::move(added)};
}

std::optional<Edit> statement_before(const Sources& sources, const LintStatement& statement,
                                     std::string_view sql) {
  const std::optional<std::string> line = as_line(statement, sql);
  return line ? lines_before(sources, statement, {*line}) : std::nullopt;
}

std::optional<Edit> statement_behind(const Sources& sources, const LintStatement& statement,
                                     std::string_view sql) {
  if (is_python(statement)) {
    const std::optional<std::string> line = as_line(statement, sql);
    return line ? lines_behind(sources, statement, {*line}) : std::nullopt;
  }
  if (!statement.exact || statement.at.file == FileId::none)
    return std::nullopt;
  const uint32_t end = statement.at.span.end;
  return Edit{{statement.at.file, {end, end}}, fmt::format(";\n{}", sql)};
}

std::optional<Edit> without_statement(const Sources& sources, const LintStatement& statement) {
  if (statement.call.file == FileId::none)
    return std::nullopt;
  const std::string_view text = sources.text(statement.call.file);
  Span whole = statement.call.span;
  if (is_python(statement)) {
    if (!own_line(text, whole) || !has_its_call_to_itself(sources, statement))
      return std::nullopt;
  } else {
    while (whole.end < text.size() && is_blank(text[whole.end]))
      ++whole.end;
    if (whole.end == text.size() || text[whole.end] != ';')
      return std::nullopt;
    ++whole.end;
  }
  const std::optional<LineStart> start = line_start(text, whole.begin);
  const uint32_t end = line_end(text, whole.end);
  // A comment behind it would lose what it is about.
  if (!start || !trim(text.substr(whole.end, end - whole.end)).empty())
    return std::nullopt;
  // A block of Python holds one line at least.
  const std::string_view above = trim(text.substr(0, start->begin));
  const std::string_view below = text.substr(std::min<size_t>(end + 1, text.size()));
  if (is_python(statement) && above.ends_with(':') &&
      (!below.starts_with(start->indent) || below.size() == start->indent.size() ||
       is_blank(below[start->indent.size()])))
    return std::nullopt;
  return Edit{
      {statement.call.file, {start->begin, std::min(end + 1, static_cast<uint32_t>(text.size()))}},
      ""};
}

namespace {

// In the quotes that the file prefers.
std::string in_style(const std::string& python, std::string_view source) {
  const auto single = std::count(source.begin(), source.end(), '\'');
  const auto twofold = std::count(source.begin(), source.end(), '"');
  if (single <= twofold || python.find('\'') != std::string::npos ||
      python.find("\"\"\"") != std::string::npos)
    return python;
  std::string text = python;
  std::replace(text.begin(), text.end(), '"', '\'');
  return text;
}

std::optional<Edit> at_end_of_python(const Sources& sources, FileId file,
                                     const std::vector<BackStep>& steps) {
  const std::string_view source = sources.text(file);
  const std::optional<FunctionText> function = function_text(source, "downgrade");
  const std::string indent = function && !function->indent.empty() ? function->indent : "    ";
  std::string lines;
  for (const BackStep& step : steps)
    lines += "\n" + indent + in_style(step.python, source);
  if (!function) {
    const bool typed = source.find("def upgrade() -> None:") != std::string_view::npos;
    const auto end = static_cast<uint32_t>(source.size());
    return Edit{{file, {end, end}},
                fmt::format("{}\n\ndef downgrade(){}:{}\n", source.ends_with('\n') ? "" : "\n",
                            typed ? " -> None" : "", lines)};
  }
  if (function->left_early)
    return std::nullopt;
  if (function->empty && !function->body.empty()) {
    const bool own = line_start(source, function->body.begin).has_value();
    return Edit{{file, function->body}, own ? lines.substr(1 + indent.size()) : lines};
  }
  const size_t end = std::min(source.find('\n', function->body.end), source.size());
  const std::string_view rest = trim(source.substr(function->body.end, end - function->body.end));
  if (!rest.empty() && !rest.starts_with("#"))
    return std::nullopt;
  return Edit{{file, {static_cast<uint32_t>(end), static_cast<uint32_t>(end)}}, lines};
}

std::optional<Edit> at_end_of_sql(const Sources& sources, const LintSide& down, FileId file,
                                  const std::vector<BackStep>& steps) {
  const std::string_view source = sources.text(file);
  std::string lines;
  for (const BackStep& step : steps)
    lines += step.sql + ";\n";
  if (!down.statements.empty()) {
    const LintStatement& last = down.statements.back();
    const size_t semicolon = source.find_first_not_of(" \t\n", last.at.span.end);
    if (!last.exact || last.at.file != file || semicolon == std::string_view::npos ||
        source[semicolon] != ';')
      return std::nullopt;
    const auto at = static_cast<uint32_t>(semicolon + 1);
    return Edit{{file, {at, at}}, "\n" + lines.substr(0, lines.size() - 1)};
  }
  // A part that is marked and blank is meant so.
  if (down.written || source.find("-- retort: down") != std::string_view::npos ||
      source.find("-- retort:down") != std::string_view::npos)
    return std::nullopt;
  const auto end = static_cast<uint32_t>(source.size());
  return Edit{{file, {end, end}},
              fmt::format("{}\n-- retort: down\n{}", source.ends_with('\n') ? "" : "\n", lines)};
}

}  // namespace

std::optional<Edit> at_end_of_way_down(const Sources& sources, const Unit& unit,
                                       const Revision& revision,
                                       const std::vector<BackStep>& steps) {
  if (revision.format == Format::python)
    return at_end_of_python(sources, unit.file, steps);
  if (revision.format == Format::sql && revision.down_file == FileId::none)
    return at_end_of_sql(sources, unit.down, unit.file, steps);
  return std::nullopt;
}

}  // namespace retort
