// Classes: their bodies, bases and instances.
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

struct LibraryClass {
  std::string_view name;
  std::string_view base;
  Class::Flavour flavour = Class::Flavour::exception;
};

constexpr auto kException = Class::Flavour::exception;
constexpr auto kEnumeration = Class::Flavour::enumeration;

// Python's own classes, as far as revisions raise, catch or derive from them.
constexpr LibraryClass kLibrary[] = {
    {"BaseException", "", kException},
    {"Exception", "BaseException", kException},
    {"GeneratorExit", "BaseException", kException},
    {"KeyboardInterrupt", "BaseException", kException},
    {"SystemExit", "BaseException", kException},
    {"ArithmeticError", "Exception", kException},
    {"ZeroDivisionError", "ArithmeticError", kException},
    {"OverflowError", "ArithmeticError", kException},
    {"AssertionError", "Exception", kException},
    {"AttributeError", "Exception", kException},
    {"EOFError", "Exception", kException},
    {"ImportError", "Exception", kException},
    {"ModuleNotFoundError", "ImportError", kException},
    {"LookupError", "Exception", kException},
    {"IndexError", "LookupError", kException},
    {"KeyError", "LookupError", kException},
    {"NameError", "Exception", kException},
    {"UnboundLocalError", "NameError", kException},
    {"OSError", "Exception", kException},
    {"FileNotFoundError", "OSError", kException},
    {"PermissionError", "OSError", kException},
    {"ConnectionError", "OSError", kException},
    {"TimeoutError", "OSError", kException},
    {"RuntimeError", "Exception", kException},
    {"NotImplementedError", "RuntimeError", kException},
    {"RecursionError", "RuntimeError", kException},
    {"StopIteration", "Exception", kException},
    {"SyntaxError", "Exception", kException},
    {"TypeError", "Exception", kException},
    {"ValueError", "Exception", kException},
    {"UnicodeError", "ValueError", kException},
    {"UnicodeDecodeError", "UnicodeError", kException},
    {"UnicodeEncodeError", "UnicodeError", kException},
    {"JSONDecodeError", "ValueError", kException},
    {"Warning", "Exception", kException},
    {"UserWarning", "Warning", kException},
    {"DeprecationWarning", "Warning", kException},
    {"RuntimeWarning", "Warning", kException},
    {"FutureWarning", "Warning", kException},
    {"Enum", "", kEnumeration},
    {"IntEnum", "Enum", kEnumeration},
    {"StrEnum", "Enum", kEnumeration},
    {"ReprEnum", "Enum", kEnumeration},
    {"Flag", "Enum", kEnumeration},
    {"IntFlag", "Flag", kEnumeration},
    {"NamedTuple", "", Class::Flavour::named_tuple},
};

}  // namespace

bool Class::derives_from(const Class* other) const {
  return std::find(mro.begin(), mro.end(), other) != mro.end();
}

Value Class::find(std::string_view attribute) const {
  for (const Class* const cls : mro)
    if (const Value value = cls->attributes.find(attribute))
      return value;
  return {};
}

Class* Interpreter::exception_class(std::string_view name) {
  if (name == "IOError" || name == "EnvironmentError")
    name = "OSError";
  if (const auto known = exceptions_.find(name); known != exceptions_.end())
    return known->second;
  for (const LibraryClass& row : kLibrary) {
    if (row.name != name)
      continue;
    std::vector<Class*> bases;
    if (!row.base.empty())
      bases.push_back(exception_class(row.base));
    Class* const cls = make_class(row.name, std::move(bases));
    cls->built_in = true;
    cls->trial = 0;
    cls->flavour = row.flavour;
    cls->int_enum = row.name == "IntEnum" || row.name == "IntFlag";
    cls->str_enum = row.name == "StrEnum";
    cls->flag |= row.name == "Flag" || row.name == "IntFlag";
    if (cls->int_enum)
      cls->data = &kIntType;
    if (cls->str_enum)
      cls->data = &kStrType;
    exceptions_[row.name] = cls;
    return cls;
  }
  return nullptr;
}

Class* Interpreter::make_class(std::string_view name, std::vector<Class*> bases) {
  Class* const cls = make<Class>();
  cls->name = cls->qualified_name = name;
  cls->bases = std::move(bases);
  linearise(*cls);
  for (const Class* const base : cls->bases) {
    if (base->flavour != Class::Flavour::plain)
      cls->flavour = base->flavour;
    if (base->data)
      cls->data = base->data;
    if (base->foreign)
      cls->foreign = base->foreign;
    cls->flag |= base->flag;
    cls->int_enum |= base->int_enum;
    cls->str_enum |= base->str_enum;
    cls->frozen |= base->frozen;
    if (cls->fields.empty())
      cls->fields = base->fields;
  }
  return cls;
}

// The method resolution order, as Python merges it.
bool Interpreter::linearise(Class& cls) {
  std::vector<std::vector<Class*>> lists;
  for (Class* const base : cls.bases)
    lists.push_back(base->mro);
  lists.push_back(cls.bases);
  cls.mro = {&cls};
  while (true) {
    Class* next = nullptr;
    bool left = false;
    for (const auto& list : lists) {
      if (list.empty())
        continue;
      left = true;
      Class* const candidate = list.front();
      const bool blocked = std::any_of(lists.begin(), lists.end(), [&](const auto& other) {
        return std::find(other.begin() + (other.empty() ? 0 : 1), other.end(), candidate) !=
               other.end();
      });
      if (!blocked) {
        next = candidate;
        break;
      }
    }
    if (!left)
      return true;
    if (!next) {
      raise("TypeError", "Cannot create a consistent method resolution order (MRO)");
      return false;
    }
    cls.mro.push_back(next);
    for (auto& list : lists)
      if (!list.empty() && list.front() == next)
        list.erase(list.begin());
  }
}

bool Interpreter::read_base(Value base, Class& cls) {
  switch (base.type()) {
  case Type::class_: cls.bases.push_back(base.as<Class>()); return true;
  case Type::native_type: {
    const NativeTypeInfo* const info = base.as<NativeType>()->info;
    if (info != &kObjectType)
      cls.data = info;
    return true;
  }
  case Type::foreign:
    if (base.as<Foreign>()->subclass(*this, cls))
      cls.foreign = base;
    return true;
  case Type::unknown: cls.foreign = base; return true;
  default:
    cls.foreign = unknown(
        Cause::Kind::unsupported,
        fmt::format("a class that derives from this {} is not interpreted", type_name(base)));
    return true;
  }
}

Value Interpreter::build_class(Node node) {
  const std::string_view name = node.child(Field::name).text();
  Class bases;
  for (const Node child : node.child(Field::superclasses).children()) {
    const bool keyword = child.kind() == Kind::keyword_argument;
    const Value value = eval(keyword ? child.child(Field::value) : child);
    if (!value)
      return {};
    here_ = loc(child);
    if (!keyword)
      read_base(value, bases);
    else if (child.child(Field::name).text() == "metaclass" && value.is_unknown())
      bases.foreign = value;
  }
  here_ = loc(node);
  Class* const cls = make_class(name, std::move(bases.bases));
  if (unwinding())
    return {};
  if (bases.data)
    cls->data = bases.data;
  if (bases.foreign)
    cls->foreign = bases.foreign;
  const Node body = node.child(Field::body);
  for (const Node statement : body.children()) {
    const Node assignment = statement.first_child();
    if (assignment.kind() == Kind::assignment && assignment.child(Field::type) &&
        assignment.child(Field::type).text().find("ClassVar") == std::string_view::npos) {
      const std::string_view annotated = assignment.child(Field::left).text();
      cls->annotated.push_back(annotated);
      cls->annotations.emplace_back(annotated, assignment.child(Field::type).text());
    }
  }

  Scope* const scope = make<Scope>();
  scope->kind = Scope::Kind::class_;
  scope->parent = scope_;
  scope->module = scope_->module;
  Frame frame;
  frame.class_ = cls;
  {
    const Guard guard(*this, scope, &frame);
    Restore<const Visit*> yields(yield_, nullptr);
    const size_t base = forks_.size();
    if (close_forks(base, exec_block(body), End::call) == Flow::raise)
      return {};
  }
  for (const auto& [attribute, value] : scope->names)
    cls->attributes.set(attribute, value);
  here_ = loc(node);
  return finish_class(*cls) ? Value(cls) : Value();
}

bool Interpreter::finish_class(Class& cls) {
  if (cls.flavour == Class::Flavour::enumeration)
    return make_members(cls);
  if (cls.flavour == Class::Flavour::named_tuple) {
    if (cls.bases.size() == 1 && cls.bases[0]->built_in)
      for (const std::string_view name : cls.annotated) {
        cls.fields.push_back({name, cls.attributes.find(name), {}});
        cls.attributes.erase(name);
      }
    cls.data = &kTupleType;
  }
  if (Foreign* const base = cls.foreign.as<Foreign>(); base && !base->defined(*this, cls))
    return false;
  return !unwinding();
}

Value Interpreter::call_class(Class& cls, Args& args) {
  if (cls.flavour == Class::Flavour::enumeration) {
    if (args.positional.size() == 1 && args.keywords.empty() && !cls.built_in)
      return enum_lookup(cls, args.positional[0]);
    if (cls.built_in && args.keywords.empty() && args.positional.size() == 2)
      return make_enumeration(cls, args.positional[0], args.positional[1]);
    return unknown(Cause::Kind::unsupported, "this way to make an enumeration is not interpreted");
  }
  return make_instance(cls, args);
}

Value Interpreter::make_instance(Class& cls, Args args) {
  if (cls.foreign) {
    if (Foreign* const base = cls.foreign.as<Foreign>()) {
      const Value made = base->instantiate(*this, cls, args);
      if (made || unwinding())
        return made;
      return unknown(Cause::Kind::unsupported,
                     fmt::format("instances of `{}` are not interpreted", cls.name));
    }
    return call_unknown(cls.foreign, args);
  }
  if (cls.find("__new__"))
    return unknown(Cause::Kind::unsupported, "`__new__` is not interpreted");
  Instance* const instance = make<Instance>();
  instance->cls = &cls;
  instance->at = here_;
  return call_init(cls, *instance, args);
}

Value Interpreter::call_init(Class& cls, Instance& instance, const Args& args) {
  if (cls.flavour == Class::Flavour::exception) {
    instance.attributes.set("args", tuple(args.positional));
    if (cls.built_in && !args.keywords.empty())
      return raise("TypeError", fmt::format("{}() takes no keyword arguments", cls.name));
  }
  const Value init = cls.find("__init__");
  if (cls.data && cls.flavour != Class::Flavour::named_tuple) {
    Args rest = args;
    if (init && cls.data != &kStrType && cls.data != &kIntType && cls.data != &kFloatType)
      rest = {};  // a container is filled by its own __init__, through super()
    instance.data = call_with(native_type(*cls.data), rest);
    if (!instance.data || instance.data.is_unknown())
      return instance.data;
  }
  if (init) {
    Args rest = args;
    rest.positional.insert(rest.positional.begin(), Value(&instance));
    if (!call_with(init, std::move(rest)))
      return {};
    return &instance;
  }
  if (!cls.fields.empty()) {
    if (!init_fields(cls, instance, args))
      return {};
    if (const Value after = cls.find("__post_init__"); after && !call(after, {Value(&instance)}))
      return {};
    return &instance;
  }
  if (cls.flavour != Class::Flavour::exception && !cls.data &&
      (!args.positional.empty() || !args.keywords.empty()))
    return raise("TypeError", fmt::format("{}() takes no arguments", cls.name));
  return &instance;
}

// The __init__ of a dataclass or named tuple.
bool Interpreter::init_fields(Class& cls, Instance& instance, const Args& args) {
  std::vector<Parameter> parameters;
  for (const Field_& field : cls.fields) {
    if (!field.init)
      continue;
    Parameter parameter;
    parameter.name = field.name;
    parameter.kind = field.keyword_only ? Parameter::Kind::keyword_only : Parameter::Kind::plain;
    parameter.fallback = field.fallback;
    parameter.optional = static_cast<bool>(field.factory);
    parameters.push_back(parameter);
  }
  std::vector<Value> slots;
  if (!bind(parameters, "__init__", args, true, slots))
    return false;
  std::vector<Value> items;
  size_t next = 0;
  for (const Field_& field : cls.fields) {
    Value value = field.init ? slots[next++] : field.fallback;
    if (!value && field.factory) {
      value = call(field.factory);
      if (!value)
        return false;
    }
    if (!value)
      continue;
    items.push_back(value);
    if (cls.flavour != Class::Flavour::named_tuple)
      instance.attributes.set(field.name, value);
  }
  if (cls.flavour == Class::Flavour::named_tuple)
    instance.data = tuple(std::move(items));
  return !unwinding();
}

}  // namespace retort::py
