#include "compiler/script/script.h"

#include "common/text.h"
#include "grammars/postgres/lexer.h"

#include <algorithm>

namespace retort {
namespace {

std::vector<std::string_view> ids(const Chain& chain, const std::vector<RevIndex>& revisions) {
  std::vector<std::string_view> names;
  for (const RevIndex i : revisions)
    names.push_back(chain[i].id);
  return names;
}

std::string terminated(std::string_view sql) {
  std::string text(trim(sql));
  if (!pg::may_have_comments(text))
    return text + ";";
  pg::Lexer lexer(text, {0, static_cast<uint32_t>(text.size())});
  pg::TokenKind last = pg::TokenKind::end;  // not counting comments
  bool in_comment = false;
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next()) {
    in_comment = token.kind == pg::TokenKind::comment && lexer.text(token).starts_with("--");
    if (token.kind != pg::TokenKind::comment)
      last = token.kind;
  }
  if (last == pg::TokenKind::end && !text.empty())
    return text;
  // Behind a `;` of the text's own another one does no harm, and Alembic prints it.
  return text + (in_comment && last != pg::TokenKind::semicolon ? "\n;" : ";");
}

}  // namespace

std::vector<ScriptStep> script_steps(const Chain& chain, Rows rows, std::span<const Step> steps,
                                     std::span<const Body> bodies) {
  std::sort(rows.begin(), rows.end());
  std::vector<ScriptStep> script;
  for (size_t i = 0; i < steps.size(); ++i) {
    const Step step = steps[i];
    ScriptStep& printed = script.emplace_back();
    printed.name = step.down ? "downgrade" : "upgrade";
    printed.from = ids(chain, chain.parents(step.revision));
    printed.to = ids(chain, {step.revision});
    if (step.down)
      std::swap(printed.from, printed.to);
    printed.revision = step.revision;
    printed.body = &bodies[i];
    printed.creates_table = rows.empty();
    printed.change = next(chain, rows, step);
    rows = printed.change.rows;
  }
  return script;
}

std::vector<ScriptStep> script_steps(const Chain& chain, Rows rows,
                                     std::span<const StampStep> steps) {
  std::sort(rows.begin(), rows.end());
  std::vector<ScriptStep> script;
  for (const StampStep& step : steps) {
    ScriptStep& printed = script.emplace_back();
    printed.name = "stamp_revision";
    printed.from = ids(chain, step.from);
    if (step.to)
      printed.to = ids(chain, {*step.to});
    printed.creates_table = rows.empty();
    printed.change = next(rows, step);
    rows = printed.change.rows;
  }
  return script;
}

std::string terminated(const std::vector<BodyItem>& items, size_t& number) {
  return items[number].followed ? terminated(executed_text(items, number))
                                : terminated(items[number]);
}

std::string terminated(const BodyItem& item) {
  std::string text = terminated(item.sql);
  if (!item.data)
    return text;
  text += "\n" + *item.data;
  return text + (text.ends_with('\n') ? "\\." : "\n\\.");
}

}  // namespace retort
