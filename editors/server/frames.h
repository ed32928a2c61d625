// Messages between bytes: `Content-Length: 12`, an empty line, and as many bytes of JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace retort::lsp {

// Cuts what arrives, in pieces of any size, into messages.
class FrameReader {
public:
  // Longer ones mean that the other side has lost its way, or that we have.
  static constexpr size_t kMaxLength = size_t{64} << 20;

  void add(std::string_view bytes);
  std::optional<std::string> next();  // a whole message, if there is one
  // Nothing can be read any more, and why.
  const std::string& broken() const { return broken_; }

private:
  std::string buffer_;
  size_t begin_ = 0;  // of what was not handed out yet
  std::string broken_;
};

std::string framed(std::string_view json);

}  // namespace retort::lsp
