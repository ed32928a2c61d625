// A lock is held until the transaction ends, so that whatever is slow behind it makes it long: a
// scan, a rewrite, an index, a backfill, be it of another table.
#include "rules/rules.h"
#include "rules/words.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using facts::Answer;
using facts::LockMode;

struct Held {
  const Ran* by = nullptr;
  std::string table;
};

// `WHERE code = 'a'`, and nothing else behind it: the column; empty where it is something else.
std::string_view column_that_picks(std::string_view sql) {
  const std::vector<pg::Token> words = words_of(sql);
  const size_t where = find_words(sql, words, {"where"});
  if (where + 4 != words.size() || text_of(sql, words[where + 2]) != "=")
    return {};
  const pg::TokenKind value = words[where + 3].kind;
  return value == pg::TokenKind::string || value == pg::TokenKind::number
             ? text_of(sql, words[where + 1])
             : std::string_view();
}

// One row that a key names, or a row that is written out.
bool is_short(const TransactionVisit& visit, const LintStatement& statement,
              const facts::Touched& touched) {
  const auto is_insert = [](const forms::Form& form) {
    const auto* const insert = std::get_if<forms::Insert>(&form);
    return insert && insert->rows > 0 && insert->query.from.empty();
  };
  if (std::any_of(statement.forms.begin(), statement.forms.end(), is_insert))
    return true;
  const catalog::Object* const table = visit.after().get(touched.id);
  const std::string_view column = table ? column_that_picks(statement.sql) : std::string_view();
  const std::vector<catalog::Id> indexes =
      column.empty() ? std::vector<catalog::Id>()
                     : visit.after().members(table->id, catalog::Kind::index);
  return std::any_of(indexes.begin(), indexes.end(), [&](catalog::Id id) {
    const auto& index = visit.after().get(id)->as<catalog::Index>();
    const catalog::Column* const key =
        index.columns.size() == 1 ? table->column_at(index.columns[0].column) : nullptr;
    return index.unique && index.where.empty() && key && forms::quoted(key->name) == column;
  });
}

// What the statement reads or writes to the end, of tables that were there before. A statement that
// is slow under an ACCESS EXCLUSIVE lock of its own, on the table that is locked anyway, is the
// matter of the rules about locks.
const facts::Touched* slow_on(const TransactionVisit& visit, const Ran& ran, const Held& held) {
  for (const facts::Touched& touched : ran.facts.front().facts.touched)
    if (touched.kind == catalog::Kind::table && visit.live(touched) &&
        (touched.name != held.table || touched.lock != LockMode::access_exclusive) &&
        (touched.scanned == Answer::yes || touched.rewritten == Answer::yes ||
         touched.built == Answer::yes ||
         (touched.changed && !is_short(visit, visit.statement(ran), touched))))
      return &touched;
  return nullptr;
}

void check(TransactionVisit& visit) {
  Held held;
  for (const Ran& ran : visit.statements()) {
    if (held.by) {
      if (const facts::Touched* const slow = slow_on(visit, ran, held)) {
        const std::string text =
            fmt::format("nobody can read or write {} while {} is {}", held.table,
                        slow->name == held.table ? "it" : slow->name,
                        slow->changed ? "written to" : "read to the end");
        const Loc locked = visit.statement(*held.by).at;
        // One hazard of one statement, on one table, is one finding.
        Diagnostic* const said = slow->name == held.table ? visit.said(ran, "lock") : nullptr;
        if (said)
          said->note(locked, text + ": it is locked here");
        else
          visit.report(ran, text)
              .note(locked, fmt::format("{} is locked here", held.table))
              .note("do the slow work first, or in a transaction of its own");
        return;
      }
      continue;
    }
    for (const facts::Touched& touched : ran.facts.front().facts.touched)
      if (touched.lock == LockMode::access_exclusive && touched.kind == catalog::Kind::table &&
          visit.live(touched) && !visit.goes(touched)) {
        held = {&ran, touched.name};
        break;
      }
  }
}

}  // namespace

const Rule txn_slow_while_locked{
    .name = "txn/slow-while-locked", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
