#include "rules/words.h"

#include <algorithm>

namespace retort::rules {

std::vector<pg::Token> words_of(std::string_view sql) {
  std::vector<pg::Token> tokens;
  pg::Lexer lexer(sql, {0, static_cast<uint32_t>(sql.size())});
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next())
    if (token.kind != pg::TokenKind::comment)
      tokens.push_back(token);
  return tokens;
}

size_t find_words(std::string_view sql, const std::vector<pg::Token>& tokens,
                  std::initializer_list<std::string_view> words) {
  const auto found = std::search(tokens.begin(), tokens.end(), words.begin(), words.end(),
                                 [&](const pg::Token& token, std::string_view word) {
                                   return (token.kind == pg::TokenKind::word ||
                                           token.kind == pg::TokenKind::operation ||
                                           token.kind == pg::TokenKind::other) &&
                                          pg::same_word(text_of(sql, token), word);
                                 });
  return static_cast<size_t>(found - tokens.begin());
}

bool has_words(std::string_view sql, std::initializer_list<std::string_view> words) {
  const std::vector<pg::Token> tokens = words_of(sql);
  return find_words(sql, tokens, words) < tokens.size();
}

Span find_word(std::string_view sql, std::string_view word, uint32_t from) {
  for (const pg::Token& token : words_of(sql))
    if (token.kind == pg::TokenKind::word && token.span.begin >= from &&
        pg::same_word(text_of(sql, token), word))
      return token.span;
  return {};
}

Span find_string(std::string_view sql, std::string_view content) {
  for (const pg::Token& token : words_of(sql))
    if (token.kind == pg::TokenKind::string && content_of(text_of(sql, token)) == content)
      return token.span;
  return {};
}

std::string_view content_of(std::string_view literal) {
  const size_t open = literal.find('\'');
  if (open == std::string_view::npos || literal.size() < open + 2)
    return "";
  return literal.substr(open + 1, literal.size() - open - 2);
}

}  // namespace retort::rules
