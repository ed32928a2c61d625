// The programs below tests/python, run by the interpreter and by real Python: what they print must
// be the same. `#: title` begins a program; `#? reason` says that it ends in an unknown or a hole.
#include "common/disk.h"
#include "common/text.h"
#include "tests/evaluate.h"

#include <cstdio>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

using namespace retort;
using namespace retort::tests;

namespace {

struct Program {
  std::string title;
  std::string reason;
  std::string text;
};

std::vector<Program> programs() {
  std::vector<Program> all;
  for (const char* const name : {"language", "strings", "containers", "classes", "stdlib",
                                 "patterns", "matching", "iterators", "library", "corners"}) {
    const DiskResult<std::string> text =
        real_disk().read(std::string(RETORT_SOURCE) + "/tests/python/" + name + ".py");
    REQUIRE(text);
    for (const std::string_view line : split(*text, '\n')) {
      if (line.starts_with("#: "))
        all.push_back({std::string(name) + ": " + std::string(line.substr(3)), "", ""});
      else if (line.starts_with("#? "))
        all.back().reason = line.substr(3);
      else
        (all.back().text += line) += '\n';
    }
  }
  return all;
}

// `!KeyError` for a failed run, as the script of python_outputs() writes it.
std::string output_of(const Evaluated& evaluated) {
  std::string text = evaluated.printed;
  for (const Diagnostic& hole : evaluated.in->holes()) {
    if (hole.rule != "compile/raises")
      continue;
    const size_t colon = hole.message.find("fail: ");
    std::string type = hole.message.substr(
        colon == std::string::npos ? std::string("this revision raises ").size() : colon + 6);
    text += "!" + type.substr(0, type.find(':')) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("Python programs print what they print under real Python") {
  const std::vector<Program> all = programs();
  CHECK(all.size() >= 280);
  std::vector<std::string> texts;
  for (const Program& program : all)
    texts.push_back(program.reason.empty() ? program.text : "");
  const std::optional<std::vector<std::string>> expected = python_outputs(texts);
  for (size_t i = 0; i < all.size(); ++i) {
    const Evaluated evaluated(all[i].text);
    const std::string ours = output_of(evaluated);
    INFO(all[i].title);
    INFO(evaluated.holes());
    if (!all[i].reason.empty()) {
      const std::string reasons = evaluated.printed + evaluated.holes();
      INFO(reasons);
      CHECK(reasons.find(all[i].reason) != std::string::npos);
    } else if (expected) {
      CHECK(ours == (*expected)[i]);
    }
  }
}

namespace {

// Programs that a script makes up, one in hex per line.
std::vector<std::string> made_up(const char* script, int seed, int count) {
  std::vector<std::string> texts;
  if (::access(kPython, X_OK) != 0)
    return texts;
  std::FILE* const python = ::popen(
      fmt::format("{} {}/tests/python/{} {} {}", kPython, RETORT_SOURCE, script, seed, count)
          .c_str(),
      "r");
  REQUIRE(python);
  std::string output;
  char buffer[4096];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, python))
    output.append(buffer, got);
  REQUIRE(::pclose(python) == 0);
  for (const std::string_view line : split(output, '\n'))
    if (!line.empty())
      texts.push_back(unhex(line));
  return texts;
}

// What is not interpreted may end a program early or be shown as unknown, but what is known has to
// be right.
void check_made_up(const char* script) {
  const char* const seed = std::getenv("RETORT_SEED");
  const char* const count = std::getenv("RETORT_COUNT");
  const std::vector<std::string> texts =
      made_up(script, seed ? std::atoi(seed) : 1, count ? std::atoi(count) : 400);
  const std::optional<std::vector<std::string>> expected = python_outputs(texts);
  size_t interpreted = 0;
  for (size_t i = 0; expected && i < texts.size(); ++i) {
    const Evaluated evaluated(texts[i]);
    const std::string holes = evaluated.holes();
    const bool gave_up = holes.find("compile/un") != std::string::npos ||
                         holes.find("compile/limit") != std::string::npos ||
                         evaluated.printed.find("<unknown") != std::string::npos;
    interpreted += gave_up ? 0 : 1;
    if (gave_up)
      continue;
    INFO(texts[i]);
    INFO(holes);
    CHECK(output_of(evaluated) == (*expected)[i]);
  }
  CHECK(interpreted >= texts.size() * 9 / 10);
}

}  // namespace

TEST_CASE("made-up Python programs print what they print under real Python") {
  check_made_up("random_programs.py");
}

TEST_CASE("made-up regular expressions answer what they answer under real Python") {
  check_made_up("random_patterns.py");
}
