// What PostgreSQL 18 reads and an older grammar refuses, told in words of the same length that the
// grammar takes. The grammar itself says where: nothing is looked for but at its error.
#include "grammars/postgres/lexer.h"
#include "grammars/postgres/parse.h"

#include <algorithm>

namespace retort::pg {
namespace {

using Meaning = Retold::Meaning;

class Teller {
public:
  Teller(std::string& statement, uint32_t offset) : text_(statement) {
    Lexer lexer(statement, {0, static_cast<uint32_t>(statement.size())});
    for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next())
      tokens_.push_back(token);
    error_ = static_cast<size_t>(
        std::find_if(tokens_.begin(), tokens_.end(),
                     [&](const Token& token) { return token.span.end > offset; }) -
        tokens_.begin());
  }

  std::optional<Retold> tell() {
    if (!is_of_table())
      return std::nullopt;
    if (std::optional<Retold> told = virtual_column())
      return told;
    if (std::optional<Retold> told = not_null_constraint())
      return told;
    return enforcement();
  }

private:
  bool is(size_t i, std::string_view word) const {
    return i < tokens_.size() && tokens_[i].kind == TokenKind::word &&
           same_word(text_of(tokens_[i]), word);
  }
  bool is(size_t i, TokenKind kind) const { return i < tokens_.size() && tokens_[i].kind == kind; }
  std::string_view text_of(const Token& token) const {
    return std::string_view(text_).substr(token.span.begin, token.span.size());
  }

  // `ALTER TABLE`, `CREATE UNLOGGED TABLE`, `CREATE GLOBAL TEMPORARY TABLE`.
  bool is_of_table() const {
    if (!is(0, "alter") && !is(0, "create"))
      return false;
    return is(1, "table") || is(2, "table") || is(3, "table");
  }

  // GENERATED ALWAYS AS (…) VIRTUAL, or without the last word: a default, but for its columns.
  std::optional<Retold> virtual_column() {
    if (error_ == 0 || !is(error_ - 1, TokenKind::close))
      return std::nullopt;
    size_t open = error_ - 1;
    for (int depth = 0;; --open) {
      depth += is(open, TokenKind::close) ? 1 : is(open, TokenKind::open) ? -1 : 0;
      if (depth == 0 || open == 0)
        break;
    }
    if (open < 3 || !is(open - 3, "generated") || !is(open - 2, "always") || !is(open - 1, "as"))
      return std::nullopt;
    const Token last = tokens_[is(error_, "virtual") ? error_ : error_ - 1];
    const Span generated = {tokens_[open - 3].span.begin, tokens_[open - 1].span.end};
    write(generated, "DEFAULT");
    if (last.kind == TokenKind::word)
      write(last.span, "");
    return Retold{Meaning::virtual_column, {generated.begin, last.span.end}};
  }

  // CONSTRAINT name NOT NULL column, and the same without a name: a CHECK of the bare column.
  std::optional<Retold> not_null_constraint() {
    const size_t column = error_ + 2;
    const bool named = is(column, TokenKind::name) ||
                       (is(column, TokenKind::word) && !is(column, "not") && !is(column, "no") &&
                        !is(column, "deferrable") && !is(column, "initially"));
    if (!is(error_, "not") || !is(error_ + 1, "null") || !named ||
        (is(column + 1, "no") && is(column + 2, "inherit")))
      return std::nullopt;
    const Span words = {tokens_[error_].span.begin, tokens_[column].span.end};
    write(words, "CHECK(" + std::string(tokens_[column].span.begin - words.begin - 7, ' ') +
                     std::string(text_of(tokens_[column])) + ")");
    return Retold{Meaning::not_null_constraint, words};
  }

  // [NOT] ENFORCED behind a check or a foreign key, or of one that is altered.
  std::optional<Retold> enforcement() {
    if (!is(error_, "enforced"))
      return std::nullopt;
    const bool negated = error_ > 0 && is(error_ - 1, "not");
    bool constrains = false;
    int depth = 0;
    for (size_t i = error_; i-- > 0 && depth >= 0;) {
      depth += is(i, TokenKind::close) ? 1 : is(i, TokenKind::open) ? -1 : 0;
      if (depth != 0)
        continue;
      if (is(i, TokenKind::comma))
        break;
      constrains |=
          is(i, "check") || is(i, "references") || (is(i, "alter") && is(i + 1, "constraint"));
    }
    if (!constrains)
      return std::nullopt;
    const Span words = {tokens_[negated ? error_ - 1 : error_].span.begin,
                        tokens_[error_].span.end};
    write(words, "");
    return Retold{negated ? Meaning::not_enforced : Meaning::enforced, words};
  }

  void write(Span at, std::string_view words) {
    text_.replace(at.begin, at.size(),
                  std::string(words) + std::string(at.size() - words.size(), ' '));
  }

  std::string& text_;
  std::vector<Token> tokens_;
  size_t error_ = 0;
};

}  // namespace

std::optional<Retold> retell(std::string& statement, uint32_t offset) {
  return Teller(statement, offset).tell();
}

}  // namespace retort::pg
