#include "editors/server/words.h"

#include "common/text.h"
#include "compiler/catalog/sql.h"
#include "grammars/postgres/lexer.h"
#include "linter/finding.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::lsp {

using facts::LockMode;

LockMode strongest_lock(const facts::Facts& facts) {
  LockMode strongest = LockMode::none;
  for (const facts::Touched& touched : facts.touched)
    if (!touched.made)
      strongest = std::max(strongest, touched.lock);
  return strongest;
}

LockMode strongest_lock(std::span<const SeenStatement> statements, bool down) {
  LockMode strongest = LockMode::none;
  for (const SeenStatement& statement : statements)
    if (statement.down == down)
      strongest = std::max(strongest, strongest_lock(statement.facts));
  return strongest;
}

std::string locks_text(const facts::Facts& facts) {
  std::vector<const facts::Touched*> held;
  const auto is_index = [](const facts::Touched& touched) {
    return touched.kind == catalog::Kind::index;
  };
  // Who waits for an index waits for its table.
  const bool only_indexes =
      std::all_of(facts.touched.begin(), facts.touched.end(), [&](const facts::Touched& touched) {
        return touched.lock == LockMode::none || touched.made || is_index(touched);
      });
  for (const facts::Touched& touched : facts.touched)
    if (touched.lock != LockMode::none && !touched.made && (only_indexes || !is_index(touched)))
      held.push_back(&touched);
  std::stable_sort(held.begin(), held.end(),
                   [](const auto* a, const auto* b) { return a->lock > b->lock; });
  std::vector<std::string> parts;
  for (const facts::Touched* const touched : held)
    parts.push_back(fmt::format("{} on {}", facts::sql_name(touched->lock), touched->name));
  return join(parts, ", ");
}

std::string work_text(const facts::Facts& facts) {
  switch (facts.work) {
  case facts::Work::catalog: return "";
  case facts::Work::rows: return "rows are written";
  case facts::Work::scan: return "every row is read";
  case facts::Work::build: return "an index is built";
  case facts::Work::rewrite: return "every row is written anew, with all indexes";
  case facts::Work::unknown: return "not known";
  }
  return "";
}

std::string code_block(std::string_view sql, bool markdown) {
  if (!markdown)
    return std::string(sql) + "\n";
  // A fence longer than any run of backticks in the text.
  std::string fence = "```";
  while (sql.find(fence) != std::string_view::npos)
    fence += '`';
  return fmt::format("{}sql\n{}\n{}\n", fence, sql, fence);
}

std::string escaped(std::string_view text, bool markdown) {
  if (!markdown)
    return std::string(text);
  std::string result;
  for (const char c : text) {
    if (std::string_view("\\`*_{}[]<>#|!~&").find(c) != std::string_view::npos)
      result += '\\';
    result += c;
  }
  return result;
}

// One column a line: the text of CREATE TABLE cut at the commas of its list.
static std::string laid_out(std::string_view statement) {
  if (!statement.starts_with("CREATE TABLE") && !statement.starts_with("CREATE UNLOGGED TABLE"))
    return std::string(statement);
  pg::Lexer lexer(statement, {0, static_cast<uint32_t>(statement.size())});
  std::string text;
  uint32_t done = 0;
  int depth = 0;
  const auto cut = [&](uint32_t end, std::string_view behind) {
    text += trim(statement.substr(done, end - done));
    text += behind;
    done = end;
  };
  bool in_list = false, over = false;
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next()) {
    if (token.kind == pg::TokenKind::open && ++depth == 1 && !over) {
      cut(token.span.end, "\n  ");
      in_list = true;
    } else if (token.kind == pg::TokenKind::close && --depth == 0 && in_list) {
      cut(token.span.begin, "\n");
      in_list = false;
      over = true;
    } else if (token.kind == pg::TokenKind::comma && depth == 1 && in_list) {
      cut(token.span.end, "\n  ");
    }
  }
  return text + std::string(trim(statement.substr(done)));
}

std::string definition_text(catalog::Catalog& catalog, catalog::Id id) {
  const catalog::Object* const object = catalog.get(id);
  if (!object)
    return {};
  if (const auto made = catalog::creation(catalog, id)) {
    std::string text;
    for (const std::string& statement : *made)
      text += (text.empty() ? "" : "\n") + laid_out(statement) + ";";
    return text;
  }
  std::string text =
      fmt::format("-- {} {}", to_string(object->kind), catalog::reference(catalog, *object));
  const auto* const table = object->maybe<catalog::Table>();
  if (!table)
    return text;
  text += table->partial ? ": as far as the chain tells\n" : "\n";
  for (const catalog::Column& column : table->columns)
    if (!column.dropped) {
      const auto definition = catalog::column_definition(catalog, id, column);
      text += "  " + definition.value_or(column.name) + "\n";
    }
  return text;
}

std::string title_of(const Revision& revision) { return one_line(revision.title()); }

}  // namespace retort::lsp
