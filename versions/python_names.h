// What a name in a Python file stands for, found without running anything: assignments, classes
// and imports within the repository. Everything that is not plain stays unknown.
#pragma once

#include "common/run.h"
#include "grammars/python/tree.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct PyModule {
  std::string path;
  FileId file = FileId::none;
  py::Tree tree;
};

// What an expression stands for: another expression that nothing more is known of (a literal, a
// call), a class or a module of the repository, or something from outside of it.
struct PyThing {
  enum class Kind : uint8_t { unknown, expression, class_definition, module, foreign };
  Kind kind = Kind::unknown;
  const PyModule* module = nullptr;  // where `node` stands
  py::Node node;
  py::Node function;    // whose names `node` may use
  std::string foreign;  // dotted name of what was imported

  Loc at() const { return module ? Loc{module->file, node.span()} : Loc{}; }
};

class PyNames {
public:
  // `folders` are searched for modules in order.
  PyNames(Run& run, std::vector<std::string> folders) : run_(run), folders_(std::move(folders)) {}

  const PyModule* load(const std::string& path);  // null when it cannot be read

  // `thing.node` as far as it can be followed.
  PyThing resolve(const PyThing& thing) { return resolve(thing, 0); }

  std::optional<std::string> text(const PyThing& thing);  // of a string literal without holes

private:
  using Kind = PyThing::Kind;

  PyThing resolve(const PyThing& thing, int depth);
  PyThing attribute(const PyThing& owner, std::string_view name, int depth);
  PyThing lookup(const PyThing& scope, std::string_view name, int depth);
  PyThing in_module(const PyModule& module, std::string_view name, int depth);
  PyThing bound(const PyModule& module, py::Node block, py::Node function, std::string_view name,
                int depth);
  PyThing imported(const PyModule& module, py::Node statement, std::string_view name, int depth);
  PyThing import_module(const PyModule& from, std::string_view dotted, size_t level);
  const PyModule* module_in(const std::string& folder, std::string_view dotted);

  Run& run_;
  std::vector<std::string> folders_;
  std::vector<std::unique_ptr<PyModule>> modules_;
  size_t questions_ = 0;
};

// The value of keyword `name` in a call's arguments, or no node.
py::Node keyword(py::Node call, std::string_view name);
// `a.b.c` as written without blanks, or empty when the node is no such chain.
std::string dotted(py::Node node);
// The last part of a dotted name.
std::string_view last_part(std::string_view dotted);

}  // namespace retort
