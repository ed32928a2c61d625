// What the reader of plain files stands on: the characters of a source, and the rows of its tree.
#pragma once

#include "common/word_set.h"
#include "grammars/python/tree.h"

#include <algorithm>
#include <initializer_list>

namespace retort::py {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
inline bool is_name(char c) { return is_name_start(c) || is_digit(c); }

// What is no name, or not everywhere.
inline constexpr WordSet kKeywords(
    "False None True __future__ and as assert async await break case class continue def del elif "
    "else except exec finally for from global if import in is lambda match nonlocal not or pass "
    "print raise return try type while with yield ");

class PlainCursor {
protected:
  explicit PlainCursor(std::string_view source) : source_(source) {
    tree_.source_ = source;
    tree_.rows_.reserve(source.size() / 4 + 16);
  }

  using Index = uint32_t;
  struct List {
    Index first = 0;
    Index last = 0;
  };
  struct Part {
    Index row;
    Field field = Field::none;
  };

  Index row(Kind kind, uint32_t begin, uint32_t end, Index first_child = 0) {
    tree_.rows_.push_back({{begin, end}, first_child, 0, kind, Field::none});
    return static_cast<Index>(tree_.rows_.size() - 1);
  }
  void append(List& list, Index row, Field field = Field::none) {
    tree_.rows_[row].field = field;
    (list.last == 0 ? list.first : tree_.rows_[list.last].next) = row;
    list.last = row;
  }
  // Up to where the text is read by now; 0 when one of the parts is.
  Index node(Kind kind, uint32_t begin, std::initializer_list<Part> parts) {
    List list;
    for (const Part part : parts) {
      if (!part.row)
        return 0;
      append(list, part.row, part.field);
    }
    return row(kind, begin, at_, list.first);
  }
  void set_children(Index row, const List& list) { tree_.rows_[row].first_child = list.first; }
  void set_end(Index row, uint32_t end) { tree_.rows_[row].span.end = end; }
  Span span(Index row) const { return tree_.rows_[row].span; }
  Kind kind(Index row) const { return tree_.rows_[row].kind; }

  char peek(uint32_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  void skip_comment() {
    at_ = static_cast<uint32_t>(std::min(source_.find('\n', at_), source_.size()));
  }
  // Blanks; inside of brackets line ends and comments, too. A line that begins left of its block
  // stays unread, which nothing expects: the grammar takes some of those for the end of the block.
  void skip() {
    uint32_t line = at_;
    uint32_t column = indent_;
    for (; at_ < source_.size(); ++at_, ++column) {
      const char c = source_[at_];
      if (c == ' ')
        continue;
      if (brackets_ == 0 || (c != '\n' && c != '#'))
        break;
      if (c == '#')
        skip_comment();
      if (at_ == source_.size())
        return;
      line = at_;
      column = UINT32_MAX;
    }
    if (column < indent_)
      at_ = line;
  }
  // Both leave blanks unread where it does not follow.
  bool take(char c) {
    const uint32_t before = at_;
    skip();
    const bool found = peek() == c;
    at_ = found ? at_ + 1 : before;
    return found;
  }
  bool take_word(std::string_view wanted) {
    const uint32_t before = at_;
    skip();
    const bool found = word() == wanted;
    at_ = found ? at_ : before;
    return found;
  }
  std::string_view word() {
    const uint32_t begin = at_;
    if (is_name_start(peek()))
      while (is_name(peek()))
        ++at_;
    return source_.substr(begin, at_ - begin);
  }
  struct Ahead {
    uint32_t at = 0;      // of the next token
    uint32_t indent = 0;  // of its line
    bool end = false;     // there is none
  };
  // From the end of a line.
  Ahead ahead() const {
    Ahead next{at_};
    for (; next.at < source_.size(); ++next.at) {
      const char c = source_[next.at];
      if (c == '\n') {
        next.indent = 0;
      } else if (c == ' ') {
        ++next.indent;
      } else if (c == '#') {
        const size_t line = source_.find('\n', next.at);
        if (line == source_.npos)
          break;
        next.at = static_cast<uint32_t>(line);
        next.indent = 0;
      } else {
        return next;
      }
    }
    return {static_cast<uint32_t>(source_.size()), 0, true};
  }

  // In the grammar a block goes on as long as comments stand as deep as its statements.
  void take_comments(uint32_t indent) {
    uint32_t column = 0;
    for (uint32_t at = at_; at < source_.size(); ++at) {
      const char c = source_[at];
      if (c == '\n') {
        column = 0;
      } else if (c == ' ') {
        ++column;
      } else if (c == '#' && column >= indent) {
        at_ = at;
        skip_comment();
        end_ = at_;
        at = at_ - 1;
      } else {
        return;
      }
    }
  }

  Tree tree_;
  std::string_view source_;
  uint32_t at_ = 0;
  uint32_t indent_ = 0;  // of the block at hand
  uint32_t end_ = 0;     // of the last token, or of a comment that belongs to its block
  int brackets_ = 0;
};

}  // namespace retort::py
