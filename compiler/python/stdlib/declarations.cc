// typing, dataclasses, abc, contextlib, copy, math and decimal.
#include "common/text.h"
#include "compiler/python/stdlib/decimal.h"
#include "compiler/python/stdlib/modules.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace retort::py {
namespace {

// --- typing and abc: annotations mean nothing here ----------------------------------------------

struct Form : Foreign {
  std::string_view type_name() const override { return "typing form"; }
  bool callable() const override { return true; }
  Value call(Interpreter&, const Args&) override { return this; }
  Value get(Interpreter&, std::string_view) override { return this; }
  Value subscript(Interpreter&, Value) override { return this; }
  Value binary(Interpreter&, std::string_view op, Value, bool) override {
    return op == "|" ? Value(this) : Value();
  }
  bool subclass(Interpreter&, Class&) override { return false; }
};

Value form(Interpreter& in) { return in.make<Form>(); }
Value cast(Interpreter&, const Args& args) { return args[1]; }
Value itself(Interpreter&, const Args& args) { return args[0]; }

constexpr NativeRow kTypingFunctions[] = {
    {"cast", "typ, val", cast},           {"overload", "func", itself},
    {"no_type_check", "func", itself},    {"final", "f", itself},
    {"runtime_checkable", "cls", itself},
};
constexpr ConstantRow kTypingConstants[] = {
    {"TYPE_CHECKING", [](Interpreter&) { return Value::of(false); }},
    {"NamedTuple", [](Interpreter& in) -> Value { return in.exception_class("NamedTuple"); }},
    {"Any", form},
    {"Optional", form},
    {"Union", form},
    {"List", form},
    {"Dict", form},
    {"Set", form},
    {"FrozenSet", form},
    {"Tuple", form},
    {"Type", form},
    {"Callable", form},
    {"Sequence", form},
    {"Mapping", form},
    {"Iterable", form},
    {"Iterator", form},
    {"Generator", form},
    {"Generic", form},
    {"Protocol", form},
    {"TypeVar", form},
    {"Literal", form},
    {"Final", form},
    {"ClassVar", form},
    {"Annotated", form},
    {"NoReturn", form},
    {"Collection", form},
    {"MutableMapping", form},
    {"Hashable", form},
    {"Text", form},
    {"Self", form},
    {"TypedDict", form},
    {"NewType", form},
    {"AnyStr", form},
    {"TypeAlias", form},
};

constexpr NativeRow kAbcFunctions[] = {{"abstractmethod", "func", itself}};
constexpr ConstantRow kAbcConstants[] = {{"ABC", form}, {"ABCMeta", form}};

// --- dataclasses --------------------------------------------------------------------------------

struct FieldSpec : Foreign {
  Field_ field;
  std::string_view type_name() const override { return "Field"; }
};

Value field(Interpreter& in, const Args& args) {
  FieldSpec* const made = in.make<FieldSpec>();
  made->field.fallback = args[0];
  made->field.factory = args[1];
  Value problem;
  if (!in.decide(args[2], made->field.init, problem) ||
      !in.decide(args[3], made->field.repr, problem))
    return problem;
  return made;
}

Value apply_dataclass(Interpreter& in, Value target, bool frozen, bool keyword_only) {
  Class* const cls = target.as<Class>();
  if (!cls)
    return target.is_unknown() ? in.poison(target)
                               : in.raise("TypeError", "dataclass() needs a class");
  in.touch(cls);
  std::vector<Field_> fields;
  for (const Class* const base : cls->bases)
    fields.insert(fields.end(), base->fields.begin(), base->fields.end());
  for (const std::string_view name : cls->annotated) {
    Field_ made;
    const Value value = cls->attributes.find(name);
    Foreign* const foreign = value.as<Foreign>();
    if (const FieldSpec* const spec = foreign ? dynamic_cast<FieldSpec*>(foreign) : nullptr) {
      made = spec->field;
      if (made.fallback)
        cls->attributes.set(name, made.fallback);
      else
        cls->attributes.erase(name);
    } else {
      made.fallback = value;
      if (value.is(Type::list) || value.is(Type::dict) || value.is(Type::set))
        return in.raise("ValueError",
                        fmt::format("mutable default {} for field {} is not allowed: use "
                                    "default_factory",
                                    value.is(Type::list)   ? "<class 'list'>"
                                    : value.is(Type::dict) ? "<class 'dict'>"
                                                           : "<class 'set'>",
                                    name));
    }
    made.name = name;
    made.keyword_only = keyword_only;
    const auto known = std::find_if(fields.begin(), fields.end(),
                                    [&](const Field_& other) { return other.name == name; });
    if (known == fields.end())
      fields.push_back(made);
    else
      *known = made;
  }
  cls->fields = std::move(fields);
  cls->flavour = Class::Flavour::dataclass;
  cls->frozen |= frozen;
  return cls;
}

struct Dataclass : Foreign {
  bool frozen = false;
  bool keyword_only = false;
  std::string_view type_name() const override { return "dataclass"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    if (args.positional.size() != 1)
      return in.raise("TypeError", "dataclass() needs a class");
    return apply_dataclass(in, args.positional[0], frozen, keyword_only);
  }
};

Value dataclass(Interpreter& in, const Args& args) {
  bool frozen = false;
  bool keyword_only = false;
  for (const Table::Entry& entry : args[1].as<Dict>()->table.entries()) {
    const std::string& name = entry.key.as<Str>()->text;
    bool value = false;
    Value problem;
    if (!in.decide(entry.value, value, problem))
      return problem;
    if (name == "frozen")
      frozen = value;
    else if (name == "kw_only")
      keyword_only = value;
    else if (name == "order" || (name != "slots" && !value))
      return in.unknown(Cause::Kind::unsupported,
                        fmt::format("`{}` of dataclasses is not interpreted", name));
  }
  if (args[0] && !args[0].is_none())
    return apply_dataclass(in, args[0], frozen, keyword_only);
  Dataclass* const decorator = in.make<Dataclass>();
  decorator->frozen = frozen;
  decorator->keyword_only = keyword_only;
  return decorator;
}

Value asdict_of(Interpreter& in, Value value, int depth) {
  if (depth > 50)
    return in.unknown(Cause::Kind::unsupported, "asdict() of something nested this deeply");
  const Instance* const instance = value.as<Instance>();
  if (instance && instance->cls->flavour == Class::Flavour::dataclass) {
    Dict* const dict = in.new_dict();
    for (const Field_& made : instance->cls->fields) {
      const Value inner = asdict_of(in, instance->attributes.find(made.name), depth + 1);
      if (!inner || !in.dict_set(*dict, in.text(made.name), inner))
        return {};
    }
    return dict;
  }
  if (const List* const list = value.as<List>()) {
    std::vector<Value> items;
    for (const Value item : list->items)
      items.push_back(asdict_of(in, item, depth + 1));
    return in.unwinding() ? Value() : in.list(std::move(items));
  }
  if (value.is(Type::dict) || value.is(Type::tuple))
    return in.unknown(Cause::Kind::unsupported, "asdict() of this is not interpreted");
  return value;
}
Value asdict(Interpreter& in, const Args& args) { return asdict_of(in, args[0], 0); }

Value replace(Interpreter& in, const Args& args) {
  const Instance* const instance = args[0].as<Instance>();
  if (!instance || instance->cls->flavour != Class::Flavour::dataclass)
    return in.unknown(Cause::Kind::unsupported, "this replace() is not interpreted");
  Args made;
  const Dict& changes = *args[1].as<Dict>();
  for (const Field_& own : instance->cls->fields)
    if (own.init) {
      const Value changed = in.dict_get(changes.table, in.text(own.name));
      made.keywords.push_back({own.name, changed ? changed : instance->attributes.find(own.name)});
    }
  for (const Table::Entry& entry : changes.table.entries()) {
    const std::string& name = entry.key.as<Str>()->text;
    if (std::none_of(made.keywords.begin(), made.keywords.end(),
                     [&](const Keyword& keyword) { return keyword.name == name; }))
      made.keywords.push_back({name, entry.value});
  }
  return in.make_instance(*instance->cls, std::move(made));
}

constexpr NativeRow kDataclassFunctions[] = {
    {"dataclass", "cls=None, /, **options", dataclass},
    {"field",
     "*, default=?, default_factory=?, init=True, repr=True, hash=None, compare=True, "
     "metadata=None, kw_only=False",
     field},
    {"asdict", "obj", asdict},
    {"replace", "obj, /, **changes", replace},
};

// --- contextlib ---------------------------------------------------------------------------------

Value contextmanager(Interpreter& in, const Args& args) {
  Function* const function = args[0].as<Function>();
  if (!function)
    return in.unknown(Cause::Kind::unsupported, "this context manager is not interpreted");
  Function* const made = in.make<Function>(*function);
  made->context_manager = true;
  return made;
}

struct Suppress : Foreign {
  Value types;
  std::string_view type_name() const override { return "suppress"; }
  Value enter(Interpreter&) override { return Value::none(); }
  bool leave(Interpreter& in, Value exception) override {
    return exception && in.is_instance(exception, types) == Truth::yes;
  }
};
Value suppress(Interpreter& in, const Args& args) {
  Suppress* const made = in.make<Suppress>();
  made->types = args[0];
  return made;
}

struct NullContext : Foreign {
  Value result;
  std::string_view type_name() const override { return "nullcontext"; }
  Value enter(Interpreter&) override { return result; }
};
Value nullcontext(Interpreter& in, const Args& args) {
  NullContext* const made = in.make<NullContext>();
  made->result = args[0];
  return made;
}

constexpr NativeRow kContextlibFunctions[] = {
    {"contextmanager", "func", contextmanager},
    {"suppress", "*exceptions", suppress},
    {"nullcontext", "enter_result=None", nullcontext},
};

// --- copy ---------------------------------------------------------------------------------------

Value copied(Interpreter& in, Value value, bool deep, int depth) {
  if (depth > 100)
    return in.unknown(Cause::Kind::unsupported, "a copy of something nested this deeply");
  const auto inner = [&](Value item) { return deep ? copied(in, item, deep, depth + 1) : item; };
  if (const List* const list = value.as<List>()) {
    std::vector<Value> items;
    for (const Value item : list->items)
      items.push_back(inner(item));
    return in.unwinding() ? Value() : in.list(std::move(items));
  }
  if (const Tuple* const tuple = value.as<Tuple>()) {
    std::vector<Value> items;
    for (const Value item : tuple->items)
      items.push_back(inner(item));
    return in.unwinding() ? Value() : in.tuple(std::move(items));
  }
  if (const Dict* const dict = value.as<Dict>()) {
    Dict* const made = in.new_dict();
    made->factory = dict->factory;
    made->counter = dict->counter;
    for (const Table::Entry& entry : dict->table.entries())
      if (entry.alive && !in.dict_set(*made, entry.key, inner(entry.value)))
        return {};
    return made;
  }
  if (value.is(Type::set))
    return in.call_method(value, "copy");
  if (value.is_unknown())
    return in.poison(value);
  if (Foreign* const foreign = value.as<Foreign>()) {
    const Value method = in.find_attribute(value, deep ? "__deepcopy__" : "__copy__");
    (void)foreign;
    if (method || in.unwinding())
      return method ? in.call(method) : method;
    return in.unknown(Cause::Kind::unsupported, "copy() of this is not interpreted");
  }
  if (value.is(Type::instance)) {
    const Instance& instance = *value.as<Instance>();
    if (instance.cls->flavour == Class::Flavour::enumeration)
      return value;
    return in.unknown(Cause::Kind::unsupported, "copy() of an object is not interpreted");
  }
  return value;
}
Value copy(Interpreter& in, const Args& args) { return copied(in, args[0], false, 0); }
Value deepcopy(Interpreter& in, const Args& args) { return copied(in, args[0], true, 0); }

constexpr NativeRow kCopyFunctions[] = {{"copy", "x", copy}, {"deepcopy", "x", deepcopy}};

// --- math ---------------------------------------------------------------------------------------

Value rounded(Interpreter& in, const Args& args, double (*round)(double)) {
  KNOWN(value, in.plain(args[0]));
  if (value.is_integral())
    return Value::of(value.integer());
  if (!value.is(Type::floating))
    return in.raise("TypeError", fmt::format("must be real number, not {}", in.type_name(value)));
  const double result = round(value.floating());
  if (!(std::fabs(result) < 0x1p63))
    return in.unknown(Cause::Kind::number, "this integer is beyond 64 bits");
  return Value::of(static_cast<int64_t>(result));
}
constexpr NativeRow kMathFunctions[] = {
    {"ceil", "x", [](Interpreter& in, const Args& args) { return rounded(in, args, std::ceil); }},
    {"floor", "x", [](Interpreter& in, const Args& args) { return rounded(in, args, std::floor); }},
    {"trunc", "x", [](Interpreter& in, const Args& args) { return rounded(in, args, std::trunc); }},
};
constexpr ConstantRow kMathConstants[] = {
    {"pi", [](Interpreter&) { return Value::of(3.141592653589793); }},
    {"inf", [](Interpreter&) { return Value::of(HUGE_VAL); }},
};

// --- decimal: kept as written; arithmetic is refused --------------------------------------------

// As str(Decimal(text)) has it, or empty: exponents appear where Python shows them.
std::string decimal_text(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+'))
    text.remove_prefix(1);
  const size_t mark = std::min(text.find_first_of("eE"), text.size());
  std::string_view power = text.substr(std::min(text.size(), mark + 1));
  const bool power_negative = power.starts_with('-');
  if (power_negative || power.starts_with('+'))
    power.remove_prefix(1);
  const auto numeric = [](std::string_view part) {
    return part.find_first_not_of("0123456789") == part.npos;
  };
  std::string_view number = text.substr(0, mark);
  const size_t point = std::min(number.find('.'), number.size());
  const std::string_view fraction = number.substr(std::min(number.size(), point + 1));
  std::string digits = std::string(number.substr(0, point)) + std::string(fraction);
  if (digits.empty() || !numeric(digits) || !numeric(power) || power.size() > 6 ||
      (mark < text.size() && power.empty()))
    return {};
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  int64_t exponent = power.empty() ? 0 : std::stoll(std::string(power));
  exponent = (power_negative ? -exponent : exponent) - static_cast<int64_t>(fraction.size());
  const auto size = static_cast<int64_t>(digits.size());
  const int64_t adjusted = exponent + size - 1;
  std::string shown = negative ? "-" : "";
  if (exponent > 0 || adjusted < -6) {
    shown += digits.substr(0, 1);
    if (size > 1)
      shown += "." + digits.substr(1);
    return shown + fmt::format("E{:+}", adjusted);
  }
  if (exponent == 0)
    return shown + digits;
  if (size + exponent > 0)
    return shown + digits.substr(0, static_cast<size_t>(size + exponent)) + "." +
           digits.substr(static_cast<size_t>(size + exponent));
  return shown + "0." + std::string(static_cast<size_t>(-(size + exponent)), '0') + digits;
}

Value make_decimal(Interpreter& in, const Args& args) {
  KNOWN(value, in.plain(args[0]));
  Decimal* const made = in.make<Decimal>();
  if (value.is_integral()) {
    made->digits = fmt::format("{}", value.integer());
    return made;
  }
  const Str* const text = value.as<Str>();
  if (text) {
    made->digits = decimal_text(trim(text->text));
    if (!made->digits.empty())
      return made;
  }
  return in.unknown(Cause::Kind::unsupported, "this decimal is not interpreted");
}

const NativeTypeInfo kDecimalType = {"Decimal",
                                     [](Value value) {
                                       const Foreign* const foreign = value.as<Foreign>();
                                       return foreign && dynamic_cast<const Decimal*>(foreign);
                                     },
                                     {"Decimal", "value=0", make_decimal},
                                     {},
                                     {}};
constexpr TypeRow kDecimalTypes[] = {{"Decimal", &kDecimalType}};

}  // namespace

const NativeTypeInfo* Decimal::type_info() const { return &kDecimalType; }
Value Decimal::repr(Interpreter& in) { return in.text(fmt::format("Decimal('{}')", digits)); }
Value Decimal::str(Interpreter& in) { return in.text(digits); }
Value Decimal::binary(Interpreter& in, std::string_view op, Value other, bool) {
  const Foreign* const foreign = other.as<Foreign>();
  const Decimal* const decimal = foreign ? dynamic_cast<const Decimal*>(foreign) : nullptr;
  if ((op == "==" || op == "!=") && decimal && decimal->digits == digits)
    return Value::of(op == "==");
  if (!decimal && !other.is_number())
    return {};
  return in.unknown(Cause::Kind::unsupported, "decimal arithmetic is not interpreted");
}
Value Decimal::unary(Interpreter& in, std::string_view) {
  return in.unknown(Cause::Kind::unsupported, "decimal arithmetic is not interpreted");
}
Value Decimal::format(Interpreter& in, std::string_view) {
  return in.unknown(Cause::Kind::unsupported, "formats of decimals are not interpreted");
}
Truth Decimal::truth(Interpreter&) {
  return truth_of(digits.find_first_of("123456789") != std::string::npos);
}
Truth Decimal::equals(Interpreter&, Value other) {
  const Foreign* const foreign = other.as<Foreign>();
  const Decimal* const decimal = foreign ? dynamic_cast<const Decimal*>(foreign) : nullptr;
  if (decimal && decimal->digits == digits)
    return Truth::yes;
  return decimal || other.is_number() ? Truth::unknown : Truth::no;
}

const TableModule::Content kTypingModule = {"typing", kTypingFunctions, {}, kTypingConstants};
const TableModule::Content kAbcModule = {"abc", kAbcFunctions, {}, kAbcConstants};
const TableModule::Content kDataclassesModule = {"dataclasses", kDataclassFunctions, {}, {}};
const TableModule::Content kContextlibModule = {"contextlib", kContextlibFunctions, {}, {}};
const TableModule::Content kCopyModule = {"copy", kCopyFunctions, {}, {}};
const TableModule::Content kMathModule = {"math", kMathFunctions, {}, kMathConstants};
const TableModule::Content kDecimalModule = {"decimal", {}, kDecimalTypes, {}};

}  // namespace retort::py
