// The forms in which the rows of a version table come, each recognised by what it looks like.
// Nothing of it but current.cc and its other files is for anybody else.
#pragma once

#include "versions/current.h"

namespace retort::current {

// A text by its lines, without their ends.
class Lines {
public:
  explicit Lines(std::string_view text);

  size_t size() const { return lines_.size(); }
  bool empty() const { return lines_.empty(); }
  std::string_view operator[](size_t i) const {
    return text_.substr(lines_[i].begin, lines_[i].size());
  }
  std::string_view text() const { return text_; }
  Span span(std::string_view part) const {
    const auto begin = static_cast<uint32_t>(part.data() - text_.data());
    return {begin, begin + static_cast<uint32_t>(part.size())};
  }
  // The id in a cell, without blanks and quotes; none when there is none.
  void add(std::string_view cell, std::vector<Reference>& ids) const;

private:
  std::string_view text_;
  std::vector<Span> lines_;
};

// What keeps rows from being read although the form is recognised.
struct Refusal {
  std::string_view variant;
  std::string message;
  Span at;
  std::vector<std::string> notes;
};
struct Reading {
  CurrentRows rows;
  std::optional<Refusal> refusal;
};
// None: this form it is not.
using Answer = std::optional<Reading>;

Answer read_log(const Lines& lines);
Answer read_statistics(const Lines& lines);
Answer read_dump(const Lines& lines, const VersionTableName& version);
Answer read_psql(const Lines& lines);  // aligned, unaligned or expanded, with a heading
Answer read_alembic(const Lines& lines);
Answer read_ids(const Lines& lines);  // one a line

}  // namespace retort::current
