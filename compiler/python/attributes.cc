// Attributes: of instances, classes, modules and what is built in.
#include "common/text.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

// `str.lower`, to be called with the string.
struct Unbound : Foreign {
  const NativeRow* row = nullptr;
  std::string_view type_name() const override { return "method_descriptor"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    if (args.positional.empty())
      return in.raise("TypeError", fmt::format("unbound method {}() needs an argument", row->name));
    Args rest = args;
    rest.positional.erase(rest.positional.begin());
    const Value self = in.plain(args.positional[0]);
    if (self.is_unknown())
      return in.poison(self);
    return in.call_with(in.native(*row, self), std::move(rest));
  }
};

// What super() yields: the attributes of the classes after `after`.
struct Super : Foreign {
  Class* after = nullptr;
  Value self;
  std::string_view type_name() const override { return "super"; }
  Value get(Interpreter& in, std::string_view name) override {
    return in.super_attribute(*after, self, name);
  }
};

Value no_init(Interpreter&, const Args&) { return Value::none(); }
Value exception_init(Interpreter& in, const Args& args) {
  Instance* const self = args.self.as<Instance>();
  in.touch(self);
  self->attributes.set("args", args[0]);
  return Value::none();
}
Value container_init(Interpreter& in, const Args& args) {
  Instance* const self = args.self.as<Instance>();
  Args rest = args;
  rest.keywords.clear();
  in.touch(self);
  self->data = in.call_with(in.native_type(*self->cls->data), rest);
  return self->data ? Value::none() : Value();
}
constexpr NativeRow kNoInit = {"__init__", "", no_init};
constexpr NativeRow kExceptionInit = {"__init__", "*args", exception_init};
constexpr NativeRow kContainerInit = {"__init__", "*args, **options", container_init};

}  // namespace

Value Interpreter::plain(Value value) {
  const Instance* const instance = value.as<Instance>();
  return instance && instance->data ? instance->data : value;
}

Value Interpreter::get_attribute(Value object, std::string_view name) {
  const Value found = find_attribute(object, name);
  if (found || unwinding())
    return found;
  const NativeType* const native = object.as<NativeType>();
  const Instance* const holder = object.as<Instance>();
  if (python_has(native ? native->info->name : type_name(holder ? holder->data : object), name))
    return poison(unknown(Cause::Kind::unsupported, fmt::format("`{}` is not interpreted", name)));
  if (const Class* const cls = object.as<Class>())
    return raise("AttributeError",
                 fmt::format("type object '{}' has no attribute '{}'", cls->name, name));
  if (const NativeType* const type = object.as<NativeType>())
    return raise("AttributeError",
                 fmt::format("type object '{}' has no attribute '{}'", type->info->name, name));
  if (const Module* const module = object.as<Module>())
    return raise("AttributeError",
                 fmt::format("module '{}' has no attribute '{}'", module->name, name));
  if (name.starts_with("__"))
    return unknown(Cause::Kind::unsupported, fmt::format("`{}` is not interpreted", name));
  return raise("AttributeError",
               fmt::format("'{}' object has no attribute '{}'", type_name(object), name));
}

Value Interpreter::find_attribute(Value object, std::string_view name) {
  switch (object.type()) {
  case Type::nothing: return {};
  case Type::unknown: {
    const Unknown* const known = dynamic_cast<const Unknown*>(object.object());
    if (object.object()->cause->kind != Cause::Kind::cosmetic)
      ++doubts_;
    if (!known || known->path.empty()) {
      const Value member = unknown(object.object()->cause);
      static_cast<Unknown*>(member.object())->foreign = known && known->foreign;
      static_cast<Unknown*>(member.object())->of_row =
          object.object()->cause->kind == Cause::Kind::row;
      static_cast<Unknown*>(member.object())->sketch = sketch_of(object);
      return member;
    }
    std::string path = known->path + "." + std::string(name);
    const Value known_value = given(path);
    return known_value ? known_value : named_unknown(object, std::move(path));
  }
  case Type::module: return module_member(*object.as<Module>(), name, here_);
  case Type::class_: return class_attribute(*object.as<Class>(), name);
  case Type::instance: return instance_attribute(*object.as<Instance>(), name);
  case Type::function: return function_attribute(*object.as<Function>(), name);
  case Type::native_type: {
    const NativeTypeInfo& info = *object.as<NativeType>()->info;
    if (const NativeRow* const row = find_row(info.class_methods, name)) {
      if (row->signature == "@")  // a constant
        return row->code(*this, {});
      return native(*row, object, info.name);
    }
    if (const NativeRow* const row = find_row(info.methods, name)) {
      Unbound* const method = make<Unbound>();
      method->row = row;
      return method;
    }
    if (name == "__name__" || name == "__qualname__")
      return text(info.name);
    return {};
  }
  case Type::method: return find_attribute(object.as<Method>()->function, name);
  case Type::foreign: {
    Foreign* const foreign = object.as<Foreign>();
    if (const Value value = foreign->get(*this, name); value || unwinding())
      return value;
    return foreign->type_info() ? type_attribute(*foreign->type_info(), object, name) : Value();
  }
  case Type::range:
    if (const Range& range = *object.as<Range>(); name == "start")
      return Value::of(range.start);
    else if (name == "stop")
      return Value::of(range.stop);
    else if (name == "step")
      return Value::of(range.step);
    break;
  case Type::native:
    if (name == "__name__")
      return text(object.as<Native>()->row->name);
    break;
  default: break;
  }
  if (name == "__class__")
    return type_of(object);
  const NativeTypeInfo* const info = type_info(object);
  if (object.is(Type::descriptor) && (name == "setter" || name == "deleter" || name == "getter"))
    return descriptor_method(object, name);
  return info ? type_attribute(*info, object, name) : Value();
}

Value Interpreter::type_attribute(const NativeTypeInfo& info, Value self, std::string_view name) {
  if (const NativeRow* const row = find_row(info.methods, name)) {
    if (row->signature == "@") {  // computed when it is asked for
      Args args;
      args.self = self;
      args.at = here_;
      return row->code(*this, args);
    }
    return native(*row, self, info.name);
  }
  if (const NativeRow* const row = find_row(info.class_methods, name); row && row->signature != "@")
    return native(*row, native_type(info), info.name);
  return {};
}

// `@name.setter` keeps the property and adds the function.
Value Interpreter::descriptor_method(Value self, std::string_view name) {
  static constexpr NativeRow kSetter = {
      "setter", "function", [](Interpreter& in, const Args& args) -> Value {
        Descriptor* const made = in.make<Descriptor>(*args.self.as<Descriptor>());
        made->setter = args[0];
        return made;
      }};
  static constexpr NativeRow kOther = {"deleter", "function",
                                       [](Interpreter&, const Args& args) { return args.self; }};
  return native(name == "setter" ? kSetter : kOther, self);
}

Value Interpreter::function_attribute(Function& function, std::string_view name) {
  if (const Value value = function.attributes.find(name))
    return value;
  if (name == "__name__" || name == "__qualname__")
    return text(function.name);
  if (name == "__module__")
    return text(function.scope->module->name);
  return {};
}

Value Interpreter::bind_attribute(Value attribute, Value self, Class* cls) {
  if (attribute.is(Type::lazy))
    attribute = resolve(attribute);
  if (const Descriptor* const descriptor = attribute.as<Descriptor>()) {
    switch (descriptor->kind) {
    case Descriptor::Kind::static_method: return descriptor->function;
    case Descriptor::Kind::class_method: {
      Method* const method = make<Method>();
      method->function = descriptor->function;
      method->self = cls;
      return method;
    }
    case Descriptor::Kind::cached_property:
    case Descriptor::Kind::property:
      if (!self)
        return attribute;
      return call(descriptor->function, {self});
    }
  }
  if (self && attribute.is(Type::function)) {
    Method* const method = make<Method>();
    method->function = attribute;
    method->self = self;
    return method;
  }
  return attribute;
}

Value Interpreter::class_attribute(Class& cls, std::string_view name) {
  if (const Value value = cls.find(name))
    return bind_attribute(value, {}, &cls);
  if (name == "__name__")
    return text(cls.name);
  if (name == "__qualname__")
    return text(cls.qualified_name);
  if (cls.flavour == Class::Flavour::enumeration && name == "__members__") {
    Dict* const members = new_dict();
    for (const auto& [label, value] : cls.attributes) {
      const Instance* const member = value.as<Instance>();
      if (member && member->cls == &cls && !dict_set(*members, text(label), value))
        return {};
    }
    return members;
  }
  if (cls.flavour == Class::Flavour::named_tuple && name == "_fields") {
    std::vector<Value> names;
    for (const Field_& field : cls.fields)
      names.push_back(text(field.name));
    return tuple(std::move(names));
  }
  if (name == "__dict__") {
    Dict* const own = new_dict();
    for (const auto& [label, value] : cls.attributes)
      if (!dict_set(*own, text(label), resolve(value)))
        return {};
    return own;
  }
  if (name == "__init__")
    return native(kNoInit);
  if (cls.foreign) {
    if (Foreign* const base = cls.foreign.as<Foreign>())
      return base->get(*this, name);
    return poison(cls.foreign);
  }
  if (cls.data)
    return find_attribute(native_type(*cls.data), name);
  return {};
}

Value Interpreter::instance_attribute(Instance& instance, std::string_view name) {
  Class& cls = *instance.cls;
  const Value of_class = cls.find(name);
  const Descriptor* const descriptor = of_class.as<Descriptor>();
  if (descriptor && descriptor->kind == Descriptor::Kind::property)
    return bind_attribute(of_class, &instance, &cls);
  if (const Value own = instance.attributes.find(name))
    return own;
  if (of_class)
    return bind_attribute(of_class, &instance, &cls);
  if (name == "__class__")
    return &cls;
  if (cls.flavour == Class::Flavour::enumeration && (name == "name" || name == "value"))
    return instance.attributes.find(name == "name" ? "_name_" : "_value_");
  if (cls.flavour == Class::Flavour::named_tuple) {
    const auto field =
        std::find_if(cls.fields.begin(), cls.fields.end(),
                     [&](const Field_& candidate) { return candidate.name == name; });
    const Tuple* const items = instance.data.as<Tuple>();
    if (items && field != cls.fields.end())
      return items->items[static_cast<size_t>(field - cls.fields.begin())];
    if (name == "_asdict" || name == "_replace")
      return named_tuple_method(&instance, name);
    if (name == "_fields")
      return class_attribute(cls, name);
  }
  if (name == "__dict__") {
    Dict* const dict = new_dict();
    for (const auto& [label, value] : instance.attributes)
      if (!dict_set(*dict, text(label), value))
        return {};
    return dict;
  }
  if (instance.data)
    if (const Value value = find_attribute(instance.data, name); value || unwinding())
      return value;
  if (cls.foreign)
    return poison(cls.foreign.is_unknown()
                      ? cls.foreign
                      : unknown(Cause::Kind::unsupported, "this attribute is not interpreted"));
  if (const Value fallback = cls.find("__getattr__"))
    return call(fallback, {Value(&instance), text(name)});
  return {};
}

Value Interpreter::named_tuple_method(Instance* self, std::string_view name) {
  static constexpr NativeRow kAsDict = {
      "_asdict", "", [](Interpreter& in, const Args& args) -> Value {
        Instance* const instance = args.self.as<Instance>();
        Dict* const dict = in.new_dict();
        for (size_t i = 0; i < instance->cls->fields.size(); ++i)
          if (!in.dict_set(*dict, in.text(instance->cls->fields[i].name),
                           instance->data.as<Tuple>()->items[i]))
            return {};
        return dict;
      }};
  static constexpr NativeRow kReplace = {"_replace", "**changes",
                                         [](Interpreter& in, const Args& args) -> Value {
                                           Instance* const old = args.self.as<Instance>();
                                           std::vector<Value> items = old->data.as<Tuple>()->items;
                                           for (size_t i = 0; i < items.size(); ++i)
                                             for (const Keyword& change : args.keywords)
                                               if (change.name == old->cls->fields[i].name)
                                                 items[i] = change.value;
                                           Instance* const made = in.make<Instance>(*old);
                                           made->data = in.tuple(std::move(items));
                                           return made;
                                         }};
  return native(name == "_asdict" ? kAsDict : kReplace, self);
}

// A session writes such changes by itself, row by row.
void Interpreter::row_changed(Value row) {
  for (const Diagnostic& known : holes_)
    if (known.at == here_ && known.variant == "row")
      return;
  unknown_hole("row", here_,
               "this changes a row that was read from the database, which only a run can do", row)
      .note("write the change as one UPDATE with a WHERE, or the step by hand in SQL");
}

bool Interpreter::set_attribute(Value object, std::string_view name, Value value) {
  switch (object.type()) {
  case Type::unknown:
    if (object.object()->cause->kind == Cause::Kind::row)
      row_changed(object);
    return true;
  case Type::instance: {
    Instance& instance = *object.as<Instance>();
    const Value of_class = instance.cls->find(name);
    if (const Descriptor* const descriptor = of_class.as<Descriptor>();
        descriptor && descriptor->kind == Descriptor::Kind::property) {
      if (!descriptor->setter) {
        raise("AttributeError", fmt::format("can't set attribute '{}'", name));
        return false;
      }
      return static_cast<bool>(call(descriptor->setter, {object, value}));
    }
    if (instance.cls->find("__setattr__")) {
      stop(kUnsupported, "statement", "`__setattr__` is not interpreted");
      return false;
    }
    if (instance.cls->frozen || instance.cls->flavour == Class::Flavour::named_tuple) {
      raise("AttributeError", fmt::format("cannot assign to field '{}'", name));
      return false;
    }
    touch(&instance);
    instance.attributes.set(name, value);
    return true;
  }
  case Type::class_:
    touch(object.object());
    object.as<Class>()->attributes.set(name, value);
    return true;
  case Type::function:
    touch(object.object());
    object.as<Function>()->attributes.set(name, value);
    return true;
  case Type::module: {
    Module& module = *object.as<Module>();
    if (!module.scope)
      return true;  // of a foreign package: nobody here asks for it
    touch(module.scope);
    module.scope->names.set(name, value);
    return true;
  }
  case Type::foreign:
    if (object.as<Foreign>()->set(*this, name, value))
      return true;
    // The real class takes any attribute; what it would make of this one is not known.
    if (!unwinding())
      stop(kUnsupported, "statement",
           fmt::format("setting `{}` of `{}` is not interpreted", name, type_name(object)));
    return false;
  default: break;
  }
  if (!unwinding())
    raise("AttributeError",
          fmt::format("'{}' object has no attribute '{}'", type_name(object), name));
  return false;
}

// A method of the class of an instance, bound: `__len__`, `__iter__` …
Value Interpreter::special(Value value, std::string_view name) {
  Instance* const instance = value.as<Instance>();
  if (!instance)
    return {};
  const Value method = instance->cls->find(name);
  return method ? bind_attribute(method, value, instance->cls) : method;
}

Class* Interpreter::current_class() const { return frame_ ? frame_->class_ : nullptr; }

Value Interpreter::eval_super(Node call_node, bool& handled) {
  const Function* const function = frame_ ? frame_->function : nullptr;
  if (call_node.child(Field::arguments).first_child() || !function || !function->owner)
    return {};
  handled = true;
  Super* const result = make<Super>();
  result->after = function->owner;
  result->self = frame_->self;
  return result;
}

Value Interpreter::super_attribute(Class& after, Value self, std::string_view name) {
  Instance* const instance = self.as<Instance>();
  Class* const cls = instance ? instance->cls : self.as<Class>();
  if (!cls)
    return poison(undecided(self));
  const auto own = std::find(cls->mro.begin(), cls->mro.end(), &after);
  for (auto next = own == cls->mro.end() ? own : own + 1; next != cls->mro.end(); ++next)
    if (const Value value = (*next)->attributes.find(name))
      return bind_attribute(value, instance ? self : Value(), cls);
  if (Foreign* const base = cls->foreign.as<Foreign>()) {
    const Value value = base->get(*this, name);
    if (!value || value.is_unknown())
      return value;
    Method* const method = make<Method>();
    method->function = value;
    method->self = self;
    return method;
  }
  if (cls->foreign)
    return poison(cls->foreign);
  if (name == "__init__")
    return native(cls->flavour == Class::Flavour::exception ? kExceptionInit
                  : cls->data && instance                   ? kContainerInit
                                                            : kNoInit,
                  self);
  if (instance && instance->data)
    return find_attribute(instance->data, name);
  if (name.starts_with("__"))
    return unknown(Cause::Kind::unsupported, "`super()` is not interpreted here");
  return {};
}

}  // namespace retort::py
