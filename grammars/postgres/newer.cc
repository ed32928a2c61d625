// Words of statements that a later PostgreSQL grammar takes, so that a reject can say which version
// to build with instead of "syntax error".
#include "common/text.h"
#include "grammars/postgres/lexer.h"
#include "grammars/postgres/parse.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace retort::pg {
namespace {

// `words` are tokens in a row; `?` is any one token, `$` the end of the statement, `a|b` a choice.
// The error stands at one of them or right behind, or for `inside` before the parenthesis closes.
struct Newer {
  int major;
  std::string_view words;
  std::string_view feature;
  bool inside = false;
};
constexpr Newer kNewer[] = {
    {16, "storage plain|external|extended|main|default", "STORAGE of a column"},
    {16, "create statistics on", "CREATE STATISTICS without a name"},
    {16, "create statistics ( ? ) on", "CREATE STATISTICS without a name"},
    {16, "reindex database|system $", "REINDEX without a name"},
    {16, "with inherit|set|admin true|false|option", "GRANT … WITH options"},
    {16, ", inherit|set|admin true|false|option", "GRANT … WITH options"},
    {16, "is json", "IS JSON"},
    {16, "is not json", "IS NOT JSON"},
    {16, "json_object|json_array|json_objectagg|json_arrayagg (", "JSON constructors", true},
    {17, "json|json_scalar|json_serialize (", "JSON constructors", true},
    {17, "json_value|json_query|json_exists (", "JSON query functions", true},
    {17, "json_table (", "JSON_TABLE", true},
    {17, "set expression", "SET EXPRESSION"},
    {17, "set access method default", "SET ACCESS METHOD DEFAULT"},
    {17, "at local", "AT LOCAL"},
    {17, "not matched by source|target", "MERGE … NOT MATCHED BY"},
    {18, "add constraint ? not null", "named not-null constraints"},
    {18, "add not null", "not-null constraints of tables"},
    {18, "not enforced", "NOT ENFORCED"},
    {18, "enforced", "ENFORCED"},
    {18, "alter constraint ? inherit", "ALTER CONSTRAINT … INHERIT"},
    {18, "alter constraint ? no inherit", "ALTER CONSTRAINT … NO INHERIT"},
    {18, ") virtual", "virtual generated columns"},
    {18, "without overlaps", "WITHOUT OVERLAPS"},
    {18, ", period ?", "PERIOD foreign keys"},
    {18, "returning with (", "RETURNING WITH"},
    {18, "vacuum|analyze only", "VACUUM and ANALYZE ONLY"},
    {18, "on large objects", "default privileges on large objects"},
};

struct Piece {
  Span span;
  std::string_view text;
};

std::vector<Piece> pieces_of(std::string_view statement) {
  std::vector<Piece> pieces;
  Lexer lexer(statement, {0, static_cast<uint32_t>(statement.size())});
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next())
    if (token.kind != TokenKind::comment)
      pieces.push_back({token.span, lexer.text(token)});
  const uint32_t end = static_cast<uint32_t>(statement.size());
  pieces.push_back({{end, end}, "$"});
  return pieces;
}

bool matches(std::string_view choices, std::string_view text) {
  if (choices == "?")
    return true;
  const std::vector<std::string_view> words = retort::split(choices, '|');
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return same_word(text, word); });
}

// The pattern is found at `begin` of the pieces.
bool found(const std::vector<std::string_view>& pattern, const std::vector<Piece>& pieces,
           size_t begin) {
  if (begin + pattern.size() > pieces.size())
    return false;
  for (size_t i = 0; i < pattern.size(); ++i)
    if (!matches(pattern[i], pieces[begin + i].text))
      return false;
  return true;
}

// The parenthesis before `begin` is not closed before `end`.
bool still_open(const std::vector<Piece>& pieces, size_t begin, size_t end) {
  int depth = 1;
  for (size_t i = begin; i < end && depth > 0; ++i)
    depth += pieces[i].text == "(" ? 1 : pieces[i].text == ")" ? -1 : 0;
  return depth > 0;
}

bool is_newer_number(std::string_view text) {
  if (text.empty() || text[0] < '0' || text[0] > '9')
    return false;
  const bool based = text.size() > 1 && text[0] == '0' &&
                     std::string_view("xXoObB").find(text[1]) != std::string_view::npos;
  return based || text.find('_') != std::string_view::npos;
}

std::string worded(std::string_view feature, int major) {
  return fmt::format("{} came with PostgreSQL {}", feature, major);
}

}  // namespace

std::string newer_feature(std::string_view statement, uint32_t offset, std::string_view message,
                          int major) {
  if (major < 16 && message.find("in FROM must have an alias") != std::string_view::npos)
    return worded("FROM (…) without an alias", 16);

  const std::vector<Piece> pieces = pieces_of(statement);
  size_t error = 0;
  while (error + 1 < pieces.size() && pieces[error].span.end <= offset)
    ++error;
  if (major < 16 && is_newer_number(pieces[error].text))
    return worded("this way to write numbers", 16);
  if (major < 17 && same_word(pieces[0].text, "merge") &&
      same_word(pieces[error].text, "returning"))
    return worded("MERGE … RETURNING", 17);

  for (const Newer& newer : kNewer) {
    if (newer.major <= major)
      continue;
    const std::vector<std::string_view> pattern = retort::split(newer.words, ' ');
    const size_t reach = newer.inside ? error : pattern.size();
    for (size_t begin = error > reach ? error - reach : 0; begin <= error; ++begin)
      if (found(pattern, pieces, begin) &&
          (!newer.inside || still_open(pieces, begin + pattern.size(), error)))
        return worded(newer.feature, newer.major);
  }
  return {};
}

}  // namespace retort::pg
