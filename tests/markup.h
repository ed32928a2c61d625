// Questions about pages and tables that tests ask, without a browser.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort::tests {

size_t count_of(std::string_view text, std::string_view wanted);
std::vector<std::string_view> lines_of(std::string_view text);
size_t cells_of(std::string_view row);  // of a Markdown table

// Elements that do not nest, attributes that are not quoted or stand twice, entities that XML does
// not know, bytes that are not UTF-8, ids that stand twice, links into nowhere.
std::vector<std::string> markup_problems(std::string_view page);
// Whether a tag, with its attributes, has this text in it; or the style.
bool has_in_tags(std::string_view page, std::string_view wanted);
// Without tags and with single blanks; entities stay.
std::string text_of(std::string_view page);

bool write(const std::string& path, std::string_view text);

}  // namespace retort::tests
