#include "editors/server/uri.h"

#include "common/path.h"

#include <charconv>
#include <fmt/format.h>

namespace retort::lsp {
namespace {

// Everything else is encoded. Clients that write less compare paths, not texts.
bool stands_for_itself(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~' || c == '/';
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (stands_for_itself(c))
      result += c;
    else
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return result;
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const char* const digits = text.data() + i + 1;
    unsigned char byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      result += static_cast<char>(byte);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string uri_of(std::string_view path) { return "file://" + percent_encoded(path); }

std::string path_of(std::string_view uri) {
  constexpr std::string_view kScheme = "file://";
  if (!uri.starts_with(kScheme))
    return {};
  uri.remove_prefix(kScheme.size());
  if (uri.starts_with("localhost/"))
    uri.remove_prefix(std::string_view("localhost").size());
  if (!uri.starts_with('/'))
    return {};
  uri = uri.substr(0, uri.find_first_of("?#"));
  return normal_path(percent_decoded(uri));
}

}  // namespace retort::lsp
