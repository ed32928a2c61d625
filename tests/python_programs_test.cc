// The programs below tests/python, run by the interpreter and by real Python: what they print must
// be the same. `#: title` begins a program; `#? reason` says that it ends in an unknown or a hole.
#include "common/disk.h"
#include "common/text.h"
#include "tests/evaluate.h"

#include <doctest/doctest.h>

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
  for (const char* const name : {"language", "strings", "containers", "classes", "stdlib"}) {
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
  CHECK(all.size() >= 150);
  std::vector<std::string> texts;
  for (const Program& program : all)
    texts.push_back(program.text);
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
