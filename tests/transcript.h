// Markdown as a test. A heading of one or two `#` opens a test with an empty folder. Below it, in
// any order and any number:
//
//   <!-- uses: examples/shop -->      copies what is in that folder of the repository
//
//   <!-- needs: vim --version -->     skips the test where this command fails
//
//   ```python versions/0001_a.py      a block with a path is written to that file; after the path:
//   revision = "a"                    crlf, bom or latin-1
//   ```
//
//   ```console                        commands for /bin/sh, each followed by what it prints to
//   $ retort heads -c nowhere.ini     stdout and stderr; a code other than 0 stands in the last
//   line nowhere.ini: no such file [exit 2]
//   ```
//
// In the output the test's folder is called /chain, and control characters are written `\xNN`.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace retort::tests {

using Lines = std::vector<std::string>;

struct Example {
  std::string folder;
};

struct FileBlock {
  std::string path;
  std::vector<std::string> attributes;
  std::string text;
};

struct Command {
  std::string text;
  Lines expected;
};

struct Action {
  size_t line = 0;  // where it is written, from 1
  std::variant<Example, FileBlock, Command> what;
};

struct Section {
  std::string title;
  size_t line = 0;
  std::vector<Action> actions;
  std::string needs = {};  // a command

  bool has_commands() const;
};

struct Suite {
  Lines lines;
  std::vector<Section> sections;
};

struct Mismatch {
  size_t line = 0;
  std::string message;
};

// False where the command that the section needs fails.
bool can_run(const Section& section);

// What a command printed in place of what was expected, by the command's line.
using Corrections = std::map<size_t, Lines>;

Suite parse_suite(std::string_view text);

// Runs a section in a folder of its own. Everything that differs is in the result; outputs that
// differ are in `corrections` too.
std::vector<Mismatch> run_section(const Section& section, Corrections& corrections);

// The suite's text with outputs replaced.
std::string corrected(const Suite& suite, const Corrections& corrections);

}  // namespace retort::tests
