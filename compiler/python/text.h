// Text under construction that remembers where its bytes were written.
#pragma once

#include "compiler/python/value.h"

#include <optional>

namespace retort::py {

class Text {
public:
  std::string text;
  FileId file = FileId::none;  // of all pieces
  std::vector<Piece> pieces;
  bool exact = true;  // false: bytes come from several files, only `at` is left
  Loc at;             // where the whole was written
  Value gap;          // the first piece that is not known; the text is a sketch then

  // Part of a string, with its map.
  void append(const Str& string, size_t begin = 0, size_t end = SIZE_MAX);
  // Text that stands for something written at `origin`.
  void append(std::string_view added, Loc origin);
  // Decoded literal text whose pieces are spans of `literal_file`.
  void append(std::string_view added, FileId literal_file, const std::vector<Piece>& map);
  void append_unknown(const Value& piece);

private:
  bool take_file(FileId added);
};

// Characters of UTF-8 text, counted and cut as Python does.
size_t char_count(const Str& string);
size_t byte_offset(const Str& string, size_t character);  // of the nth character
size_t char_offset(const Str& string, size_t byte);

bool is_space(char32_t code);  // str.isspace
// Whether repr() shows it as it is; nothing when this is not known here.
std::optional<bool> is_printable(char32_t code);

// A double as repr() writes it.
std::string float_repr(double value);

}  // namespace retort::py
