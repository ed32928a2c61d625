#include "compiler/alembic/registry.h"

#include "compiler/python/natives.h"

#include <fmt/format.h>
#include <utility>

namespace retort::alembic {
namespace {

using py::Args;
using py::Interpreter;
using py::Value;

struct OperationsClass : py::Foreign {
  Registry* registry = nullptr;
  std::string_view type_name() const override { return "type"; }
  Value get(Interpreter& in, std::string_view name) override;
};

// What the two decorators yield: something that takes a class or a function and gives it back.
struct Decorator : py::Foreign {
  Registry* registry = nullptr;
  std::string name;
  std::string method;
  Value cls;  // of an implementation

  std::string_view type_name() const override { return "function"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    if (args.positional.size() != 1)
      return in.raise("TypeError", "a decorator takes one argument");
    if (cls)
      registry->implement(cls, args.positional[0]);
    else
      registry->add(name, method, args.positional[0]);
    return args.positional[0];
  }
};

Decorator* decorator(Interpreter& in, const Args& args) {
  Decorator* const made = in.make<Decorator>();
  made->registry = static_cast<OperationsClass*>(args.self.object())->registry;
  return made;
}

Value register_operation(Interpreter& in, const Args& args) {
  const py::Str* const name = args[0].as<py::Str>();
  const py::Str* const method = args[1].as<py::Str>();
  if (!name)
    return in.undecided(args[0]);
  Decorator* const made = decorator(in, args);
  made->name = name->text;
  made->method = method ? method->text : name->text;
  return made;
}

Value implementation_for(Interpreter& in, const Args& args) {
  Decorator* const made = decorator(in, args);
  made->cls = args[0];
  return made;
}

constexpr py::NativeRow kDecorators[] = {
    {"register_operation", "name, sourcename=None", register_operation},
    {"implementation_for", "op_cls, replace=False", implementation_for},
};

Value OperationsClass::get(Interpreter& in, std::string_view name) {
  const py::NativeRow* const row = py::find_row(kDecorators, name);
  return row ? in.native(*row, this, "Operations") : Value();
}

// What it executes stands for the line that called it.
struct RegisteredOperation : py::Foreign {
  Operations* operations = nullptr;
  Value cls;
  std::string method;
  Value op;

  std::string_view type_name() const override { return "method"; }
  bool callable() const override { return true; }
  bool effectful() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    const Value function = in.get_attribute(cls, method);
    if (!function)
      return {};
    Args rest = args;
    rest.positional.insert(rest.positional.begin(), op);
    const std::optional<Loc> before = operations->caller;
    if (!before) {
      operations->caller = args.at;
      operations->calls.emplace_back(in.holes().size(), args.at);
    }
    const Value result = in.call_with(function, std::move(rest));
    operations->caller = before;
    return result;
  }
};

}  // namespace

void Registry::add(std::string name, std::string method, Value cls) {
  entries_[std::move(name)] = {std::move(method), cls};
}

void Registry::implement(Value cls, Value function) {
  implementations_.emplace_back(cls, function);
}

Value Registry::find(Interpreter& in, Operations& operations, std::string_view name, Value op) {
  auto entry = entries_.find(name);
  if (entry == entries_.end() && search) {
    search(in, name);
    entry = entries_.find(name);
  }
  if (entry == entries_.end())
    return {};
  RegisteredOperation* const made = in.make<RegisteredOperation>();
  made->operations = &operations;
  made->cls = entry->second.cls;
  made->method = entry->second.method;
  made->op = op;
  return made;
}

Value Registry::implementation(Value operation) const {
  const py::Instance* const instance = operation.as<py::Instance>();
  if (!instance)
    return {};
  for (py::Class* const cls : instance->cls->mro)
    for (auto known = implementations_.rbegin(); known != implementations_.rend(); ++known)
      if (known->first.object() == cls)
        return known->second;
  return {};
}

Value Registry::operations_class(Interpreter& in) {
  if (!operations_class_) {
    OperationsClass* const made = in.make<OperationsClass>();
    made->registry = this;
    operations_class_ = made;
  }
  return operations_class_;
}

Value Registry::migrate_operation(Interpreter& in) {
  if (!migrate_operation_)
    migrate_operation_ = in.make_class("MigrateOperation", {});
  return migrate_operation_;
}

}  // namespace retort::alembic
