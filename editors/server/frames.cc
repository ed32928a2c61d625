#include "editors/server/frames.h"

#include "common/text.h"

#include <charconv>
#include <fmt/format.h>

namespace retort::lsp {
namespace {

// Behind the empty line that ends the headers at the begin of a text; npos while it is not there.
size_t end_of_headers(std::string_view text) {
  for (size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (text.substr(at + 1).starts_with('\n'))
      return at + 2;
    if (text.substr(at + 1).starts_with("\r\n"))
      return at + 3;
  }
  return std::string_view::npos;
}

std::optional<size_t> content_length(std::string_view headers) {
  for (const std::string_view line : split(headers, '\n')) {
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || lower(trim(line.substr(0, colon))) != "content-length")
      continue;
    const std::string_view value = trim(line.substr(colon + 1));
    size_t length = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
    if (error == std::errc() && end == value.data() + value.size())
      return length;
  }
  return std::nullopt;
}

constexpr size_t kMaxHeaders = 4096;

}  // namespace

void FrameReader::add(std::string_view bytes) {
  if (begin_ == buffer_.size()) {
    buffer_.clear();
    begin_ = 0;
  }
  buffer_ += bytes;
}

std::optional<std::string> FrameReader::next() {
  if (!broken_.empty())
    return std::nullopt;
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  const size_t end = end_of_headers(rest.substr(0, kMaxHeaders));
  if (end == std::string_view::npos) {
    if (rest.size() >= kMaxHeaders)
      broken_ = "this is no message: its headers do not end";
    return std::nullopt;
  }
  const std::optional<size_t> length = content_length(rest.substr(0, end));
  if (!length) {
    broken_ = "this is no message: it has no Content-Length";
    return std::nullopt;
  }
  if (*length > kMaxLength) {
    broken_ = fmt::format("a message of {} bytes is too long", *length);
    return std::nullopt;
  }
  if (rest.size() - end < *length) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    return std::nullopt;
  }
  std::string message(rest.substr(end, *length));
  begin_ += end + *length;
  return message;
}

std::string framed(std::string_view json) {
  return fmt::format("Content-Length: {}\r\n\r\n{}", json.size(), json);
}

}  // namespace retort::lsp
