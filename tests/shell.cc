#include "tests/shell.h"

#include "common/path.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <stdexcept>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace retort::tests {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::chrono::minutes kTimeLimit{15};  // each start of the binary takes half a second
#else
constexpr std::chrono::minutes kTimeLimit{2};
#endif

// Our environment without what would change an output from one machine to the next.
std::vector<std::string> environment(const std::string& folder) {
  constexpr std::array<std::string_view, 9> kDropped = {
      "LC_",  "LANG",    "NO_COLOR=",          "CLICOLOR", "COLUMNS=",
      "GIT_", "RETORT_", "SOURCE_DATE_EPOCH=", "PG"};
  constexpr std::array<std::string_view, 4> kReplaced = {
      "PATH=", "HOME=", "TZ=", "ALEMBIC_CONFIG="};
  std::vector<std::string> result;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view variable = *entry;
    bool kept = true;
    for (const std::string_view prefix : kDropped)
      kept = kept && !variable.starts_with(prefix);
    for (const std::string_view prefix : kReplaced)
      kept = kept && !variable.starts_with(prefix);
    if (kept)
      result.emplace_back(variable);
  }
  const char* path = std::getenv("PATH");
  result.push_back("PATH=" + parent_path(RETORT_BINARY) + ":" + (path ? path : "/usr/bin:/bin"));
  result.push_back("HOME=" + folder);
  result.push_back("LC_ALL=C.UTF-8");
  result.push_back("TZ=UTC");
  result.push_back("SOURCE_DATE_EPOCH=1767225600");  // 2026-01-01
  result.push_back("RETORT_SOURCE=" RETORT_SOURCE);
  result.push_back("PYTHONDONTWRITEBYTECODE=1");
  result.push_back("GIT_CONFIG_GLOBAL=/dev/null");
  result.push_back("GIT_CONFIG_NOSYSTEM=1");
  for (const std::string role : {"AUTHOR", "COMMITTER"}) {
    result.push_back("GIT_" + role + "_NAME=Test");
    result.push_back("GIT_" + role + "_EMAIL=test@example.org");
    result.push_back("GIT_" + role + "_DATE=2026-01-01T00:00:00Z");
  }
  return result;
}

// Between fork and exec only calls that are safe there: no allocation.
[[noreturn]] void become(const char* command, const char* folder, int output,
                         char* const* variables) {
  const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
  setsid();  // no terminal, and a process group that can be ended as a whole
  if (input >= 0 && dup2(input, 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2 &&
      chdir(folder) == 0)
    execle("/bin/sh", "sh", "-c", command, nullptr, variables);
  _exit(127);
}

}  // namespace

Outcome run_shell(const std::string& command, const std::string& folder) {
  const std::vector<std::string> variables = environment(folder);
  std::vector<char*> variable_pointers;
  variable_pointers.reserve(variables.size() + 1);
  for (const std::string& variable : variables)
    variable_pointers.push_back(const_cast<char*>(variable.c_str()));
  variable_pointers.push_back(nullptr);

  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0)
    throw std::runtime_error("no process");
  if (child == 0)
    become(command.c_str(), folder.c_str(), ends[1], variable_pointers.data());
  close(ends[1]);

  Outcome outcome;
  const auto deadline = std::chrono::steady_clock::now() + kTimeLimit;
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd readable{ends[0], POLLIN, 0};
    if (left.count() <= 0 || poll(&readable, 1, static_cast<int>(left.count())) == 0) {
      kill(-child, SIGKILL);
      outcome.output += "[stopped: the time limit of a test command]\n";
      break;
    }
    std::array<char, 1 << 16> buffer{};
    const ssize_t size = read(ends[0], buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      break;
    outcome.output.append(buffer.data(), static_cast<size_t>(size));
  }
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "retort-XXXXXX").string();
  if (!mkdtemp(pattern.data()))
    throw std::runtime_error("no temporary folder");
  path_ = std::filesystem::canonical(pattern).string();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace retort::tests
