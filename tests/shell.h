// Runs a shell command the way every test wants it: a known environment, both outputs as one text,
// no terminal, and an end.
#pragma once

#include <string>

namespace retort::tests {

struct Outcome {
  std::string output;  // stdout and stderr in the order of writing
  int exit_code = 0;   // 128 + n when a signal n ended it
};

// The retort binary is first in PATH. RETORT_SOURCE names the repository, for commands that use a
// file of it.
Outcome run_shell(const std::string& command, const std::string& folder);

// A folder that lives as long as this object.
class TemporaryFolder {
public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }  // absolute, links resolved

private:
  std::string path_;
};

}  // namespace retort::tests
