// Reads the Python of recorded examples: statements that are calls of literals and other calls, and
// assignments of them. No more than tests/ops needs.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort::tests {

struct PyKeyword;

struct Py {
  enum class Kind : unsigned char { none, boolean, number, text, bytes, list, dict, name, call };
  Kind kind = Kind::none;
  std::string text;  // the value, or the dotted name; of a call: the callee, `.name` of a receiver
  std::vector<Py> items;  // of a list; arguments of a call; keys and values of a dict in turn
  std::vector<PyKeyword> keywords;
  std::shared_ptr<const Py> receiver;

  bool is_call(std::string_view callee) const { return kind == Kind::call && text == callee; }
  const Py* keyword(std::string_view name) const;
  // The argument at `position`, or the keyword.
  const Py* argument(size_t position, std::string_view name) const;
};

struct PyKeyword {
  std::string name;
  Py value;
};

struct PyStatement {
  std::string target;  // of an assignment
  Py value;
};

// Aborts the test when the text is more than that.
std::vector<PyStatement> read_python(std::string_view text);

}  // namespace retort::tests
