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

}  // namespace

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
