// globals() and locals().
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <fmt/format.h>

namespace retort::py {
namespace {

// The names of a module as a dictionary: `globals()[f"upgrade_{engine}"]()`.
struct Names : Foreign {
  Scope* scope = nullptr;

  std::string_view type_name() const override { return "dict"; }

  Value get(Interpreter& in, std::string_view name) override {
    static constexpr NativeRow kGet = {
        "get", "key, default=None, /", [](Interpreter& inner, const Args& args) -> Value {
          Names* const self = static_cast<Names*>(args.self.as<Foreign>());
          const Value found = self->find(inner, args[0]);
          return found || inner.unwinding() ? found : args[1];
        }};
    if (name == "get")
      return in.native(kGet, this);
    return in.unknown(Cause::Kind::unsupported,
                      fmt::format("`globals().{}` is not interpreted", name));
  }
  Value find(Interpreter& in, Value key) {
    const Value inner = in.plain(key);
    if (inner.is_unknown())
      return in.poison(inner);
    const Str* const name = inner.as<Str>();
    const Value found = name ? in.resolve(scope->names.find(name->text)) : Value();
    if (!found && scope->star && !in.unwinding())
      return in.unknown(scope->star);
    return found;
  }
  Value subscript(Interpreter& in, Value key) override {
    const Value found = find(in, key);
    return found || in.unwinding() ? found : in.raise("KeyError", key);
  }
  bool set_item(Interpreter& in, Value key, Value value) override {
    const Str* const name = in.plain(key).as<Str>();
    if (!name) {
      in.stop(kUnsupported, "expression", "this change of `globals()` is not interpreted");
      return false;
    }
    in.touch(scope);
    scope->names.set(name->text, value);
    return true;
  }
  Value binary(Interpreter& in, std::string_view op, Value other, bool reflected) override {
    if (op != "in" || !reflected)
      return {};
    const Value found = find(in, other);
    if (in.unwinding() || (found && found.is_unknown() && other.is_unknown()))
      return found;
    return Value::of(static_cast<bool>(found));
  }
};

}  // namespace

Value scope_globals(Interpreter& in, const Args&) {
  Names* const names = in.make<Names>();
  names->scope = in.current_scope()->module->scope;
  return names;
}

Value scope_locals(Interpreter& in, const Args& args) {
  if (!args.slots.empty() && args[0])
    return in.get_attribute(args[0], "__dict__");
  Scope* scope = in.current_scope();
  if (scope->kind == Scope::Kind::module_)
    return scope_globals(in, args);
  while (scope->kind == Scope::Kind::comprehension)
    scope = scope->parent;
  Dict* const dict = in.new_dict();
  for (const auto& [name, value] : scope->names) {
    const Value real = in.resolve(value);
    if (!real || !in.dict_set(*dict, in.text(name), real))
      return {};
  }
  return dict;
}

}  // namespace retort::py
