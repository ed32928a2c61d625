#include "compiler/script/psql_text.h"

#include "grammars/postgres/lexer.h"

#include <fmt/core.h>

namespace retort {

std::string psql_text(std::string sql) {
  if (sql.find(':') == std::string::npos)
    return sql;
  std::string text;
  pg::Lexer lexer(sql, {0, static_cast<uint32_t>(sql.size())});
  uint32_t copied = 0;
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next()) {
    if (token.kind != pg::TokenKind::other || lexer.text(token) != ":")
      continue;
    text.append(sql, copied, token.span.end - copied) += ' ';
    copied = token.span.end;
  }
  if (copied == 0)
    return sql;
  return text.append(sql, copied);
}

std::string psql_argument(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < ' ' || c == '\x7f';
    if (c == '\'' || c == '\\')
      quoted += c;
    quoted += control ? ' ' : c;
  }
  // psql takes `\\` in quotes for one backslash, and so `''` for one quote.
  return quoted + "'";
}

std::string dollar_quoted(std::string_view text, std::string_view tag) {
  std::string mark = fmt::format("${}$", tag);
  for (int i = 1; text.find(mark) != std::string_view::npos; ++i)
    mark = fmt::format("${}{}$", tag, i);
  return fmt::format("{}{}{}", mark, text, mark);
}

std::string do_block(std::string_view statements, std::string_view declarations) {
  return "DO " + dollar_quoted(fmt::format("\n{}BEGIN\n{}END ", declarations, statements));
}

}  // namespace retort
