#include "compiler/python/text.h"

#include "common/utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace retort::py {

bool Text::take_file(FileId added) {
  if (!exact || added == FileId::none)
    return false;
  if (file == FileId::none)
    file = added;
  if (file != added) {
    exact = false;
    pieces.clear();
  }
  return exact;
}

void Text::append(const Str& string, size_t begin, size_t end) {
  end = std::min(end, string.text.size());
  if (begin >= end)
    return;
  const auto base = static_cast<uint32_t>(text.size());
  const std::string_view part = std::string_view(string.text).substr(begin, end - begin);
  if (string.pieces.empty()) {
    append(part, string.at);
    return;
  }
  if (take_file(string.at.file))
    for (size_t i = 0; i < string.pieces.size(); ++i) {
      Piece piece = string.pieces[i];
      const size_t piece_end =
          i + 1 < string.pieces.size() ? string.pieces[i + 1].begin : string.text.size();
      if (piece_end <= begin || piece.begin >= end)
        continue;
      const auto cut = static_cast<uint32_t>(piece.begin < begin ? begin - piece.begin : 0);
      const auto rest = static_cast<uint32_t>(piece_end > end ? piece_end - end : 0);
      if (piece.verbatim) {
        piece.origin.begin += cut;
        piece.origin.end -= rest;
      }
      piece.begin = base + static_cast<uint32_t>(std::max<size_t>(piece.begin, begin) - begin);
      pieces.push_back(piece);
    }
  text += part;
}

void Text::append(std::string_view added, Loc origin) {
  if (added.empty())
    return;
  if (take_file(origin.file))
    pieces.push_back({static_cast<uint32_t>(text.size()), origin.span, false});
  text += added;
}

void Text::append(std::string_view added, FileId literal_file, const std::vector<Piece>& map) {
  const auto base = static_cast<uint32_t>(text.size());
  if (!added.empty() && take_file(literal_file))
    for (Piece piece : map) {
      piece.begin += base;
      pieces.push_back(piece);
    }
  text += added;
}

void Text::append_unknown(const Value& piece) {
  if (!gap)
    gap = piece;
  const std::string_view known = sketch_of(piece);
  text += known.empty() ? kGap : known;
}

size_t char_count(const Str& string) {
  return string.ascii() ? string.text.size() : utf8::count(string.text);
}

size_t byte_offset(const Str& string, size_t character) {
  if (string.ascii())
    return std::min(character, string.text.size());
  size_t byte = 0;
  for (; character > 0 && byte < string.text.size(); --character)
    byte += utf8::decode(string.text, byte).size;
  return byte;
}

size_t char_offset(const Str& string, size_t byte) {
  return string.ascii() ? byte : utf8::count(std::string_view(string.text).substr(0, byte));
}

bool is_space(char32_t code) {
  return (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x20) || code == 0x85 ||
         code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 ||
         code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

std::optional<bool> is_printable(char32_t code) {
  if (code < 0x80)
    return code >= 0x20 && code != 0x7f;
  if (code <= 0xa0 || code == 0xad || is_space(code) || (code >= 0x200b && code <= 0x200f) ||
      code == 0xfeff)
    return false;
  struct Block {
    char32_t first;
    char32_t last;
  };
  // Blocks without a hole in every Unicode version that Python 3 has had.
  constexpr std::array kPrintable = {
      Block{0xa1, 0x377},    Block{0x400, 0x52f},     Block{0x5d0, 0x5ea},
      Block{0x2010, 0x2027}, Block{0x2030, 0x205e},   Block{0x20a0, 0x20bf},
      Block{0x2190, 0x23f3}, Block{0x2500, 0x26ff},   Block{0x2701, 0x27bf},
      Block{0x3041, 0x3096}, Block{0x30a1, 0x30fe},   Block{0x4e00, 0x9fa5},
      Block{0xac00, 0xd7a3}, Block{0x1f300, 0x1f5ff}, Block{0x1f600, 0x1f64f},
      Block{0x388, 0x38a},   Block{0x38e, 0x3a1},     Block{0x3a3, 0x3ff},
  };
  if (std::any_of(kPrintable.begin(), kPrintable.end(),
                  [&](const Block& b) { return code >= b.first && code <= b.last; }))
    return true;
  return std::nullopt;
}

std::string float_repr(double value) {
  if (std::isnan(value))
    return "nan";
  if (std::isinf(value))
    return value < 0 ? "-inf" : "inf";
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<size_t>(end.ptr - buffer.data()));
  const size_t e = text.find('e');
  std::string digits;
  for (const char c : text.substr(0, e))
    if (c != '.' && c != '-')
      digits += c;
  int exponent = 0;
  const char* from = text.data() + e + 1;
  std::from_chars(*from == '+' ? from + 1 : from, text.data() + text.size(), exponent);
  std::string result = std::signbit(value) ? "-" : "";
  const int count = static_cast<int>(digits.size());
  if (exponent < -4 || exponent >= 16) {
    result += digits[0];
    if (count > 1)
      result += "." + digits.substr(1);
    return result + fmt::format("e{}{:02}", exponent < 0 ? '-' : '+', std::abs(exponent));
  }
  if (exponent < 0)
    return result + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  if (count <= exponent + 1)
    return result + digits + std::string(static_cast<size_t>(exponent + 1 - count), '0') + ".0";
  const auto point = static_cast<size_t>(exponent + 1);
  return result + digits.substr(0, point) + "." + digits.substr(point);
}

}  // namespace retort::py
