// Small questions about text that several folders ask.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

std::string_view trim(std::string_view text);  // ASCII white space at both ends
std::string lower(std::string_view text);      // ASCII only
std::string upper(std::string_view text);
bool is_word(char c);  // letter, digit, underscore, or part of a non-ASCII character
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string with_line_feeds(std::string_view text);  // where it has CRLF

// The candidate that `word` was probably meant to be, or empty when none is near.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// Letters to add, leave out, change or swap with their neighbours.
size_t edit_distance(std::string_view a, std::string_view b);

// "1 revision", "2 revisions".
std::string counted(size_t count, std::string_view noun);

}  // namespace retort
