// A fixed set of ASCII words that is asked often, and nearly always the answer is no.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace retort {

class WordSet {
public:
  // In ASCII order, each word followed by one blank. The text must outlive the set.
  constexpr explicit WordSet(std::string_view words) : words_(words) {
    size_t begin = 0;
    for (size_t i = 0; i < words.size(); ++i) {
      if (words[i] != ' ')
        continue;
      Initial& initial = initials_[static_cast<unsigned char>(words[begin])];
      if (initial.lengths == 0)
        initial.begin = static_cast<uint16_t>(begin);
      initial.lengths |= uint32_t{1} << (i - begin);
      begin = i + 1;
    }
  }

  constexpr bool contains(std::string_view word) const {
    if (word.empty() || word.size() > 31 || static_cast<unsigned char>(word[0]) >= 0x80)
      return false;
    // The first letter and the length settle most of it.
    const Initial& initial = initials_[static_cast<unsigned char>(word[0])];
    if ((initial.lengths >> word.size() & 1) == 0)
      return false;
    for (size_t at = initial.begin; at < words_.size() && words_[at] == word[0];
         at = words_.find(' ', at) + 1)
      if (words_.substr(at, word.size()) == word && words_[at + word.size()] == ' ')
        return true;
    return false;
  }

private:
  struct Initial {
    uint32_t lengths = 0;  // one bit for each
    uint16_t begin = 0;    // of the first word
  };
  std::string_view words_;
  std::array<Initial, 128> initials_{};
};

}  // namespace retort
