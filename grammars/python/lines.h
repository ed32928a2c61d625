// Cuts a Python file into logical lines without building a tree, some sixty times faster than the
// parser: enough to find module-level assignments, and to notice what makes a file unreadable
// (an open string or bracket, bad indentation, conflict marks).
#pragma once

#include "common/source.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::py {

struct Line {
  Span span;            // from the first token to the last; comments inside brackets included
  uint32_t indent = 0;  // in columns, tabs to multiples of eight
};

struct LineError {
  Span at;  // what is wrong
  std::string message;
  Span opened;  // where the unfinished thing began, when that is elsewhere
  std::string_view opened_note;
  // False behind an f-string: since Python 3.12 it may hold its own quotes, which are not followed
  // here, so that the parser has to decide.
  bool certain = true;
};

class Lines {
public:
  explicit Lines(std::string_view source);

  // The next logical line, or nothing at the end or at the first error.
  std::optional<Line> next();
  const std::optional<LineError>& error() const { return error_; }

private:
  bool skip_blank_lines(uint32_t& indent);
  bool check_indentation(uint32_t indent, uint32_t at);
  bool scan_string(uint32_t opening);
  bool scan_long_string(char quote);
  bool scan_short_string(char quote);
  bool close_bracket(char c);
  bool is_conflict_mark(uint32_t at) const;
  uint32_t line_end(uint32_t at) const;
  bool fail(Span at, std::string message, Span opened = {}, std::string_view note = {});

  std::string_view source_;
  uint32_t at_ = 0;
  std::vector<uint32_t> indents_ = {0};
  std::vector<uint32_t> brackets_;  // offsets of the open ones
  bool block_expected_ = false;     // the line before ended with a colon
  bool formatted_ = false;          // an f-string was seen
  std::optional<LineError> error_;
};

// The encoding that a comment in the first two lines declares, or empty.
std::string_view declared_encoding(std::string_view source);

}  // namespace retort::py
