// The commands: one row each in command.cc, one function each in its own file.
#pragma once

#include <span>
#include <string_view>

namespace retort {

struct Arguments;
struct Run;
class Output;

enum ExitCode : int {
  kDone = 0,
  kFindings = 1,
  kUsage = 2,
  kUnreadableChain = 3,
  kHoles = 4,
  kIntegrity = 5,
  kDifference = 6,
  kInternal = 70,
};

// Options beyond the global ones.
enum class Takes : unsigned {
  range = 1,
  current = 2,
  resolve = 4,
  check = 8,
  revisions = 16,
  from = 32,
  origin = 64,
  phase = 128,
  script = 256,  // upgrade, downgrade, stamp, ensure_version
  steps = 512,   // a range or revisions as an argument
  holes = 1024,
  lint = 2048,
  topic = 4096,
  statistics = 8192,
  lock = 16384,
  release = 32768,
  schema = 65536,
  file = 131072,  // -o
  bundle = 262144,
  server = 524288,
};
constexpr unsigned operator|(Takes a, Takes b) {
  return static_cast<unsigned>(a) | static_cast<unsigned>(b);
}

constexpr unsigned operator|(unsigned a, Takes b) { return a | static_cast<unsigned>(b); }

struct Command {
  std::string_view name;
  std::string_view description;
  unsigned takes;
  int (*run)(Run& run, const Arguments& arguments, Output& output);
};

std::span<const Command> commands();

int history(Run& run, const Arguments& arguments, Output& output);
int heads(Run& run, const Arguments& arguments, Output& output);
int branches(Run& run, const Arguments& arguments, Output& output);
int show(Run& run, const Arguments& arguments, Output& output);
int current(Run& run, const Arguments& arguments, Output& output);
int config_show(Run& run, const Arguments& arguments, Output& output);
int upgrade(Run& run, const Arguments& arguments, Output& output);
int downgrade(Run& run, const Arguments& arguments, Output& output);
int stamp(Run& run, const Arguments& arguments, Output& output);
int ensure_version(Run& run, const Arguments& arguments, Output& output);
int explain(Run& run, const Arguments& arguments, Output& output);
int stats(Run& run, const Arguments& arguments, Output& output);
int lint(Run& run, const Arguments& arguments, Output& output);
int lock(Run& run, const Arguments& arguments, Output& output);
int release(Run& run, const Arguments& arguments, Output& output);
int verify(Run& run, const Arguments& arguments, Output& output);
int compile(Run& run, const Arguments& arguments, Output& output);
int schema(Run& run, const Arguments& arguments, Output& output);
int bundle_command(Run& run, const Arguments& arguments, Output& output);
int language_server(Run& run, const Arguments& arguments, Output& output);
int debug(Run& run, const Arguments& arguments, Output& output);

}  // namespace retort
