#include "grammars/python/lines.h"

#include "common/text.h"
#include "common/utf8.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/core.h>

namespace retort::py {
namespace {

// Characters that a line cannot pass over: everything else is plain code.
constexpr std::array<bool, 256> kStops = [] {
  std::array<bool, 256> stops{};
  for (const char c : std::string_view("\n\r'\"#()[]{}\\\0", 12))
    stops[static_cast<unsigned char>(c)] = true;
  return stops;
}();

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\n' || c == '\r'; }

// What a short string cannot pass over.
constexpr std::array<bool, 256> kStringStops = [] {
  std::array<bool, 256> stops{};
  for (const char c : std::string_view("\n\r'\"\\"))
    stops[static_cast<unsigned char>(c)] = true;
  return stops;
}();
// Whether the quote at `at` opens an f-string or t-string; true for some others, too.
bool is_formatted(const char* data, uint32_t at) {
  for (uint32_t i = at; i > 0 && at - i < 2; --i) {
    const char c = data[i - 1];
    if (c == 'f' || c == 'F' || c == 't' || c == 'T')
      return true;
    if (c != 'r' && c != 'R')
      return false;
  }
  return false;
}

constexpr size_t kMaxBrackets = 200;  // as in CPython's tokenizer

char partner(char c) { return c == ')' ? '(' : c == ']' ? '[' : '{'; }

}  // namespace

Lines::Lines(std::string_view source) : source_(source) {
  indents_.reserve(16);
  brackets_.reserve(16);
  if (source.starts_with(utf8::kByteOrderMark))
    at_ = 3;
}

bool Lines::fail(Span at, std::string message, Span opened, std::string_view note) {
  error_ = LineError{at, std::move(message), opened, note, !formatted_};
  return false;
}

uint32_t Lines::line_end(uint32_t at) const {
  const size_t end = source_.find_first_of("\r\n", at);
  return static_cast<uint32_t>(end == source_.npos ? source_.size() : end);
}

// `<<<<<<< ours`, `=======`, `>>>>>>> theirs`: git writes them at the start of a line.
bool Lines::is_conflict_mark(uint32_t at) const {
  const std::string_view rest = source_.substr(at, 8);
  if (rest.size() < 7 || rest[0] != rest[1])  // nearly always settled here
    return false;
  const std::string_view mark = rest.substr(0, 7);
  const char after = rest.size() == 8 ? rest[7] : '\n';
  return mark == "<<<<<<<" || mark == ">>>>>>>" || mark == "|||||||"
             ? after == ' '
             : mark == "=======" && (after == '\n' || after == '\r');
}

// Moves to the first token of the next line that has one.
bool Lines::skip_blank_lines(uint32_t& indent) {
  const char* const data = source_.data();
  const auto size = static_cast<uint32_t>(source_.size());
  while (at_ < size) {
    indent = 0;
    const uint32_t start = at_;
    for (; at_ < size; ++at_) {
      const char c = data[at_];
      if (c == ' ')
        ++indent;
      else if (c == '\t')
        indent = indent / 8 * 8 + 8;
      else if (c == '\f')
        indent = 0;
      else
        break;
    }
    if (at_ == size)
      return false;
    const char c = source_[at_];
    if (c == '\n' || c == '\r') {
      ++at_;
    } else if (c == '#') {
      at_ = line_end(at_);
    } else if (c == '\\' && at_ + 1 < size &&
               (source_[at_ + 1] == '\n' || source_[at_ + 1] == '\r')) {
      at_ += 2;
    } else if (at_ == start && is_conflict_mark(at_)) {
      return fail({at_, line_end(at_)}, "an unresolved merge conflict is no Python");
    } else {
      return true;
    }
  }
  return false;
}

bool Lines::check_indentation(uint32_t indent, uint32_t at) {
  const auto refuse = [&](std::string message) {
    return fail({at, line_end(at)}, std::move(message));
  };
  if (block_expected_) {
    block_expected_ = false;
    if (indent <= indents_.back())
      return refuse("an indented block is expected here");
    indents_.push_back(indent);
    return true;
  }
  if (indent > indents_.back())
    return refuse("unexpected indentation");
  while (indents_.back() > indent)
    indents_.pop_back();
  if (indents_.back() != indent)
    return refuse("this indentation matches no line above it");
  return true;
}

// From the character after the quotes to the one after the closing quotes; false at the end.
bool Lines::scan_long_string(char quote) {
  const char* const data = source_.data();
  const char* const end = data + source_.size();
  const char* at = data + at_ + 3;
  while (at + 2 < end) {
    at = static_cast<const char*>(std::memchr(at, quote, static_cast<size_t>(end - at)));
    if (!at || at + 2 >= end)
      break;
    // An odd number of backslashes before it makes the quote part of the text.
    const char* backslash = at;
    while (backslash > data + at_ + 3 && backslash[-1] == '\\')
      --backslash;
    if ((at - backslash) % 2 == 0 && at[1] == quote && at[2] == quote) {
      at_ = static_cast<uint32_t>(at + 3 - data);
      return true;
    }
    ++at;
  }
  at_ = static_cast<uint32_t>(source_.size());
  return false;
}

bool Lines::scan_short_string(char quote) {
  const char* const data = source_.data();
  const auto size = static_cast<uint32_t>(source_.size());
  uint32_t at = at_ + 1;
  for (; at < size; ++at) {
    const char c = data[at];
    if (!kStringStops[static_cast<unsigned char>(c)])
      continue;
    if (c == quote) {
      at_ = at + 1;
      return true;
    }
    if (c == '\n' || c == '\r')
      break;
    if (c != '\\')
      continue;  // the other quote
    // An escaped line end may be two characters.
    if (at + 2 < size && data[at + 1] == '\r' && data[at + 2] == '\n')
      ++at;
    ++at;
  }
  at_ = std::min(at, size);
  return false;
}

// `opening` is the size of the quotes at at_ (no prefix).
bool Lines::scan_string(uint32_t opening) {
  const uint32_t start = at_;
  const bool triple = opening == 3;
  if (triple ? scan_long_string(source_[start]) : scan_short_string(source_[start]))
    return true;
  const uint32_t end = triple ? line_end(start) : at_;
  return fail({start, end}, triple ? "this triple-quoted string is never closed"
                                   : "this string is not closed on its line");
}

bool Lines::close_bracket(char c) {
  if (brackets_.empty())
    return fail({at_, at_ + 1}, fmt::format("`{}` closes nothing", c));
  const uint32_t opened = brackets_.back();
  if (source_[opened] != partner(c))
    return fail({at_, at_ + 1}, fmt::format("`{}` cannot close `{}`", c, source_[opened]),
                {opened, opened + 1}, "opened here");
  brackets_.pop_back();
  return true;
}

// This loop sees every byte of every file, which is most of what the graph commands do: what can
// wait until the line ends, waits.
std::optional<Line> Lines::next() {
  Line line;
  if (error_ || !skip_blank_lines(line.indent) || !check_indentation(line.indent, at_))
    return std::nullopt;
  const char* const data = source_.data();
  const auto size = static_cast<uint32_t>(source_.size());
  line.span.begin = at_;
  uint32_t code_end = 0;  // where a comment after the last token begins, 0 for none
  const auto finish = [&] {
    uint32_t end = code_end != 0 ? code_end : at_;
    while (end > line.span.begin && is_blank(data[end - 1]))
      --end;
    line.span.end = end;
    block_expected_ = data[end - 1] == ':';
  };
  while (true) {
    uint32_t at = at_;
    while (at < size && !kStops[static_cast<unsigned char>(data[at])])
      ++at;
    at_ = at;
    if (at == size)
      break;
    const char c = data[at];
    switch (c) {
    case '\n':
    case '\r':
      if (brackets_.empty()) {
        finish();
        ++at_;
        return line;
      }
      ++at_;
      code_end = 0;
      if (is_conflict_mark(at_)) {
        fail({at_, line_end(at_)}, "an unresolved merge conflict is no Python");
        return std::nullopt;
      }
      break;
    case '#':
      code_end = at_;
      at_ = line_end(at_);
      break;
    case '\\':
      // A line goes on after a backslash; elsewhere a backslash is the parser's business.
      ++at_;
      if (at_ < size && data[at_] == '\r')
        ++at_;
      if (at_ < size && data[at_] == '\n')
        ++at_;
      break;
    case '\0': fail({at_, at_ + 1}, "a NUL byte is no Python"); return std::nullopt;
    case '\'':
    case '"':
      formatted_ |= is_formatted(data, at);
      if (!scan_string(at + 2 < size && data[at + 1] == c && data[at + 2] == c ? 3 : 1))
        return std::nullopt;
      break;
    case '(':
    case '[':
    case '{':
      if (brackets_.size() == kMaxBrackets) {
        fail({at_, at_ + 1},
             fmt::format("more than {} brackets are open here: Python refuses that", kMaxBrackets));
        return std::nullopt;
      }
      brackets_.push_back(at_++);
      break;
    default:
      if (!close_bracket(c))
        return std::nullopt;
      ++at_;
      break;
    }
  }
  if (!brackets_.empty()) {
    const uint32_t opened = brackets_.back();
    fail({opened, opened + 1}, fmt::format("`{}` is never closed", data[opened]));
    return std::nullopt;
  }
  finish();
  if (block_expected_) {
    fail(line.span, "the file ends where an indented block is expected");
    return std::nullopt;
  }
  return line;
}

std::string_view declared_encoding(std::string_view source) {
  if (source.starts_with(utf8::kByteOrderMark))
    source.remove_prefix(3);
  for (int line = 0; line < 2; ++line) {
    const size_t end = source.find('\n');
    const std::string_view text = trim(source.substr(0, end));
    if (!text.empty() && text[0] != '#')
      return {};
    size_t at = text.find("coding");
    if (at != text.npos) {
      at += 6;
      if (at < text.size() && (text[at] == ':' || text[at] == '=')) {
        at = text.find_first_not_of(" \t", at + 1);
        size_t stop = at;
        while (stop < text.size() &&
               (is_word(text[stop]) || text[stop] == '-' || text[stop] == '.'))
          ++stop;
        if (at != text.npos && stop > at)
          return text.substr(at, stop - at);
      }
    }
    if (end == source.npos)
      return {};
    source.remove_prefix(end + 1);
  }
  return {};
}

}  // namespace retort::py
