// For now a body is either empty (a docstring, `pass`, `...`, `return`) or a hole. What makes a
// function differ from what its text says (a decorator, a second definition, a name bound in
// another way) is a hole too: an empty script must be a promise.
#include "compiler/python_body.h"

#include "grammars/python/tree.h"

#include <fmt/core.h>

namespace retort {
namespace {

constexpr std::string_view kNotYet = "compile/not-yet";

Body hole(std::string_view rule, Loc at, std::string message) {
  Body body;
  body.holes.push_back({rule, "", Level::error, at, std::move(message), {}, {}});
  return body;
}

bool is_plain_string(py::Node node) {
  const char first = node.text().empty() ? '\0' : node.text()[0];
  return node.kind() == py::Kind::string && first != 'f' && first != 'F' &&
         node.text().substr(0, 2).find_first_of("fF") == std::string_view::npos;
}

bool does_nothing(py::Node statement) {
  const py::Node value = statement.first_child();
  switch (statement.kind()) {
  case py::Kind::pass_statement: return true;
  case py::Kind::return_statement: return !value || value.kind() == py::Kind::none;
  case py::Kind::expression_statement:
    return value && !value.next() && (value.kind() == py::Kind::ellipsis || is_plain_string(value));
  default: return false;
  }
}

// Python reads a name, whatever binds it, anywhere outside other functions.
bool mentions(py::Node node, std::string_view name) {
  if (node.kind() == py::Kind::identifier && node.text() == name)
    return true;
  if (node.kind() == py::Kind::wildcard_import)
    return true;
  if (node.kind() == py::Kind::function_definition || node.kind() == py::Kind::class_definition)
    return node.child(py::Field::name).text() == name;
  bool found = false;
  for (const py::Node child : node.children())
    found = found || mentions(child, name);
  return found;
}

}  // namespace

Body python_body(const Sources& sources, const Revision& revision, bool down) {
  const std::string_view name = down ? "downgrade" : "upgrade";
  const py::Tree tree = py::parse(sources.text(revision.file));
  const auto at = [&](py::Node node) { return Loc{revision.file, node.span()}; };
  if (!tree.errors().empty())
    return hole(kNotYet, {revision.file, tree.errors()[0]}, "this is no Python");

  py::Node function;
  for (const py::Node statement : tree.root().children()) {
    if (!mentions(statement, name))
      continue;
    if (function || statement.kind() != py::Kind::function_definition)
      return hole(kNotYet, at(statement),
                  fmt::format("this way to define `{}` is not compiled yet", name));
    function = statement;
  }
  if (!function) {
    Body body = hole("compile/no-function", {revision.file, revision.id_at},
                     fmt::format("the file has no function `{}`", name));
    body.holes[0].note("Alembic ends with an AttributeError before it prints the first step");
    return body;
  }
  if (function.text().starts_with("async") || function.child(py::Field::parameters).first_child())
    return hole(kNotYet, at(function.child(py::Field::name)),
                fmt::format("only a plain `def {}():` is compiled so far", name));
  for (const py::Node statement : function.child(py::Field::body).children())
    if (!does_nothing(statement))
      return hole(kNotYet, at(statement), "this statement is not compiled yet");
    else if (statement.kind() == py::Kind::return_statement)
      break;
  return {};
}

}  // namespace retort
