#include "common/text.h"
#include "versions/layouts.h"

#include <algorithm>

namespace retort {
namespace {

struct Word {
  std::string_view words;  // lower case
  LayoutMark mark;
};
constexpr Word kDbmateWords[] = {{"up", LayoutMark::up}, {"down", LayoutMark::down}};
constexpr Word kGooseWords[] = {
    {"up", LayoutMark::up},
    {"down", LayoutMark::down},
    {"statementbegin", LayoutMark::statement_begin},
    {"statementend", LayoutMark::statement_end},
    {"no transaction", LayoutMark::no_transaction},
    {"envsub", LayoutMark::substitution},
};

}  // namespace

LayoutLine layout_line(Format format, std::string_view text, Span line) {
  const bool goose = format == Format::goose;
  const std::string_view prefix = goose ? "+goose" : "migrate:";
  const std::span<const Word> known =
      goose ? std::span<const Word>(kGooseWords) : std::span<const Word>(kDbmateWords);
  const std::string_view whole = text.substr(line.begin, line.size());
  if (!whole.starts_with("--"))
    return {};
  std::string_view words = trim(whole.substr(2));
  if (!lower(words.substr(0, prefix.size())).starts_with(prefix))
    return {};
  words.remove_prefix(prefix.size());
  words = trim(words);

  const auto rest_behind = [&](size_t size) {
    const std::string_view rest = trim(words.substr(size));
    const uint32_t begin =
        static_cast<uint32_t>(rest.empty() ? line.end : rest.data() - text.data());
    return Span{begin, begin + static_cast<uint32_t>(rest.size())};
  };
  const std::string folded = lower(words);
  for (const Word& word : known) {
    const bool whole_word =
        folded.size() == word.words.size() ||
        (folded.size() > word.words.size() && !is_word(folded[word.words.size()]));
    if (folded.starts_with(word.words) && whole_word)
      return {word.mark, line, rest_behind(word.words.size())};
  }
  return {LayoutMark::unknown, line, rest_behind(0)};
}

}  // namespace retort
