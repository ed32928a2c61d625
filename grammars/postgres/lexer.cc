#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <array>

namespace retort::pg {
namespace {

enum Class : uint8_t {
  kDigit = 1,
  kStartsName = 2,
  kContinuesName = 4,
  kBlank = 8,
  kOperator = 16
};

constexpr std::array<uint8_t, 256> classes() {
  std::array<uint8_t, 256> all{};
  for (size_t i = 0; i < all.size(); ++i) {
    const auto c = static_cast<unsigned char>(i);
    const bool digit = c >= '0' && c <= '9';
    const bool starts = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    all[i] = static_cast<uint8_t>((digit ? kDigit : 0) | (starts ? kStartsName : 0) |
                                  (starts || digit || c == '$' ? kContinuesName : 0));
  }
  for (const char c : std::string_view(" \t\n\r\f"))
    all[static_cast<unsigned char>(c)] |= kBlank;
  for (const char c : std::string_view("~!@#^&|`?+-*/%<>="))
    all[static_cast<unsigned char>(c)] |= kOperator;
  return all;
}
constexpr std::array<uint8_t, 256> kClasses = classes();

bool is(char c, Class wanted) { return (kClasses[static_cast<unsigned char>(c)] & wanted) != 0; }
bool is_digit(char c) { return is(c, kDigit); }
bool starts_name(char c) { return is(c, kStartsName); }
bool continues_name(char c) { return is(c, kContinuesName); }
bool is_blank(char c) { return is(c, kBlank); }
bool is_newline(char c) { return c == '\n' || c == '\r'; }
bool is_operator(char c) { return is(c, kOperator); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

Lexer::Lexer(std::string_view text, Span range)
    : text_(text), at_(range.begin), end_(std::min(range.end, static_cast<uint32_t>(text.size()))) {
}

void Lexer::skip_blanks() {
  for (; at_ < end_ && is_blank(text_[at_]); ++at_)
    if (is_newline(text_[at_]) && escapes_ == Continues::after_newline)
      escapes_ = Continues::yes;
}

uint32_t Lexer::next_begin() {
  skip_blanks();
  return at_;
}

void Lexer::jump(uint32_t offset) {
  at_ = offset;
  escapes_ = Continues::no;
}

Token Lexer::next() {
  skip_blanks();
  const uint32_t begin = at_;
  if (at_ >= end_)
    return {TokenKind::end, {end_, end_}};
  const char c = text_[at_];
  if (c == '-' && peek(1) == '-')
    return line_comment();
  const bool escapes = escapes_ == Continues::yes;
  escapes_ = Continues::no;

  if (c == '/' && peek(1) == '*')
    return block_comment();
  if (c == '\'')
    return quoted(TokenKind::string, begin, '\'', escapes);
  if (c == '"')
    return quoted(TokenKind::name, begin, '"', false);
  if (c == '$')
    return dollar();
  if (c == '\\')
    return backslash();
  if (is_digit(c) || (c == '.' && is_digit(peek(1))))
    return number();
  if (starts_name(c))
    return word();
  if (is_operator(c))
    return operation();

  ++at_;
  switch (c) {
  case '(':
  case '[': return make(TokenKind::open, begin);
  case ')':
  case ']': return make(TokenKind::close, begin);
  case ',': return make(TokenKind::comma, begin);
  case ';': return make(TokenKind::semicolon, begin);
  case ':':
    if (peek() == ':') {
      ++at_;
      return make(TokenKind::operation, begin);
    }
    return make(TokenKind::other, begin);
  default: return make(TokenKind::other, begin);
  }
}

Token Lexer::line_comment() {
  const uint32_t begin = at_;
  while (at_ < end_ && !is_newline(text_[at_]))
    ++at_;
  return make(TokenKind::comment, begin);
}

Token Lexer::block_comment() {
  const uint32_t begin = at_;
  uint32_t depth = 0;
  while (at_ < end_) {
    if (text_[at_] == '/' && peek(1) == '*') {
      ++depth;
      at_ += 2;
    } else if (text_[at_] == '*' && peek(1) == '/') {
      at_ += 2;
      if (--depth == 0)
        return make(TokenKind::comment, begin);
    } else {
      ++at_;
    }
  }
  return make(TokenKind::comment, begin, true);
}

// A doubled quote is one character of the text.
Token Lexer::quoted(TokenKind kind, uint32_t begin, char quote, bool escapes) {
  ++at_;
  while (at_ < end_) {
    const char c = text_[at_];
    if (c == '\\' && escapes) {
      at_ = std::min(at_ + 2, end_);
    } else if (c != quote) {
      ++at_;
    } else if (peek(1) == quote) {
      at_ += 2;
    } else {
      ++at_;
      escapes_ = escapes ? Continues::after_newline : Continues::no;
      return make(kind, begin);
    }
  }
  return make(kind, begin, true);
}

Token Lexer::dollar() {
  const uint32_t begin = at_++;
  if (is_digit(peek())) {
    while (is_digit(peek()))
      ++at_;
    return make(TokenKind::parameter, begin);
  }
  if (starts_name(peek()))
    while (starts_name(peek()) || is_digit(peek()))
      ++at_;
  if (peek() != '$') {
    at_ = begin + 1;
    return make(TokenKind::other, begin);
  }
  ++at_;
  const std::string_view tag = text_.substr(begin, at_ - begin);
  // No tag has a `$` inside, so each byte of the body is compared once.
  const size_t close = text_.substr(0, end_).find(tag, at_);
  const bool open = close == std::string_view::npos;
  at_ = open ? end_ : static_cast<uint32_t>(close + tag.size());
  return make(TokenKind::dollar, begin, open);
}

Token Lexer::number() {
  const uint32_t begin = at_;
  while (at_ < end_) {
    const char c = text_[at_];
    const bool signed_exponent =
        lower(c) == 'e' && (peek(1) == '+' || peek(1) == '-') && is_digit(peek(2));
    const bool range = c == '.' && peek(1) == '.';
    if (range || (!is_digit(c) && !starts_name(c) && c != '.'))
      break;
    at_ += signed_exponent ? 2 : 1;
  }
  return make(TokenKind::number, begin);
}

Token Lexer::operation() {
  const uint32_t begin = at_;
  while (is_operator(peek())) {
    const bool comment = (peek() == '-' && peek(1) == '-') || (peek() == '/' && peek(1) == '*');
    if (comment)
      break;
    ++at_;
  }
  return make(TokenKind::operation, begin);
}

Token Lexer::word() {
  const uint32_t begin = at_;
  const char c = lower(text_[at_]);
  if (peek(1) == '\'' && (c == 'e' || c == 'n' || c == 'b' || c == 'x')) {
    ++at_;
    return quoted(TokenKind::string, begin, '\'', c == 'e');
  }
  if (c == 'u' && peek(1) == '&' && (peek(2) == '\'' || peek(2) == '"')) {
    at_ += 2;
    const char quote = text_[at_];
    return quoted(quote == '"' ? TokenKind::name : TokenKind::string, begin, quote, false);
  }
  while (at_ < end_ && continues_name(text_[at_]))
    ++at_;
  return make(TokenKind::word, begin);
}

// psql reads a command to the end of its line; `\;` alone is a semicolon for the server.
Token Lexer::backslash() {
  const uint32_t begin = at_++;
  if (peek() == ';') {
    ++at_;
    return make(TokenKind::backslash, begin);
  }
  while (at_ < end_ && !is_newline(text_[at_]))
    ++at_;
  while (at_ > begin + 1 && is_blank(text_[at_ - 1]))
    --at_;
  return make(TokenKind::backslash, begin);
}

bool may_have_comments(std::string_view text) {
  return text.find("--") != text.npos || text.find("/*") != text.npos;
}

bool same_word(std::string_view word, std::string_view lower_case) {
  return std::equal(word.begin(), word.end(), lower_case.begin(), lower_case.end(),
                    [](char a, char b) { return lower(a) == b; });
}

}  // namespace retort::pg
