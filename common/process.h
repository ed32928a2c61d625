// Runs another program and collects what it prints. Used for git alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct ProcessResult {
  int exit_code = 127;  // 127 when the program could not be started
  std::string output;
  std::string errors;
};

ProcessResult run_process(const std::vector<std::string>& arguments, std::string_view input = {});

}  // namespace retort
