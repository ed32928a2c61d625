// Types as Python calls them: `sa.String(20)`, and classes of the project that derive from one.
#include "common/text.h"
#include "compiler/sqlalchemy/custom.h"
#include "compiler/sqlalchemy/datum.h"
#include "compiler/sqlalchemy/dialect.h"
#include "compiler/sqlalchemy/executor.h"
#include "compiler/sqlalchemy/schema.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::sa {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

// What a class that derives from a type keeps of the arguments that reached the type itself.
constexpr std::string_view kArguments = "__type_arguments__";
constexpr std::string_view kKeywords = "__type_keywords__";

TypeObject* copy_of(Interpreter& in, const TypeObject& type) {
  TypeObject* const copy = in.make<TypeObject>();
  copy->made_by = type.made_by;
  copy->called = type.called;
  copy->enum_class = type.enum_class;
  return copy;
}

// The labels that `values_callable` makes of the members.
bool call_values(Interpreter& in, Value function, Value members, Datum& labels, Value& problem) {
  const Value made = in.call(function, {members});
  std::vector<Value> items;
  if (!made || made.is_unknown() || !in.collect(made, items, problem)) {
    problem = made.is_unknown() ? made : problem;
    return false;
  }
  List list;
  for (const Value item : items) {
    if (item.is_unknown()) {
      problem = item;
      return false;
    }
    list.items.emplace_back(text_of(in.plain(item)));
  }
  labels = Datum(std::move(list));
  return true;
}

Value make_type(Interpreter& in, const TypeObject& type, const Args& args) {
  TypeObject* const made = copy_of(in, type);
  made->called = true;
  const auto argument = [&](Value value, Data& into) -> Value {
    if (const Value unclear = unknown_in(value))
      return in.poison(unclear);
    if (py::Class* const cls = value.as<py::Class>())
      made->enum_class = cls;
    Answer<Datum> datum = datum_of(in, value);
    if (!datum)
      return in.unknown(Cause::Kind::unsupported,
                        fmt::format("type `{}`: {}", type.made_by.name, datum.error().message));
    into.push_back(*std::move(datum));
    return {};
  };
  for (const Value value : args.positional)
    if (const Value problem = argument(value, made->made_by.arguments))
      return problem;
  for (const py::Keyword& keyword : args.keywords) {
    Data one;
    if (keyword.name == "values_callable" && !keyword.value.is_none()) {
      Value problem;
      Datum& labels = one.emplace_back();
      if (keyword.value.is_unknown())
        return in.poison(keyword.value);
      if (args.positional.empty() ||
          !call_values(in, keyword.value, args.positional[0], labels, problem))
        return problem ? in.poison(problem) : problem;
    } else if (keyword.name == "metadata" || keyword.name == "validate_strings" ||
               keyword.name == "astext_type" || keyword.name == "sort_key_function" ||
               keyword.name == "key") {
      // Only whether there is one matters, or not even that.
      one.emplace_back(!keyword.value.is_none());
    } else if (keyword.value.is(py::Type::function) || keyword.value.is(py::Type::native) ||
               keyword.value.is(py::Type::native_type)) {
      one.emplace_back(true);
    } else if (const Value problem = argument(keyword.value, one)) {
      return problem;
    }
    made->made_by.keywords.emplace_back(std::string(keyword.name), std::move(one[0]));
  }
  return made;
}

// `x.create(op.get_bind(), checkfirst=True)`
Value create_or_drop(Interpreter& in, const Args& args, bool drop) {
  const TypeObject& type = *static_cast<TypeObject*>(args.self.object());
  Executor* const executor = executor_of(args[0]);
  if (!executor)
    return in.unknown(Cause::Kind::unsupported, "a type is created by something else than a "
                                                "connection");
  Answer<Type> described = describe_type(type, {});
  if (!described)
    return executor->emit(in, drop ? "drop" : "create", Unexpected{described.error()});
  Answer<Statements> made = drop ? drop_type(*described) : create_type(*described);
  const bool check = !args[1] || in.truth(args[1]) != py::Truth::no;
  if (made && !check)
    for (DdlStatement& statement : *made)
      statement.creates = statement.drops = nullptr;
  return executor->emit(in, drop ? "drop" : "create", std::move(made));
}

// Variants for other databases are ignored, whatever they are.
Value with_variant(Interpreter& in, const Args& args) {
  const TypeObject& type = *static_cast<TypeObject*>(args.self.object());
  TypeObject* const made = copy_of(in, type);
  made->called = true;
  for (const Value name : args[1].as<py::Tuple>()->items) {
    if (name.is_unknown())
      return in.poison(name);
    if (text_of(name) != "postgresql")
      continue;
    if (args[0].is_unknown())
      return in.poison(args[0]);
    if (const TypeObject* const other = type_of(in, args[0]))
      made->made_by.variant = std::make_shared<const TypeCall>(other->made_by);
  }
  return made;
}

Value itself(Interpreter&, const Args& args) { return args.self; }

constexpr py::NativeRow kMethods[] = {
    {"create", "bind, checkfirst=True, **kw",
     [](Interpreter& in, const Args& args) { return create_or_drop(in, args, false); }},
    {"drop", "bind, checkfirst=True, **kw",
     [](Interpreter& in, const Args& args) { return create_or_drop(in, args, true); }},
    {"with_variant", "type_, *dialect_names", with_variant},
    {"copy", "**kw", itself},
    {"evaluates_none", "", itself},
    {"dialect_impl", "dialect", itself},
    {"load_dialect_impl", "dialect", itself},
    {"adapt", "cls=None, **kw", itself},
};

// `super().__init__(20)` in a class that derives from a type.
Value remember(Interpreter& in, const Args& args) {
  const Value keywords = args[2];
  if (py::Instance* const instance = args[0].as<py::Instance>()) {
    in.touch(instance);
    instance->attributes.set(kArguments, args[1]);
    instance->attributes.set(kKeywords, keywords);
  }
  return Value::none();
}
constexpr py::NativeRow kInit = {"__init__", "self, *args, **kw", remember};

// The enumeration or text behind `impl`, called with what reached the base class.
Value finish(Interpreter& in, const TypeObject& impl, Args args) {
  if (impl.called)
    return const_cast<TypeObject*>(&impl);
  return make_type(in, impl, args);
}

Args stored_arguments(const py::Instance& instance) {
  Args args;
  if (const py::Tuple* const positional = instance.attributes.find(kArguments).as<py::Tuple>())
    args.positional = positional->items;
  if (const py::Dict* const keywords = instance.attributes.find(kKeywords).as<py::Dict>())
    for (const py::Table::Entry& entry : keywords->table.entries())
      if (entry.alive)
        args.keywords.push_back({entry.key.as<py::Str>()->text, entry.value});
  return args;
}

}  // namespace

Value TypeObject::call(Interpreter& in, const Args& args) { return make_type(in, *this, args); }

// `TypeDecorator[str]` is TypeDecorator.
Value TypeObject::subscript(Interpreter&, Value) { return called ? Value() : Value(this); }

Value TypeObject::get(Interpreter& in, std::string_view name) {
  if (name == "__init__")
    return in.native(kInit);
  if (const py::NativeRow* const row = py::find_row(kMethods, name))
    return in.native(*row, this, type_name());
  if (name == "__name__" || name == "__visit_name__")
    return in.text(made_by.name);
  if (name == "__class__")
    return type_class(in, made_by.library, made_by.name);
  const auto keyword = [&](std::string_view wanted) -> const Datum* {
    for (const auto& [key, value] : made_by.keywords)
      if (key == wanted)
        return &value;
    return nullptr;
  };
  if (name == "enums") {
    const Answer<Type> described = describe_type(*this, {});
    if (!described)
      return in.unknown(Cause::Kind::unsupported, described.error().message);
    std::vector<Value> labels;
    for (const std::string& label : described->labels)
      labels.push_back(in.text(label));
    return in.list(std::move(labels));
  }
  if (name == "enum_class")
    return enum_class ? Value(enum_class) : Value::none();
  for (const std::string_view known : {"name", "schema", "length", "timezone", "native_enum",
                                       "create_type", "precision", "scale", "collation"})
    if (name == known) {
      const Datum* const given = keyword(name);
      if (given) {
        if (const auto* const text = given->as<std::string>())
          return in.text(*text);
        if (const auto* const number = given->as<int64_t>())
          return Value::of(*number);
        if (const bool* const flag = given->as<bool>())
          return Value::of(*flag);
      }
      if (name == "name" && enum_class)
        return in.text(lower(enum_class->name));
      if (name == "length" && !made_by.arguments.empty())
        if (const auto* const number = made_by.arguments[0].as<int64_t>())
          return Value::of(*number);
      return Value::none();
    }
  return in.unknown(Cause::Kind::unsupported,
                    fmt::format("`{}` of type `{}` is not interpreted", name, made_by.name));
}

bool TypeObject::subclass(Interpreter&, py::Class&) { return true; }

Value TypeObject::instantiate(Interpreter& in, py::Class& cls, const Args& args) {
  py::Instance* const instance = in.make<py::Instance>();
  instance->cls = &cls;
  instance->at = in.here();
  if (const Value init = cls.find("__init__")) {
    Args all = args;
    all.positional.insert(all.positional.begin(), Value(instance));
    const Value done = in.call_with(init, std::move(all));
    if (!done || done.is_unknown())
      return done;
  } else {
    py::Dict* const keywords = in.new_dict();
    for (const py::Keyword& keyword : args.keywords)
      (void)in.dict_set(*keywords, in.text(keyword.name), keyword.value);
    instance->attributes.set(kArguments, in.tuple(args.positional));
    instance->attributes.set(kKeywords, keywords);
  }
  const auto method = [&](std::string_view name) -> Value {
    const Value found = cls.find(name);
    if (!found)
      return {};
    py::Method* const bound = in.make<py::Method>();
    bound->function = found;
    bound->self = instance;
    return bound;
  };
  const bool hooked = has_compile_hook(cls);
  const Value spec = hooked ? Value() : method("get_col_spec");
  if (spec || hooked) {
    const Value text = spec ? in.call(spec) : compiled_text(in, cls, instance);
    if (!text || text.is_unknown())
      return text;
    TypeObject* const made = in.make<TypeObject>();
    made->called = true;
    made->made_by.name = "UserDefinedType";
    made->made_by.arguments = {text_of(text)};
    return made;
  }
  if (const Value load = method("load_dialect_impl")) {
    const Value made = in.call(load, {dialect(in)});
    if (!made || made.is_unknown())
      return made;
    if (TypeObject* const chosen = type_of(in, made))
      return finish(in, *chosen, stored_arguments(*instance));
  }
  const Value impl = cls.find("impl");
  if (impl) {
    if (impl.is_unknown())
      return in.poison(impl);
    if (TypeObject* const chosen = type_of(in, impl))
      return finish(in, *chosen, stored_arguments(*instance));
    if (const py::Class* const other = impl.as<py::Class>())
      return in.call_with(impl, stored_arguments(*instance));
  }
  if (made_by.name == "TypeDecorator" || made_by.name == "UserDefinedType" ||
      made_by.name == "TypeEngine")
    return in.unknown(Cause::Kind::unsupported,
                      fmt::format("`{}` does not say which type it stands for", cls.name));
  return finish(in, *this, stored_arguments(*instance));
}

bool TypeObject::is_instance(Value value) const {
  const auto* const other = dynamic_cast<const TypeObject*>(value.object());
  if (!other || !other->called)
    return false;
  return other->made_by.name == made_by.name || made_by.name == "TypeEngine" ||
         lower(other->made_by.name) == lower(made_by.name);
}

Value TypeObject::repr(Interpreter& in) { return in.text(made_by.name + "()"); }

TypeObject* type_of(Interpreter& in, Value value) {
  if (auto* const type = dynamic_cast<TypeObject*>(value.object()))
    return type;
  // A class that derives from a type serves as one, like sa.String without a call.
  if (const py::Class* const cls = value.as<py::Class>();
      cls && dynamic_cast<TypeObject*>(cls->foreign.object()))
    return dynamic_cast<TypeObject*>(in.call(value).object());
  return nullptr;
}

Answer<Type> describe_type(const TypeObject& type, const Identifier& schema) {
  return describe(type.made_by, {schema});
}

Value type_class(Interpreter& in, std::string_view library, std::string_view name) {
  if (!find_type(library, name))
    return {};
  TypeObject* const type = in.make<TypeObject>();
  type->made_by.library = library;
  type->made_by.name = name;
  return type;
}

}  // namespace retort::sa
