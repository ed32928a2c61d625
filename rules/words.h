// The words of a statement, for what its form does not keep.
#pragma once

#include "grammars/postgres/lexer.h"

#include <initializer_list>
#include <string_view>
#include <vector>

namespace retort::rules {

// Without comments.
std::vector<pg::Token> words_of(std::string_view sql);
inline std::string_view text_of(std::string_view sql, const pg::Token& token) {
  return sql.substr(token.span.begin, token.span.size());
}
// These words, one after the other; where they begin, or the number of the tokens.
size_t find_words(std::string_view sql, const std::vector<pg::Token>& tokens,
                  std::initializer_list<std::string_view> words);
bool has_words(std::string_view sql, std::initializer_list<std::string_view> words);
// The first word, or string, that says this, at or behind `from`; empty when there is none.
Span find_word(std::string_view sql, std::string_view word, uint32_t from = 0);
Span find_string(std::string_view sql, std::string_view content);
// What a string literal says, without its quotes.
std::string_view content_of(std::string_view literal);

}  // namespace retort::rules
