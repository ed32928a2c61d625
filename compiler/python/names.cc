// Names, scopes and what an assignment can write to.
#include "common/text.h"
#include "compiler/python/frame.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

bool listed(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void target_names(Node target, std::vector<std::string_view>& names) {
  if (target.kind() == Kind::identifier) {
    names.push_back(target.text());
    return;
  }
  if (target.kind() == Kind::attribute || target.kind() == Kind::subscript)
    return;
  for (const Node child : target.children())
    target_names(child, names);
}

}  // namespace

// Names that a function binds, which makes them its own even before.
const std::vector<std::string_view>& Interpreter::locals_of(Node function) {
  const auto [found, fresh] = locals_.try_emplace(function.text().data());
  std::vector<std::string_view>& names = found->second;
  if (!fresh)
    return names;
  std::vector<std::string_view> elsewhere;
  std::vector<Node> todo = {function.child(Field::body)};
  while (!todo.empty()) {
    const Node node = todo.back();
    todo.pop_back();
    switch (node.kind()) {
    case Kind::function_definition:
    case Kind::class_definition: names.push_back(node.child(Field::name).text()); continue;
    case Kind::lambda: continue;
    case Kind::global_statement:
    case Kind::nonlocal_statement:
      for (const Node name : node.children())
        elsewhere.push_back(name.text());
      continue;
    case Kind::assignment:
    case Kind::augmented_assignment:
    case Kind::for_statement: target_names(node.child(Field::left), names); break;
    case Kind::named_expression: names.push_back(node.child(Field::name).text()); break;
    case Kind::as_pattern: target_names(node.child(Field::alias), names); break;
    case Kind::import_statement:
      for (const Node child : node.children()) {
        const std::string_view text =
            child.child(Field::alias) ? child.child(Field::alias).text() : child.text();
        names.push_back(text.substr(0, text.find('.')));
      }
      break;
    case Kind::import_from_statement:
      for (const Node child : node.children())
        if (child.field() == Field::name)
          names.push_back(child.child(Field::alias) ? child.child(Field::alias).text()
                                                    : child.text());
      break;
    default: break;
    }
    for (const Node child : node.children())
      todo.push_back(child);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::erase_if(names, [&](std::string_view name) { return listed(elsewhere, name); });
  return names;
}

Value Interpreter::lookup(std::string_view name) {
  Scope* scope = scope_;
  if (listed(scope->globals, name))
    scope = scope->module->scope;
  const Cause* star = nullptr;
  for (bool own = true; scope; scope = scope->parent, own = false) {
    // The body of a class is no scope for the functions in it.
    if (!own && scope->kind == Scope::Kind::class_)
      continue;
    const Value value = scope->names.find(name);
    if (value.is(Type::lazy)) {
      const Value real = resolve(value);
      if (real) {
        touch(scope);
        scope->names.set(name, real);
      }
      return real;
    }
    if (value)
      return value;
    if (scope->locals && std::binary_search(scope->locals->begin(), scope->locals->end(), name))
      return raise(scope == scope_ ? "UnboundLocalError" : "NameError",
                   scope == scope_
                       ? fmt::format("cannot access local variable '{}' where it is not associated "
                                     "with a value",
                                     name)
                       : fmt::format("cannot access free variable '{}' where it is not associated "
                                     "with a value in enclosing scope",
                                     name));
    if (scope->star)
      star = scope->star;
  }
  if (const Value value = builtin(name); value || unwinding())
    return value;
  if (star)
    return unknown(star);
  return raise("NameError", fmt::format("name '{}' is not defined", name));
}

void Interpreter::assign_name(std::string_view name, Value value) {
  Scope* scope = scope_;
  if (listed(scope->globals, name)) {
    scope = scope->module->scope;
  } else if (listed(scope->nonlocals, name)) {
    for (scope = scope->parent; scope; scope = scope->parent)
      if (scope->kind != Scope::Kind::class_ && scope->names.find(name))
        break;
    if (!scope)
      scope = scope_;
  }
  touch(scope);
  scope->names.set(name, value);
}

bool Interpreter::delete_name(std::string_view name) {
  Scope* const scope = listed(scope_->globals, name) ? scope_->module->scope : scope_;
  touch(scope);
  if (scope->names.erase(name))
    return true;
  raise("NameError", fmt::format("name '{}' is not defined", name));
  return false;
}

bool Interpreter::assign(Node target, Value value) {
  switch (target.kind()) {
  case Kind::identifier: assign_name(target.text(), value); return true;
  case Kind::parenthesized_expression: return assign(target.first_child(), value);
  case Kind::pattern_list:
  case Kind::tuple_pattern:
  case Kind::list_pattern:
  case Kind::tuple:
  case Kind::list:
  case Kind::expression_list: return unpack(target, value);
  case Kind::attribute: {
    const Value object = eval(target.child(Field::object));
    here_ = loc(target);
    return object && set_attribute(object, target.child(Field::attribute).text(), value);
  }
  case Kind::subscript: {
    const Value object = eval(target.child(Field::value));
    const Value key = object ? eval_key(target) : Value();
    here_ = loc(target);
    return key && set_item(object, key, value);
  }
  default:
    here_ = loc(target);
    stop(kUnsupported, "statement", "this assignment is not interpreted");
    return false;
  }
}

bool Interpreter::unpack(Node target, Value value) {
  std::vector<Node> targets;
  size_t star = SIZE_MAX;
  for (const Node child : target.children()) {
    if (child.kind() == Kind::list_splat_pattern || child.kind() == Kind::list_splat) {
      star = targets.size();
      targets.push_back(child.first_child());
    } else {
      targets.push_back(child);
    }
  }
  here_ = loc(target);
  std::vector<Value> items;
  Value problem;
  if (!collect(value, items, problem)) {
    if (!problem)
      return false;
    return std::all_of(targets.begin(), targets.end(),
                       [&](Node part) { return assign(part, poison(problem)); });
  }
  const size_t wanted = targets.size() - (star == SIZE_MAX ? 0 : 1);
  if (items.size() < wanted) {
    raise("ValueError", fmt::format("not enough values to unpack (expected {}{}, got {})",
                                    star == SIZE_MAX ? "" : "at least ", wanted, items.size()));
    return false;
  }
  if (star == SIZE_MAX && items.size() > wanted) {
    raise("ValueError", fmt::format("too many values to unpack (expected {})", wanted));
    return false;
  }
  size_t next = 0;
  for (size_t i = 0; i < targets.size(); ++i) {
    if (i != star) {
      if (!assign(targets[i], items[next++]))
        return false;
      continue;
    }
    const size_t rest = items.size() - wanted;
    const auto from = items.begin() + static_cast<ptrdiff_t>(next);
    const Value taken = list({from, from + static_cast<ptrdiff_t>(rest)});
    next += rest;
    if (!taken || !assign(targets[i], taken))
      return false;
  }
  return true;
}

bool Interpreter::remove(Node target) {
  switch (target.kind()) {
  case Kind::identifier: here_ = loc(target); return delete_name(target.text());
  case Kind::expression_list:
  case Kind::tuple:
  case Kind::list:
  case Kind::parenthesized_expression: {
    for (const Node child : target.children())
      if (!remove(child))
        return false;
    return true;
  }
  case Kind::subscript: {
    const Value object = eval(target.child(Field::value));
    const Value key = object ? eval_key(target) : Value();
    here_ = loc(target);
    return key && delete_item(object, key);
  }
  case Kind::attribute: {
    const Value object = eval(target.child(Field::object));
    here_ = loc(target);
    if (!object)
      return false;
    const std::string_view name = target.child(Field::attribute).text();
    Instance* const instance = object.as<Instance>();
    if (instance) {
      touch(instance);
      if (instance->attributes.erase(name))
        return true;
      raise("AttributeError", std::string(name));
      return false;
    }
    if (object.is_unknown())
      return true;
    [[fallthrough]];
  }
  default:
    here_ = loc(target);
    stop(kUnsupported, "statement", "this `del` is not interpreted");
    return false;
  }
}

}  // namespace retort::py
