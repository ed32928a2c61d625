#pragma once

#include <string>

namespace retort::rollback {

struct File {
  std::string path;  // relative to `rollback/`
  std::string text;
  bool runs = false;  // a script for the shell
};

}  // namespace retort::rollback
