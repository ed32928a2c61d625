#include "grammars/python/literal.h"

#include "common/utf8.h"

#include <fmt/core.h>

namespace retort::py {
namespace {

bool is_prefix_letter(char c) {
  return std::string_view("rRbBuUfFtT").find(c) != std::string_view::npos;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return 99;
}

// Builds the value and its map; neighbouring verbatim bytes share a piece.
class Builder {
public:
  explicit Builder(StringValue& value) : value_(value) {}

  void verbatim(std::string_view source, uint32_t begin, uint32_t end) {
    if (begin == end)
      return;
    const auto at = static_cast<uint32_t>(value_.text.size());
    if (!value_.pieces.empty() && value_.pieces.back().verbatim &&
        value_.pieces.back().origin.end == begin)
      value_.pieces.back().origin.end = end;
    else
      value_.pieces.push_back({at, {begin, end}, true});
    value_.text.append(source.substr(begin, end - begin));
  }

  void replaced(Span origin, std::string_view by) {
    if (by.empty())
      return;
    value_.pieces.push_back({static_cast<uint32_t>(value_.text.size()), origin, false});
    value_.text.append(by);
  }

private:
  StringValue& value_;
};

struct Escape {
  uint32_t size = 0;  // with the backslash
  std::string text;
  std::string error;
};

// What the backslash at `at` and the characters after it stand for; size 0 when they stand for
// themselves.
Escape read_escape(std::string_view source, uint32_t at, uint32_t end, bool bytes) {
  const char c = source[at + 1];
  switch (c) {
  case '\n': return {2, "", ""};
  case '\r': return {at + 2 < end && source[at + 2] == '\n' ? 3U : 2U, "", ""};
  case '\\':
  case '\'':
  case '"': return {2, std::string(1, c), ""};
  case 'a': return {2, "\a", ""};
  case 'b': return {2, "\b", ""};
  case 'f': return {2, "\f", ""};
  case 'n': return {2, "\n", ""};
  case 'r': return {2, "\r", ""};
  case 't': return {2, "\t", ""};
  case 'v': return {2, "\v", ""};
  default: break;
  }
  const auto number = [&](uint32_t from, uint32_t most, int base, char32_t& code) {
    uint32_t digits = 0;
    while (digits < most && from + digits < end && digit_value(source[from + digits]) < base)
      code = code * static_cast<char32_t>(base) +
             static_cast<char32_t>(digit_value(source[from + digits++]));
    return digits;
  };
  const auto character = [&](uint32_t size, char32_t code) -> Escape {
    std::string text;
    if (bytes)
      text.push_back(static_cast<char>(code));
    else if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
      return {size, "", "is no Unicode character"};
    else
      utf8::append(text, code);
    return {size, text, ""};
  };
  char32_t code = 0;
  if (c >= '0' && c <= '7') {
    const uint32_t digits = number(at + 1, 3, 8, code);
    return character(1 + digits, code);
  }
  const uint32_t wanted = c == 'x' ? 2 : bytes ? 0 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (wanted != 0) {
    const uint32_t digits = number(at + 2, wanted, 16, code);
    if (digits != wanted)
      return {2 + digits, "", fmt::format("needs {} hexadecimal digits", wanted)};
    return character(2 + digits, code);
  }
  if (c == 'N' && !bytes) {
    const size_t close = source.substr(0, end).find('}', at);
    const auto size = static_cast<uint32_t>((close == source.npos ? end : close + 1) - at);
    return {size, "", "names a character, which is not supported: use `\\u…` instead"};
  }
  return {};
}

}  // namespace

uint32_t string_start(std::string_view source, uint32_t offset) {
  uint32_t i = offset;
  while (i < source.size() && i < offset + 2 && is_prefix_letter(source[i]))
    ++i;
  if (i >= source.size() || (source[i] != '\'' && source[i] != '"'))
    return 0;
  const bool triple = source.substr(i, 3) == std::string(3, source[i]);
  return i - offset + (triple ? 3 : 1);
}

Expected<Nothing, LiteralError> append_string(std::string_view source, Span at,
                                              StringValue& value) {
  LiteralForm form;
  uint32_t i = at.begin;
  for (; is_prefix_letter(source[i]); ++i) {
    const char letter = static_cast<char>(source[i] | 0x20);
    form.raw |= letter == 'r';
    form.bytes |= letter == 'b';
    form.formatted |= letter == 'f' || letter == 't';
  }
  const uint32_t quotes = string_start(source, at.begin) - (i - at.begin);
  value.bytes |= form.bytes;
  return append_string_content(source, {i + quotes, at.end - quotes}, form, value);
}

Expected<Nothing, LiteralError> append_string_content(std::string_view source, Span at,
                                                      LiteralForm form, StringValue& value) {
  const auto [raw, bytes, formatted] = form;
  uint32_t i = at.begin;
  const uint32_t end = at.end;
  Builder builder(value);
  uint32_t run = i;  // where the verbatim run that is not yet copied begins
  const auto flush = [&](uint32_t upto) { builder.verbatim(source, run, upto); };
  while (i < end) {
    const char c = source[i];
    if (c == '\\' && !raw) {
      const Escape escape = read_escape(source, i, end, bytes);
      const Span origin{i, i + escape.size};
      if (!escape.error.empty())
        return Unexpected{LiteralError{
            origin, fmt::format("`{}` {}", source.substr(i, escape.size), escape.error)}};
      if (escape.size == 0) {  // an unknown escape keeps its backslash
        i += 2;
        continue;
      }
      flush(i);
      builder.replaced(origin, escape.text);
      run = i += escape.size;
    } else if (c == '\r') {  // Python reads every line end as a line feed
      const uint32_t size = i + 1 < end && source[i + 1] == '\n' ? 2 : 1;
      flush(i);
      builder.replaced({i, i + size}, "\n");
      run = i += size;
    } else if (formatted && (c == '{' || c == '}')) {
      flush(i);
      if (i + 1 < end && source[i + 1] == c) {
        builder.replaced({i, i + 2}, std::string_view(&c, 1));
        run = i += 2;
        continue;
      }
      value.has_holes = true;
      const size_t close = source.substr(0, end).find('}', i);
      run = i = close == source.npos ? end : static_cast<uint32_t>(close + 1);
    } else {
      i += c == '\\' && i + 1 < end ? 2 : 1;
    }
  }
  flush(end);
  return Nothing{};
}

}  // namespace retort::py
