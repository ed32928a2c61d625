#include "common/utf8.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

namespace retort::utf8 {

Char decode(std::string_view text, size_t offset) {
  const auto byte = [&](size_t i) {
    return offset + i < text.size() ? static_cast<unsigned char>(text[offset + i]) : 0U;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80)
    return {lead, 1, true};
  const uint32_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  const Char invalid{0xFFFD, 1, false};
  if (lead < 0xC2 || lead > 0xF4)
    return invalid;
  char32_t code = lead & (0xFFU >> (size + 1));
  for (uint32_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80)
      return invalid;
    code = code << 6U | (byte(i) & 0x3FU);
  }
  const bool overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (overlong || surrogate || code > 0x10FFFF)
    return invalid;
  return {code, size, true};
}

void append(std::string& text, char32_t code) {
  const auto push = [&](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    push(code);
  } else if (code < 0x800) {
    push(0xC0U | code >> 6U);
    push(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    push(0xE0U | code >> 12U);
    push(0x80U | (code >> 6U & 0x3FU));
    push(0x80U | (code & 0x3FU));
  } else {
    push(0xF0U | code >> 18U);
    push(0x80U | (code >> 12U & 0x3FU));
    push(0x80U | (code >> 6U & 0x3FU));
    push(0x80U | (code & 0x3FU));
  }
}

size_t first_invalid(std::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    // ASCII in large steps: revision files rarely hold anything else.
    constexpr size_t kStep = 32;
    while (i + kStep <= text.size()) {
      std::array<uint64_t, 4> words{};
      std::memcpy(words.data(), text.data() + i, kStep);
      if (((words[0] | words[1] | words[2] | words[3]) & 0x8080808080808080ULL) != 0)
        break;
      i += kStep;
    }
    while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80)
      ++i;
    if (i == text.size())
      break;
    const Char c = decode(text, i);
    if (!c.valid)
      return i;
    i += c.size;
  }
  return std::string_view::npos;
}

size_t count(std::string_view text) {
  size_t characters = 0;
  for (size_t i = 0; i < text.size(); i += decode(text, i).size)
    ++characters;
  return characters;
}

int display_width(char32_t code) {
  struct Range {
    char32_t first, last;
  };
  static constexpr std::array kZero = {
      Range{0x0300, 0x036F},   Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x0610, 0x061A},
      Range{0x064B, 0x065F},   Range{0x200B, 0x200F}, Range{0x202A, 0x202E}, Range{0x2060, 0x2064},
      Range{0x20D0, 0x20F0},   Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xFEFF, 0xFEFF},
      Range{0xE0100, 0xE01EF},
  };
  static constexpr std::array kWide = {
      Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x33FF},
      Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},
      Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
      Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},
      Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF},
      Range{0x20000, 0x3FFFD},
  };
  const auto within = [code](const Range& range) {
    return code >= range.first && code <= range.last;
  };
  if (code < 0x20 || std::any_of(kZero.begin(), kZero.end(), within))
    return 0;
  return std::any_of(kWide.begin(), kWide.end(), within) ? 2 : 1;
}

std::string replaced(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const Char c = decode(text, i);
    if (c.valid)
      valid.append(text, i, c.size);
    else
      append(valid, 0xFFFD);
    i += c.size;
  }
  return valid;
}

std::optional<std::string> from_encoding(std::string_view bytes, std::string_view encoding) {
  std::string name;
  for (const char c : encoding)
    name.push_back(c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  if (name == "ascii" || name == "us-ascii" || name == "utf-8" || name == "utf8" ||
      name == "utf-8-sig")
    return std::string(bytes);
  const bool latin9 = name == "iso-8859-15" || name == "latin-9" || name == "latin9";
  const bool windows = name == "cp1252" || name == "windows-1252";
  if (!latin9 && !windows && name != "latin-1" && name != "latin1" && name != "iso-8859-1")
    return std::nullopt;

  // Only the places where the two differ from Latin-1; 0 is a byte that the encoding lacks.
  static constexpr std::array<char16_t, 32> kWindows = {
      0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    char32_t code = static_cast<unsigned char>(c);
    if (windows && code >= 0x80 && code < 0xA0) {
      code = kWindows[code - 0x80];
      if (code == 0)
        return std::nullopt;
    }
    if (latin9) {
      switch (code) {
      case 0xA4: code = 0x20AC; break;
      case 0xA6: code = 0x0160; break;
      case 0xA8: code = 0x0161; break;
      case 0xB4: code = 0x017D; break;
      case 0xB8: code = 0x017E; break;
      case 0xBC: code = 0x0152; break;
      case 0xBD: code = 0x0153; break;
      case 0xBE: code = 0x0178; break;
      default: break;
      }
    }
    append(text, code);
  }
  return text;
}

}  // namespace retort::utf8
