// Which statements are questions about the schema, and what is said about the answer.
#include "common/text.h"
#include "compiler/alembic/questions/questions.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::alembic {
namespace {

// Cheap, and wide: what it takes for a question is parsed.
bool looks_like_question(const std::string& sql) {
  const std::string text = lower(sql);
  const size_t begin = text.find_first_not_of(" \t\r\n(");
  if (begin == text.npos || text.compare(begin, 6, "select") != 0)
    return false;
  for (const std::string_view word :
       {"information_schema", "pg_", "to_reg", "::reg", "current_schema"})
    if (text.find(word) != text.npos)
      return true;
  return false;
}

// One line, not too long.
std::string shown(const std::string& sql) {
  std::string line;
  for (const char c : sql) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (line.size() > 120) {
    size_t end = 117;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80)
      --end;
    line = line.substr(0, end) + "…";
  }
  return line;
}

std::string shown(const Cell& cell) {
  switch (cell.kind) {
  case Cell::Kind::null: return "NULL";
  case Cell::Kind::boolean: return cell.flag ? "true" : "false";
  case Cell::Kind::integer: return std::to_string(cell.number);
  case Cell::Kind::text: return "'" + cell.text + "'";
  default: return "?";
  }
}

}  // namespace

py::Value answer_question(py::Interpreter& in, Operations& operations, const std::string& sql) {
  if (!looks_like_question(sql))
    return {};
  const Expected<pg::Tree, pg::Reject> tree = pg::parse(sql);
  if (!tree || !tree->root().is("SelectStmt"))
    return {};
  Database* const database = operations.database();
  if (!database)
    return {};
  for (const std::string& name : database->catalog().blurred)
    if (sql.find(name) != sql.npos)
      return {};
  Views views(*database);
  std::optional<Answered> answer = run_question(views, *tree);
  if (!answer)
    return {};
  const size_t rows = answer->rows.size();
  const bool single = rows == 1 && answer->rows[0].size() == 1;
  operations.assume(in.here(),
                    fmt::format("`{}` is answered from the revisions before: {}", shown(sql),
                                single ? shown(answer->rows[0][0])
                                       : fmt::format("{} row{}", rows, rows == 1 ? "" : "s")));
  return make_result(in, *std::move(answer));
}

}  // namespace retort::alembic
