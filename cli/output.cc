#include "cli/output.h"

#include <cerrno>
#include <cstdlib>
#include <unistd.h>

namespace retort {

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(descriptor, text.data(), text.size());
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return errno == EPIPE;
    text.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

bool Output::flush() {
  const std::string text = std::move(text_);
  text_.clear();
  return write_all(STDOUT_FILENO, text);
}

bool is_terminal(int descriptor) {
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const term = std::getenv("TERM");
  return (!no_color || *no_color == '\0') && ::isatty(descriptor) != 0 &&
         (!term || std::string_view(term) != "dumb");
}

}  // namespace retort
