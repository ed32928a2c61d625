// Runs Python with the interpreter, and with real Python where there is one.
#pragma once

#include "common/run.h"
#include "compiler/python/loader.h"
#include "tests/fake_disk.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace retort::tests {

// A module that was evaluated: /repo/main.py of a folder that may hold others. Keep it while its
// values are used. Everything runs on a large stack.
class Evaluated {
public:
  explicit Evaluated(std::string program, FakeDisk::Files others = {}, py::Limits limits = {});

  // What a name of the module is, as repr() shows it; `unknown: …` or `missing`.
  std::string operator[](std::string_view name);
  // The holes, one a line: `3:5 compile/unknown branch: …`, notes behind arrows.
  std::string holes() const;

  std::string printed;
  std::unique_ptr<FakeDisk> disk;
  std::unique_ptr<Run> run;
  std::unique_ptr<py::ProjectFiles> files;
  std::unique_ptr<py::ProjectLoader> loader;
  std::unique_ptr<py::Interpreter> in;
  py::Module* module = nullptr;
};

inline constexpr const char* kPython = "/usr/bin/python3";
std::string unhex(std::string_view text);

// What each program prints under /usr/bin/python3, `!KeyError` at the end when that is raised;
// nothing without Python. One process runs them all.
std::optional<std::vector<std::string>> python_outputs(const std::vector<std::string>& programs);

}  // namespace retort::tests
