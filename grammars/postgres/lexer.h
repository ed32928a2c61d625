// SQL text to tokens, by the rules of PostgreSQL's own scanner with standard_conforming_strings on.
// Comments are tokens too, and so is a psql command: from its backslash to the end of the line.
#pragma once

#include "common/source.h"

#include <string_view>

namespace retort::pg {

enum class TokenKind : uint8_t {
  end,
  word,    // a keyword or an unquoted name
  name,    // "quoted", U&"quoted"
  string,  // '…', E'…', U&'…', N'…', B'…', X'…'
  dollar,  // $tag$…$tag$
  number,
  parameter,  // $1
  operation,  // an operator, and `::`
  open,       // ( and [
  close,      // ) and ]
  comma,
  semicolon,
  other,  // . : := and what no token begins with
  comment,
  backslash,
};

struct Token {
  TokenKind kind = TokenKind::end;
  Span span;
  bool open = false;  // the text ended before the token did
};

class Lexer {
public:
  // Reads the bytes of `range`; spans count from the start of `text`.
  Lexer(std::string_view text, Span range);

  Token next();

  std::string_view text(const Token& token) const {
    return text_.substr(token.span.begin, token.span.size());
  }
  uint32_t next_begin();  // where the next token will begin; the end of the range without one
  void jump(uint32_t offset);

private:
  char peek(uint32_t ahead = 0) const { return at_ + ahead < end_ ? text_[at_ + ahead] : '\0'; }
  Token make(TokenKind kind, uint32_t begin, bool open = false) const {
    return {kind, {begin, at_}, open};
  }
  void skip_blanks();
  Token line_comment();
  Token block_comment();
  Token quoted(TokenKind kind, uint32_t begin, char quote, bool escapes);
  Token dollar();
  Token number();
  Token operation();
  Token word();
  Token backslash();

  std::string_view text_;
  uint32_t at_;
  uint32_t end_;
  // A string that follows an E'' string on a later line goes on with its escapes.
  enum class Continues : uint8_t { no, after_newline, yes } escapes_ = Continues::no;
};

// False where the text certainly has none.
bool may_have_comments(std::string_view text);

// ASCII case aside. PostgreSQL folds the keywords' letters the same way.
bool same_word(std::string_view word, std::string_view lower_case);

}  // namespace retort::pg
