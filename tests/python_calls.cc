#include "tests/python_calls.h"

#include "common/text.h"

#include <cctype>
#include <doctest/doctest.h>

namespace retort::tests {
namespace {

class Reader {
public:
  explicit Reader(std::string_view text) : text_(text) {}

  PyStatement statement() {
    PyStatement result;
    const size_t start = at_;
    const std::string name = word();
    skip();
    if (!name.empty() && peek() == '=') {
      ++at_;
      result.target = name;
    } else {
      at_ = start;
    }
    result.value = value();
    return result;
  }

  bool at_end() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])))
      ++at_;
    return at_ == text_.size();
  }

private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip() {
    while (peek() == ' ' || (depth_ > 0 && peek() == '\n'))
      ++at_;
  }
  void take(char c) {
    skip();
    INFO("python: ", text_, " at ", at_);
    REQUIRE(peek() == c);
    ++at_;
  }
  std::string word() {
    skip();
    const size_t start = at_;
    while (is_word(peek()) || (peek() == '.' && at_ > start))
      ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  std::string string() {
    const char quote = peek();
    std::string result;
    for (++at_; peek() != quote; ++at_) {
      REQUIRE(at_ < text_.size());
      if (peek() != '\\') {
        result += peek();
        continue;
      }
      ++at_;
      switch (peek()) {
      case 'n': result += '\n'; break;
      case 't': result += '\t'; break;
      case 'x':
        result += static_cast<char>(std::stoi(std::string(text_.substr(at_ + 1, 2)), nullptr, 16));
        at_ += 2;
        break;
      default: result += peek();
      }
    }
    ++at_;
    return result;
  }

  void arguments(Py& call) {
    take('(');
    ++depth_;
    for (skip(); peek() != ')'; skip()) {
      const size_t start = at_;
      const std::string name = word();
      if (!name.empty() && peek() == '=') {
        ++at_;
        call.keywords.push_back({name, value()});
      } else {
        at_ = start;
        call.items.push_back(value());
      }
      skip();
      if (peek() == ',')
        ++at_;
    }
    --depth_;
    take(')');
  }

  Py elements(char close, bool pairs) {
    Py result;
    result.kind = pairs ? Py::Kind::dict : Py::Kind::list;
    ++at_;
    ++depth_;
    for (skip(); peek() != close; skip()) {
      result.items.push_back(value());
      skip();
      if (pairs) {
        take(':');
        result.items.push_back(value());
        skip();
      }
      if (peek() == ',')
        ++at_;
    }
    --depth_;
    take(close);
    return result;
  }

  Py atom() {
    skip();
    Py result;
    if (peek() == '"' || peek() == '\'') {
      result.kind = Py::Kind::text;
      result.text = string();
      return result;
    }
    if (peek() == 'b' && text_.substr(at_ + 1, 1) == "\"") {
      ++at_;
      result.kind = Py::Kind::bytes;
      result.text = string();
      return result;
    }
    if (peek() == '[')
      return elements(']', false);
    if (peek() == '(')
      return elements(')', false);
    if (peek() == '{')
      return elements('}', true);
    if (peek() == '-' || std::isdigit(static_cast<unsigned char>(peek()))) {
      result.kind = Py::Kind::number;
      const size_t start = at_;
      while (peek() != '\0' &&
             std::string_view("0123456789.-+eE").find(peek()) != std::string_view::npos)
        ++at_;
      result.text = text_.substr(start, at_ - start);
      return result;
    }
    result.text = word();
    INFO("python: ", text_, " at ", at_);
    REQUIRE(!result.text.empty());
    if (result.text == "None")
      return {};
    result.kind =
        result.text == "True" || result.text == "False" ? Py::Kind::boolean : Py::Kind::name;
    return result;
  }

  Py value() {
    Py result = atom();
    for (;;) {
      if (peek() == '(' && (result.kind == Py::Kind::name)) {
        result.kind = Py::Kind::call;
        arguments(result);
      } else if (peek() == '.' && result.kind == Py::Kind::call) {
        ++at_;
        Py outer;
        outer.kind = Py::Kind::call;
        outer.text = "." + word();
        outer.receiver = std::make_shared<const Py>(std::move(result));
        arguments(outer);
        result = std::move(outer);
      } else {
        return result;
      }
    }
  }

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

const Py* Py::keyword(std::string_view name) const {
  for (const auto& [key, value] : keywords)
    if (key == name)
      return &value;
  return nullptr;
}

const Py* Py::argument(size_t position, std::string_view name) const {
  return position < items.size() ? &items[position] : keyword(name);
}

std::vector<PyStatement> read_python(std::string_view text) {
  Reader reader(text);
  std::vector<PyStatement> statements;
  while (!reader.at_end())
    statements.push_back(reader.statement());
  return statements;
}

}  // namespace retort::tests
