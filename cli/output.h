// Where a command's product goes. It is collected and written at once, so that a failing command
// leaves nothing half-written; diagnostics go to standard error.
#pragma once

#include <string>
#include <string_view>

namespace retort {

class Output {
public:
  explicit Output(bool color) : color_(color) {}

  bool color() const { return color_; }
  void write(std::string_view text) { text_ += text; }
  // To standard output; false when it cannot be written. A reader that went away is no failure.
  bool flush();

private:
  bool color_;
  std::string text_;
};

bool write_all(int descriptor, std::string_view text);
bool is_terminal(int descriptor);  // that shows colours

}  // namespace retort
