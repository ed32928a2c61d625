// Functions as they are defined: parameters, binding, decorators.
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

// Whether the body has a `yield` of its own.
bool yields(Node body) {
  if (body.text().find("yield") == std::string_view::npos)
    return false;
  std::vector<Node> todo = {body};
  while (!todo.empty()) {
    const Node node = todo.back();
    todo.pop_back();
    if (node.kind() == Kind::yield)
      return true;
    if (node.kind() == Kind::function_definition || node.kind() == Kind::lambda ||
        node.kind() == Kind::class_definition)
      continue;
    for (const Node child : node.children())
      todo.push_back(child);
  }
  return false;
}

std::string quoted_list(const std::vector<std::string_view>& names) {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0)
      text += i + 1 == names.size() ? (names.size() > 2 ? ", and " : " and ") : ", ";
    text += fmt::format("'{}'", names[i]);
  }
  return text;
}

}  // namespace

bool Interpreter::read_parameters(Node parameters, std::vector<Parameter>& out) {
  bool keyword_only = false;
  for (Node node : parameters.children()) {
    Parameter parameter;
    parameter.kind = keyword_only ? Parameter::Kind::keyword_only : Parameter::Kind::plain;
    if (node.kind() == Kind::typed_parameter)
      node = node.first_child();
    switch (node.kind()) {
    case Kind::identifier: parameter.name = node.text(); break;
    case Kind::default_parameter:
    case Kind::typed_default_parameter:
      parameter.name = node.child(Field::name).text();
      parameter.fallback = eval(node.child(Field::value));
      if (!parameter.fallback)
        return false;
      break;
    case Kind::list_splat_pattern:
      parameter.kind = Parameter::Kind::star;
      parameter.name = node.first_child().text();
      keyword_only = true;
      break;
    case Kind::dictionary_splat_pattern:
      parameter.kind = Parameter::Kind::double_star;
      parameter.name = node.first_child().text();
      break;
    case Kind::keyword_separator: keyword_only = true; continue;
    case Kind::positional_separator:
      for (Parameter& before : out)
        before.kind = Parameter::Kind::positional_only;
      continue;
    default:
      here_ = loc(node);
      stop(kUnsupported, "statement", "this parameter is not interpreted");
      return false;
    }
    out.push_back(parameter);
  }
  return true;
}

Function* Interpreter::make_function(Node node, std::string_view name) {
  std::vector<Parameter> parameters;
  if (!read_parameters(node.child(Field::parameters), parameters))
    return nullptr;
  Function* const function = make<Function>();
  function->node = node;
  function->name = name;
  // What a class body defines is no scope for its functions, but lookup() knows that.
  function->scope = scope_;
  function->parameters = std::move(parameters);
  function->generator = yields(node.child(Field::body));
  function->is_async = node.text().starts_with("async");
  function->owner = scope_->kind == Scope::Kind::class_ ? frame_->class_ : nullptr;
  return function;
}

void Interpreter::define_function(Node node, Node decorated) {
  const std::string_view name = node.child(Field::name).text();
  Function* const function = make_function(node, name);
  if (!function)
    return;
  const Value value = decorate(decorated, function);
  if (value)
    assign_name(name, value);
}

void Interpreter::define_class(Node node, Node decorated) {
  const Value cls = build_class(node);
  if (!cls)
    return;
  const Value value = decorate(decorated, cls);
  if (value)
    assign_name(node.child(Field::name).text(), value);
}

// Decorators are called as Python calls them, the last one first.
Value Interpreter::decorate(Node decorated, Value value) {
  std::vector<Value> decorators;
  for (const Node child : decorated.children())
    if (child.kind() == Kind::decorator) {
      decorators.push_back(eval(child.first_child()));
      if (!decorators.back())
        return {};
    }
  for (auto decorator = decorators.rbegin(); decorator != decorators.rend(); ++decorator) {
    here_ = loc(decorated);
    // Unknown code that is handed a function only keeps it; what comes back is unknown.
    value = decorator->is_unknown() ? poison(*decorator) : call(*decorator, {value});
    if (!value)
      return {};
  }
  return value;
}

// Puts the arguments into the order of the parameters.
bool Interpreter::bind(const std::vector<Parameter>& parameters, std::string_view name,
                       const Args& args, bool /*method*/, std::vector<Value>& slots) {
  using How = Parameter::Kind;
  slots.assign(parameters.size(), Value());
  size_t next = 0;
  size_t star = SIZE_MAX;
  size_t double_star = SIZE_MAX;
  size_t positional = 0;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].kind == How::star)
      star = i;
    else if (parameters[i].kind == How::double_star)
      double_star = i;
    else if (parameters[i].kind != How::keyword_only) {
      ++positional;
      if (next < args.positional.size())
        slots[i] = args.positional[next++];
    }
  }
  if (next < args.positional.size() && star == SIZE_MAX) {
    const size_t given = args.positional.size();
    raise("TypeError",
          fmt::format("{}() takes {} positional argument{} but {} {} given", name, positional,
                      positional == 1 ? "" : "s", given, given == 1 ? "was" : "were"));
    return false;
  }
  if (star != SIZE_MAX)
    slots[star] =
        tuple({args.positional.begin() + static_cast<ptrdiff_t>(next), args.positional.end()});
  Dict* const rest = double_star == SIZE_MAX ? nullptr : new_dict();
  if (rest)
    slots[double_star] = rest;
  for (const Keyword& keyword : args.keywords) {
    size_t i = 0;
    while (i < parameters.size() &&
           (parameters[i].name != keyword.name || parameters[i].kind == How::star ||
            parameters[i].kind == How::double_star || parameters[i].kind == How::positional_only))
      ++i;
    if (i < parameters.size()) {
      if (slots[i]) {
        raise("TypeError",
              fmt::format("{}() got multiple values for argument '{}'", name, keyword.name));
        return false;
      }
      slots[i] = keyword.value;
    } else if (rest) {
      const Value key = text(keyword.name);
      if (!key || !dict_set(*rest, key, keyword.value))
        return false;
    } else {
      raise("TypeError",
            fmt::format("{}() got an unexpected keyword argument '{}'", name, keyword.name));
      return false;
    }
  }
  std::vector<std::string_view> missing;
  std::vector<std::string_view> missing_keywords;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (slots[i] || parameters[i].kind == How::star || parameters[i].kind == How::double_star)
      continue;
    slots[i] = parameters[i].fallback;
    if (!slots[i] && !parameters[i].optional)
      (parameters[i].kind == How::keyword_only ? missing_keywords : missing)
          .push_back(parameters[i].name);
  }
  if (!missing.empty() || !missing_keywords.empty()) {
    const bool words = missing.empty();
    const auto& names = words ? missing_keywords : missing;
    raise("TypeError", fmt::format("{}() missing {} required {} argument{}: {}", name, names.size(),
                                   words ? "keyword-only" : "positional",
                                   names.size() == 1 ? "" : "s", quoted_list(names)));
    return false;
  }
  return !unwinding();
}

}  // namespace retort::py
