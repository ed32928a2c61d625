#include "versions/python_constants.h"

#include "common/text.h"
#include "grammars/python/string_node.h"

#include <algorithm>
#include <fmt/core.h>
#include <map>

namespace retort {
namespace {

using py::Field;
using py::Kind;
using py::Node;

class ConstantReader {
public:
  ConstantReader(std::string_view source, std::span<const std::string_view, 4> names, FileId file,
                 Diagnostics& diagnostics)
      : source_(source), names_(names), file_(file), diagnostics_(diagnostics) {}

  bool read(const Node module, Header& header) {
    bool first = true;
    for (const Node statement : module.children()) {
      if (!read_statement(statement, std::exchange(first, false), header))
        return false;
    }
    for (size_t i = 0; i < names_.size(); ++i) {
      const auto found = constants_.find(names_[i]);
      if (found != constants_.end())
        header.values[i] = found->second;
    }
    return true;
  }

private:
  bool read_statement(Node statement, bool first, Header& header) {
    if (statement.kind() == Kind::error)
      return !mentions_name(statement) || unknown(statement, "this is no Python");
    if (statement.kind() != Kind::expression_statement)
      return check_other(statement);
    const Node expression = statement.first_child();
    if (first &&
        (expression.kind() == Kind::string || expression.kind() == Kind::concatenated_string)) {
      const std::optional<HeaderValue> doc = evaluate(expression);
      if (doc && doc->shape == HeaderValue::Shape::text)
        header.doc = trim(doc->items[0].id);
      return true;
    }
    if (expression.kind() == Kind::assignment)
      return read_assignment(expression) && !assigns_inside(expression.child(Field::right));
    if (expression.kind() == Kind::augmented_assignment &&
        mentions_name(expression.child(Field::left)))
      return unknown(expression, "this changes a header variable step by step");
    return !assigns_inside(expression);
  }

  // `(revision := "a")`; true after reporting it.
  bool assigns_inside(Node expression) {
    std::vector<Node> todo = {expression};
    while (!todo.empty()) {
      const Node node = todo.back();
      todo.pop_back();
      if (node.kind() == Kind::named_expression && is_name(node.first_child().text()))
        return !unknown(node, "a header variable is set inside an expression");
      for (const Node child : node.children())
        todo.push_back(child);
    }
    return false;
  }

  // `a = b = value`, `a, b = x, y`, `a: T = value`.
  bool read_assignment(Node assignment) {
    std::vector<Node> targets;
    Node value = assignment;
    while (value.kind() == Kind::assignment) {
      targets.push_back(value.child(Field::left));
      value = value.child(Field::right);
    }
    if (!value)  // an annotation alone
      return true;
    return std::all_of(targets.begin(), targets.end(),
                       [&](Node target) { return assign(target, value); });
  }

  bool assign(Node target, Node value) {
    if (target.kind() == Kind::identifier) {
      const std::optional<HeaderValue> known = evaluate(value);
      if (known) {
        constants_[std::string(target.text())] = *known;
        return true;
      }
      constants_.erase(std::string(target.text()));
      return !is_name(target.text()) ||
             unknown(value, fmt::format("`{}` is no plain string, tuple of strings or None",
                                        target.text()));
    }
    const bool unpacks =
        target.kind() == Kind::pattern_list || target.kind() == Kind::tuple_pattern;
    if (unpacks && (value.kind() == Kind::expression_list || value.kind() == Kind::tuple)) {
      Node item = value.first_child();
      for (const Node part : target.children()) {
        if (!item)
          return unknown(target, "this unpacks more names than there are values");
        if (!assign(part, item))
          return false;
        item = item.next();
      }
      return true;
    }
    return !mentions_name(target) || unknown(target, "this assigns a header variable in pieces");
  }

  // Functions and classes are scopes of their own; anything else that could set a header
  // variable on some condition makes it unknown.
  bool check_other(Node statement) {
    switch (statement.kind()) {
    case Kind::function_definition:
    case Kind::class_definition:
    case Kind::decorated_definition: return true;
    case Kind::import_statement:
    case Kind::import_from_statement: return check_import(statement);
    default: break;
    }
    std::vector<Node> todo = {statement};
    while (!todo.empty()) {
      const Node node = todo.back();
      todo.pop_back();
      if (node.kind() == Kind::function_definition || node.kind() == Kind::class_definition)
        continue;
      const bool sets = node.kind() == Kind::assignment ||
                        node.kind() == Kind::augmented_assignment ||
                        node.kind() == Kind::for_statement;
      if (sets && mentions_name(node.child(Field::left)))
        return unknown(node, "a header variable is set on a condition");
      if (node.kind() == Kind::named_expression && is_name(node.first_child().text()))
        return unknown(node, "a header variable is set inside an expression");
      if (node.kind() == Kind::delete_statement && mentions_name(node))
        return unknown(node, "a header variable is deleted");
      for (const Node child : node.children())
        todo.push_back(child);
    }
    return true;
  }

  bool check_import(Node statement) {
    for (const Node child : statement.children()) {
      if (child.field() == Field::module_name)
        continue;
      const Node bound = child.kind() == Kind::aliased_import ? child.child(Field::alias) : child;
      if (is_name(bound.text()))
        return unknown(child, "a header variable is imported");
    }
    return true;
  }

  std::optional<HeaderValue> evaluate(Node node) {
    // Nesting is the file's choice; a header needs none.
    if (++depth_ > 50) {
      --depth_;
      return std::nullopt;
    }
    std::optional<HeaderValue> value = evaluate_shallow(node);
    --depth_;
    if (value)
      value->at = node.span();
    return value;
  }

  std::optional<HeaderValue> evaluate_shallow(Node node) {
    switch (node.kind()) {
    case Kind::none: return HeaderValue{};
    case Kind::string:
    case Kind::concatenated_string: return evaluate_string(node);
    case Kind::parenthesized_expression: return evaluate(node.first_child());
    case Kind::tuple:
    case Kind::list:
    case Kind::set:
    case Kind::expression_list: return evaluate_list(node);
    case Kind::identifier: {
      const auto found = constants_.find(node.text());
      return found == constants_.end() ? std::nullopt : std::optional(found->second);
    }
    case Kind::binary_operator: return evaluate_sum(node);
    case Kind::call: return evaluate_call(node);
    case Kind::integer:
    case Kind::float_:
    case Kind::true_:
    case Kind::false_: return HeaderValue{HeaderValue::Shape::other, node.span(), {}};
    default: return std::nullopt;
    }
  }

  std::optional<HeaderValue> evaluate_string(Node node) {
    std::optional<py::StringValue> text = py::string_value(node, source_);
    if (!text || text->has_holes)
      return std::nullopt;
    if (text->bytes)
      return HeaderValue{HeaderValue::Shape::other, node.span(), {}};
    return HeaderValue{
        HeaderValue::Shape::text, node.span(), {{std::move(text->text), node.span()}}};
  }

  std::optional<HeaderValue> evaluate_list(Node node) {
    HeaderValue list{HeaderValue::Shape::list, node.span(), {}};
    for (const Node item : node.children()) {
      const std::optional<HeaderValue> value = evaluate(item);
      if (!value || value->shape != HeaderValue::Shape::text)
        return std::nullopt;
      list.items.push_back({value->items[0].id, item.span()});
    }
    return list;
  }

  std::optional<HeaderValue> evaluate_sum(Node node) {
    if (node.child(Field::operator_).text() != "+")
      return std::nullopt;
    std::optional<HeaderValue> left = evaluate(node.child(Field::left));
    const std::optional<HeaderValue> right = evaluate(node.child(Field::right));
    if (!left || !right || left->shape != right->shape)
      return std::nullopt;
    // Names may be doubled again and again.
    constexpr size_t kMost = 4096;
    if (left->items.size() + right->items.size() > kMost)
      return std::nullopt;
    if (left->shape == HeaderValue::Shape::text &&
        left->items[0].id.size() + right->items[0].id.size() > kMost)
      return std::nullopt;
    if (left->shape == HeaderValue::Shape::text)
      left->items[0] = {left->items[0].id + right->items[0].id, node.span()};
    else if (left->shape == HeaderValue::Shape::list)
      left->items.insert(left->items.end(), right->items.begin(), right->items.end());
    else
      return std::nullopt;
    return left;
  }

  // tuple(…), list(…) and str(…) of what they already are.
  std::optional<HeaderValue> evaluate_call(Node node) {
    const std::string_view function = node.child(Field::function).text();
    const Node arguments = node.child(Field::arguments);
    const Node argument = arguments.first_child();
    if (arguments.kind() != Kind::argument_list || argument.next())
      return std::nullopt;
    if ((function == "tuple" || function == "list") && !argument)
      return HeaderValue{HeaderValue::Shape::list, node.span(), {}};
    const std::optional<HeaderValue> value = evaluate(argument);
    const bool lists = (function == "tuple" || function == "list") && value &&
                       value->shape == HeaderValue::Shape::list;
    const bool texts = function == "str" && value && value->shape == HeaderValue::Shape::text;
    return lists || texts ? value : std::nullopt;
  }

  bool is_name(std::string_view text) const {
    return std::find(names_.begin(), names_.end(), text) != names_.end();
  }

  bool mentions_name(Node node) const {
    std::vector<Node> todo = {node};
    while (!todo.empty()) {
      const Node next = todo.back();
      todo.pop_back();
      if (next.kind() == Kind::identifier && is_name(next.text()))
        return true;
      for (const Node child : next.children())
        todo.push_back(child);
    }
    return false;
  }

  bool unknown(Node node, std::string message) {
    diagnostics_
        .report(Level::error, "chain/broken", "not-static", {file_, node.span()},
                std::move(message))
        .note("the graph is read without running Python: write the value as a literal");
    return false;
  }

  std::string_view source_;
  std::span<const std::string_view, 4> names_;
  FileId file_;
  Diagnostics& diagnostics_;
  std::map<std::string, HeaderValue, std::less<>> constants_;
  int depth_ = 0;
};

}  // namespace

bool read_tree_header(const py::Tree& tree, std::span<const std::string_view, 4> names, FileId file,
                      Header& header, Diagnostics& diagnostics) {
  return ConstantReader(tree.source(), names, file, diagnostics).read(tree.root(), header);
}

}  // namespace retort
