// Colours for SQL: in files of SQL and in the strings of Python that are statements, be they one
// string as it stands, one with escapes or several. What is formatted stays plain.
#include "common/text.h"
#include "compiler/written.h"
#include "editors/server/cursor.h"
#include "editors/server/keywords.h"
#include "editors/server/requests/requests.h"
#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <array>

namespace retort::lsp {
namespace {

enum Type : uint32_t { keyword, type, string, number, operation, comment, parameter, variable };
constexpr std::array<std::string_view, 8> kTypes = {"keyword",  "type",    "string",    "number",
                                                    "operator", "comment", "parameter", "variable"};

struct Painted {
  Span span;
  Type type;
};

// Lines of a revision's header and marks like `-- retort: up`: the editors' grammars colour those.
bool is_mark(std::string_view comment) {
  if (!comment.starts_with("--"))
    return false;
  const std::string_view text = trim(comment.substr(2));
  return text.starts_with("retort:") || text.starts_with("///");
}

std::optional<Type> type_of(const pg::Lexer& lexer, const pg::Token& token) {
  switch (token.kind) {
  case pg::TokenKind::word:
    if (is_sql_type(lexer.text(token)))
      return type;
    return is_sql_keyword(lexer.text(token)) ? keyword : variable;
  case pg::TokenKind::name: return variable;
  case pg::TokenKind::string:
  case pg::TokenKind::dollar: return string;
  case pg::TokenKind::number: return number;
  case pg::TokenKind::parameter: return parameter;
  case pg::TokenKind::operation: return operation;
  case pg::TokenKind::comment:
    return is_mark(lexer.text(token)) ? std::nullopt : std::optional(comment);
  default: return std::nullopt;
  }
}

void paint(std::string_view text, Span span, std::vector<Painted>& painted) {
  // The header is a comment that means something.
  const size_t header = text.find("-- /// retort");
  if (span.begin == 0 && header != std::string_view::npos) {
    const size_t end = text.find("-- ///", header + 1);
    span.begin = static_cast<uint32_t>(std::min(end, text.size()));
  }
  pg::Lexer lexer(text, span);
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next())
    if (const std::optional<Type> type = type_of(lexer, token))
      painted.push_back({token.span, *type});
}

// The tokens of a statement that stand in the file as they are.
void paint(const LintStatement& statement, const Written& written, std::vector<Painted>& painted) {
  std::vector<Painted> tokens;
  paint(statement.sql, {0, static_cast<uint32_t>(statement.sql.size())}, tokens);
  for (const Painted& token : tokens)
    if (written.is_verbatim(token.span))
      painted.push_back({written.place(token.span).span, token.type});
}

// A token of several lines, line by line.
void cut(const Spot& spot, std::vector<Painted>& painted) {
  std::vector<Painted> lines;
  for (const Painted& each : painted) {
    uint32_t begin = each.span.begin;
    for (uint32_t line = spot.lines->line_of(begin); begin < each.span.end; ++line) {
      const uint32_t end = std::min(each.span.end, spot.lines->end(spot.text, line));
      if (begin < end)
        lines.push_back({{begin, end}, each.type});
      if (line + 1 >= spot.lines->count())
        break;
      begin = spot.lines->begin(line + 1);
    }
  }
  painted = std::move(lines);
}

}  // namespace

std::span<const std::string_view> token_types() { return kTypes; }

Answered semantic_tokens(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  std::vector<Painted> painted;
  if (spot && spot->revision) {
    const Revision& revision = spot->model->chain()[*spot->revision];
    if (revision.format == Format::python) {
      for (const SeenStatement& statement : spot->model->statements(*spot->revision)) {
        const LintStatement& sql = *statement.statement;
        const Place at = spot->model->place(sql.at);
        if (at.path != spot->path)
          continue;
        if (sql.exact)
          paint(spot->text, at.span, painted);
        else if (sql.op == "execute")
          if (const auto written = Written::find(spot->model->sources(), sql.sql, sql.at))
            paint(sql, *written, painted);
      }
    } else {
      paint(spot->text, {0, static_cast<uint32_t>(spot->text.size())}, painted);
    }
  }
  if (params["range"].exists() && spot) {
    const Span wanted = session.span(*spot, params["range"]);
    std::erase_if(painted, [&](const Painted& each) {
      return each.span.end <= wanted.begin || each.span.begin >= wanted.end;
    });
  }
  std::stable_sort(painted.begin(), painted.end(),
                   [](const Painted& a, const Painted& b) { return a.span.begin < b.span.begin; });
  if (spot)
    cut(*spot, painted);
  json.begin_object().key("data").begin_array();
  LinePosition last;
  uint32_t painted_to = 0;
  for (const Painted& each : painted) {
    if (each.span.begin < painted_to)
      continue;  // a loop emits the same text again
    painted_to = each.span.end;
    const LinePosition begin =
        spot->lines->position(spot->text, each.span.begin, session.client.encoding);
    const LinePosition end =
        spot->lines->position(spot->text, each.span.end, session.client.encoding);
    json.number(begin.line - last.line);
    json.number(begin.line == last.line ? begin.column - last.column : begin.column);
    json.number(end.column - begin.column).number(each.type).number(0);
    last = begin;
  }
  json.end_array().end_object();
  return std::nullopt;
}

}  // namespace retort::lsp
