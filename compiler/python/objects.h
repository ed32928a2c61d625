// The objects that run: functions, classes, modules, what natives are made of, and the interface
// by which other folders add objects of their own.
#pragma once

#include "compiler/python/value.h"
#include "grammars/python/tree.h"

#include <functional>
#include <optional>
#include <span>

namespace retort::py {

class Interpreter;
struct Class;
struct Module;

// The answer to a question that may have none. `failed` means that an exception or a limit is on
// its way up.
enum class Truth : uint8_t { no, yes, unknown, failed };
inline Truth truth_of(bool answer) { return answer ? Truth::yes : Truth::no; }

// Called with each item; false ends the iteration early.
using Visit = std::function<bool(Value)>;

struct Keyword {
  std::string_view name;
  Value value;
};

// What a call passes. Natives with a signature find the bound values in `slots`, in the order in
// which the signature names them; a slot is nothing when its default is spelled `?`.
struct Args {
  Value self;
  std::vector<Value> positional;
  std::vector<Keyword> keywords;
  std::vector<Value> slots;
  Loc at;

  Value operator[](size_t i) const { return slots[i]; }
};

using NativeCode = Value (*)(Interpreter&, const Args&);

// One line of a table of natives: `{"join", "iterable", join}`. The signature is spelled as Python
// spells it: "a, b=None, *rest, c=1, **options". Defaults are literals; `?` is "not given".
struct NativeRow {
  std::string_view name;
  std::string_view signature;
  NativeCode code;
};

struct Parameter {
  enum class Kind : uint8_t { positional_only, plain, star, keyword_only, double_star };
  std::string_view name;
  Kind kind = Kind::plain;
  Value fallback;         // nothing: required
  bool optional = false;  // with a fallback of nothing: `?`
};

struct Native : ObjectOf<Native, Type::native> {
  const NativeRow* row = nullptr;
  std::vector<Parameter> parameters;
  Value self;
  std::string_view owner;  // "str", for repr
};

// A built-in type such as `str` or `datetime.date`: callable, with methods and class methods.
struct NativeTypeInfo {
  std::string_view name;
  bool (*holds)(Value value);  // isinstance
  NativeRow make;
  std::span<const NativeRow> methods;        // on instances; `self` is set
  std::span<const NativeRow> class_methods;  // on the type
};

struct NativeType : ObjectOf<NativeType, Type::native_type> {
  const NativeTypeInfo* info = nullptr;
  std::string_view module;
};

struct Scope : ObjectOf<Scope, Type::scope, true> {
  enum class Kind : uint8_t { module_, function, class_, comprehension };
  Kind kind = Kind::function;
  Scope* parent = nullptr;  // where free names are looked up next
  Module* module = nullptr;
  Attributes names;
  std::vector<std::string_view> globals;
  std::vector<std::string_view> nonlocals;
  const std::vector<std::string_view>* locals = nullptr;  // that the function binds somewhere
  const Cause* star = nullptr;  // `from x import *` of something unknown: any name may be there
  void swap_state(Scope& other) { names.swap(other.names); }
};

struct Function : ObjectOf<Function, Type::function, true> {
  Node node;  // a function_definition or a lambda
  Scope* scope = nullptr;
  std::string_view name;
  std::vector<Parameter> parameters;
  bool generator = false;
  bool is_async = false;
  bool context_manager = false;  // @contextlib.contextmanager
  Class* owner = nullptr;        // whose body defines it, for super()
  Attributes attributes;
  void swap_state(Function& other) { attributes.swap(other.attributes); }
};

struct Method : ObjectOf<Method, Type::method> {
  Value function;
  Value self;
};

struct Descriptor : ObjectOf<Descriptor, Type::descriptor> {
  enum class Kind : uint8_t { property, static_method, class_method, cached_property };
  Kind kind = Kind::property;
  Value function;
  Value setter;
};

struct Field_ {
  std::string_view name;
  Value fallback;
  Value factory;
  bool init = true;
  bool repr = true;
  bool keyword_only = false;
};

struct Class : ObjectOf<Class, Type::class_, true> {
  enum class Flavour : uint8_t { plain, exception, enumeration, named_tuple, dataclass };
  std::string_view name;
  std::string_view qualified_name;
  Flavour flavour = Flavour::plain;
  std::vector<Class*> bases;
  std::vector<Class*> mro;               // this class first
  const NativeTypeInfo* data = nullptr;  // `class X(str)`: what instances hold
  Value foreign;                         // a base that another folder defines, or an unknown one
  Attributes attributes;
  std::vector<std::string_view> annotated;  // names with an annotation in the body, in order
  std::vector<std::pair<std::string_view, std::string_view>> annotations;  // and what it says
  std::vector<Field_> fields;  // of a dataclass or named tuple
  std::vector<Value> members;  // of an enumeration, in order
  bool flag = false;           // enum.Flag
  bool int_enum = false;       // IntEnum, IntFlag
  bool str_enum = false;       // StrEnum
  bool frozen = false;
  bool built_in = false;
  void swap_state(Class& other) { attributes.swap(other.attributes); }

  bool derives_from(const Class* other) const;
  Value find(std::string_view attribute) const;  // along the mro
};

struct Instance : ObjectOf<Instance, Type::instance, true> {
  Class* cls = nullptr;
  Attributes attributes;
  Value data;  // of a class that derives from str, int, dict, tuple …
  Loc at;      // where an exception was made
  void swap_state(Instance& other) { attributes.swap(other.attributes); }
};

// Members of a module that is not written in Python, made when they are first asked for.
class NativeModule {
public:
  virtual ~NativeModule() = default;
  virtual Value get(Interpreter& in, std::string_view name) = 0;  // nothing when there is none
};

// A file of the project.
struct ModuleSource {
  std::string name;  // dotted
  FileId file = FileId::none;
  const Tree* tree = nullptr;
  bool package = false;  // an __init__.py
};

struct Module : ObjectOf<Module, Type::module> {
  enum class State : uint8_t { fresh, running, done };
  std::string_view name;
  NativeModule* native = nullptr;
  const ModuleSource* source = nullptr;
  State state = State::fresh;
  Scope* scope = nullptr;
  Attributes natives;  // functions that were asked for
  Loc imported_at;
};

// `from m import name`, until somebody touches the name.
struct Lazy : ObjectOf<Lazy, Type::lazy> {
  Value module;
  std::string_view name;
  Loc at;
};

// Everything that can be iterated once: iterators, generators, views. `source` is asked for items
// when the iteration begins; what is left after next() is kept in `items`. With `nth` each item is
// asked for on its own, and nothing is the end: of a list that may still grow, or of what has none.
struct Iterator : ObjectOf<Iterator, Type::iterator, true> {
  std::string_view type_name = "iterator";
  std::function<Truth(const Visit&)> source;  // yes when done, unknown or failed otherwise
  bool started = false;
  bool expanded = false;
  std::vector<Value> items;
  size_t next = 0;
  std::function<Value(size_t)> nth;
  Value poison;   // the unknown that ended it
  Value failure;  // the exception that follows the items
  Function* generator = nullptr;
  Scope* own_scope = nullptr;  // of a generator expression
  void swap_state(Iterator& other) {
    std::swap(started, other.started);
    std::swap(expanded, other.expanded);
    items.swap(other.items);
    std::swap(next, other.next);
    std::swap(poison, other.poison);
    std::swap(failure, other.failure);
  }
};

// An object of another folder: SQL constructs, `op`, a connection, a date. Override what it can
// do; the rest is a TypeError or AttributeError as Python words it. A function that fails returns
// nothing after in.raise(…); one that does not apply returns nothing without it.
class Foreign : public Object {
public:
  static constexpr Type kType = Type::foreign;
  Foreign() : Object(Type::foreign) {}
  virtual std::string_view type_name() const = 0;
  virtual const NativeTypeInfo* type_info() const { return nullptr; }  // its methods, if a table

  virtual Value get(Interpreter&, std::string_view /*name*/) { return {}; }
  virtual bool set(Interpreter&, std::string_view /*name*/, Value) { return false; }
  virtual bool callable() const { return false; }
  virtual Value call(Interpreter&, const Args&) { return {}; }
  // `op` is as written: "+", "==", "in", …; `reflected` when this object is on the right.
  virtual Value binary(Interpreter&, std::string_view /*op*/, Value /*other*/, bool /*reflected*/) {
    return {};
  }
  virtual Value unary(Interpreter&, std::string_view /*op*/) { return {}; }
  virtual Value subscript(Interpreter&, Value /*key*/) { return {}; }
  virtual bool set_item(Interpreter&, Value /*key*/, Value) { return false; }
  virtual Value length(Interpreter&) { return {}; }
  virtual Truth truth(Interpreter&) { return Truth::yes; }
  virtual Truth equals(Interpreter&, Value other) { return truth_of(other.object() == this); }
  virtual std::optional<size_t> hash() const { return reinterpret_cast<size_t>(this) >> 4; }
  virtual bool iterable() const { return false; }
  virtual Truth iterate(Interpreter&, const Visit&) { return Truth::failed; }
  virtual Value repr(Interpreter&) { return {}; }
  virtual Value str(Interpreter& in) { return repr(in); }
  virtual Value format(Interpreter&, std::string_view /*spec*/) { return {}; }
  // `with`: what __enter__ yields; nothing when this is no context manager. leave() is called
  // however the block ends.
  virtual Value enter(Interpreter&) { return {}; }
  virtual bool leave(Interpreter&, Value /*exception*/) { return false; }  // true: swallow it
  // `class X(this): …` was defined; false when the base adds nothing that matters (typing.Generic).
  virtual bool subclass(Interpreter&, Class&) { return true; }
  // Its body has been run; false after an exception.
  virtual bool defined(Interpreter&, Class&) { return true; }
  // `X(…)` of such a class; nothing makes the instance unknown.
  virtual Value instantiate(Interpreter&, Class&, const Args&) { return {}; }
  virtual bool is_instance(Value /*value*/) const { return false; }  // isinstance(value, this)
  // Unknown code that is given this object may do anything to the database.
  virtual bool effectful() const { return false; }
};

}  // namespace retort::py
