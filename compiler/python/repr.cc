// repr(), str() and the names of types.
#include "common/utf8.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

constexpr int kMaxDepth = 60;

// Text between quotes; nothing when a character's printability is not known.
std::optional<std::string> quoted(std::string_view text) {
  const bool has_single = text.find('\'') != text.npos;
  const char quote = has_single && text.find('"') == text.npos ? '"' : '\'';
  std::string result(1, quote);
  for (size_t i = 0; i < text.size();) {
    const utf8::Char c = utf8::decode(text, i);
    const std::string_view raw = text.substr(i, c.size);
    i += c.size;
    if (c.code == static_cast<char32_t>(quote) || c.code == '\\') {
      result += '\\';
      result += raw;
    } else if (c.code == '\n') {
      result += "\\n";
    } else if (c.code == '\r') {
      result += "\\r";
    } else if (c.code == '\t') {
      result += "\\t";
    } else {
      const std::optional<bool> printable = is_printable(c.code);
      if (!printable)
        return std::nullopt;
      const auto code = static_cast<uint32_t>(c.code);
      if (*printable)
        result += raw;
      else if (code < 0x100)
        result += fmt::format("\\x{:02x}", code);
      else if (code < 0x10000)
        result += fmt::format("\\u{:04x}", code);
      else
        result += fmt::format("\\U{:08x}", code);
    }
  }
  return result + quote;
}

std::string quoted_bytes(std::string_view bytes) {
  const bool has_single = bytes.find('\'') != bytes.npos;
  const char quote = has_single && bytes.find('"') == bytes.npos ? '"' : '\'';
  std::string result = fmt::format("b{}", quote);
  for (const char c : bytes) {
    const auto code = static_cast<unsigned char>(c);
    if (c == quote || c == '\\')
      (result += '\\') += c;
    else if (c == '\n')
      result += "\\n";
    else if (c == '\r')
      result += "\\r";
    else if (c == '\t')
      result += "\\t";
    else if (code < 0x20 || code >= 0x7f)
      result += fmt::format("\\x{:02x}", code);
    else
      result += c;
  }
  return result + quote;
}

std::string_view open_brackets(Value value) {
  return value.is(Type::list) ? "[" : value.is(Type::tuple) ? "(" : "{";
}

}  // namespace

Value Interpreter::repr(Value value) { return repr_inner(value, 0); }

Value Interpreter::repr_inner(Value value, int depth) {
  if (!step())
    return {};
  if (depth > kMaxDepth)
    return unknown(Cause::Kind::unsupported, "repr() of something nested this deeply");
  // Joins parts, each of which may be unknown.
  std::string out;
  Value problem;
  const auto add = [&](Value part) {
    const Value shown = repr_inner(part, depth + 1);
    const Str* const words = shown.as<Str>();
    if (!words) {
      problem = shown;
      return false;
    }
    out += words->text;
    return charge(words->text.size());
  };
  switch (value.type()) {
  case Type::nothing: return {};
  case Type::none: return text("None");
  case Type::boolean: return text(value.integer() ? "True" : "False");
  case Type::integer: return text(fmt::format("{}", value.integer()));
  case Type::floating: return text(float_repr(value.floating()));
  case Type::string: {
    const std::optional<std::string> shown = quoted(value.as<Str>()->text);
    return shown ? text(*shown)
                 : unknown(Cause::Kind::unsupported, "repr() of these characters is not known");
  }
  case Type::bytes: return text(quoted_bytes(value.as<Bytes>()->bytes));
  case Type::list:
  case Type::tuple: {
    const std::vector<Value>& items =
        value.is(Type::list) ? value.as<List>()->items : value.as<Tuple>()->items;
    out = open_brackets(value);
    for (size_t i = 0; i < items.size(); ++i) {
      if (i > 0)
        out += ", ";
      if (!add(items[i]))
        return problem;
    }
    if (value.is(Type::tuple))
      out += items.size() == 1 ? ",)" : ")";
    else
      out += "]";
    return text(out);
  }
  case Type::dict: {
    const Dict& dict = *value.as<Dict>();
    if (dict.factory || dict.counter)
      return unknown(Cause::Kind::unsupported, "repr() of this dictionary is not interpreted");
    out = "{";
    bool first = true;
    for (const Table::Entry& entry : dict.table.entries()) {
      if (!entry.alive)
        continue;
      out += std::exchange(first, false) ? "" : ", ";
      if (!add(entry.key))
        return problem;
      out += ": ";
      if (!add(entry.value))
        return problem;
    }
    return text(out + "}");
  }
  case Type::set: {
    const Set& set = *value.as<Set>();
    if (set.table.size() == 0)
      return text(set.frozen ? "frozenset()" : "set()");
    if (set.table.size() > 1)
      notice("order", here_, "the order of a set is random in Python; here it is as written");
    out = set.frozen ? "frozenset({" : "{";
    bool first = true;
    for (const Table::Entry& entry : set.table.entries()) {
      if (!entry.alive)
        continue;
      out += std::exchange(first, false) ? "" : ", ";
      if (!add(entry.key))
        return problem;
    }
    return text(out + (set.frozen ? "})" : "}"));
  }
  case Type::range: {
    const Range& range = *value.as<Range>();
    if (range.step == 1)
      return text(fmt::format("range({}, {})", range.start, range.stop));
    return text(fmt::format("range({}, {}, {})", range.start, range.stop, range.step));
  }
  case Type::symbol: return text(value.as<Symbol>()->name);
  case Type::native_type: {
    const NativeType& type = *value.as<NativeType>();
    return text(fmt::format("<class '{}{}{}'>", type.module, type.module.empty() ? "" : ".",
                            type.info->name));
  }
  case Type::instance: return instance_repr(*value.as<Instance>(), depth);
  case Type::foreign: {
    const Value shown = value.as<Foreign>()->repr(*this);
    if (shown || unwinding())
      return shown;
    break;
  }
  case Type::class_:
    if (const Class& cls = *value.as<Class>(); cls.flavour == Class::Flavour::enumeration)
      return text(fmt::format("<enum '{}'>", cls.name));
    else if (cls.built_in)
      return text(fmt::format("<class '{}'>", cls.name));
    break;
  case Type::unknown: return poison(value);
  default: break;
  }
  return unknown(Cause::Kind::unsupported,
                 fmt::format("repr() of this {} holds an address of memory", type_name(value)));
}

Value Interpreter::instance_repr(Instance& instance, int depth) {
  const Class& cls = *instance.cls;
  if (const Value method = special(&instance, "__repr__"))
    return call(method);
  if (cls.foreign)
    return poison(undecided(cls.foreign, cls.foreign));
  std::string out;
  const auto add = [&](Value part) {
    const Value shown = repr_inner(part, depth + 1);
    if (const Str* const words = shown.as<Str>())
      out += words->text;
    return shown;
  };
  switch (cls.flavour) {
  case Class::Flavour::enumeration: {
    const Value value = add(instance.attributes.find("_value_"));
    if (!value.is(Type::string))
      return value;
    const Value name = instance.attributes.find("_name_");
    return text(fmt::format("<{}.{}: {}>", cls.name, name.as<Str>()->text, out));
  }
  case Class::Flavour::exception: {
    const Tuple* const args = instance.attributes.find("args").as<Tuple>();
    if (!args)
      break;
    out = cls.name;
    out += "(";
    for (size_t i = 0; i < args->items.size(); ++i) {
      out += i > 0 ? ", " : "";
      if (const Value part = add(args->items[i]); !part.is(Type::string))
        return part;
    }
    return text(out + ")");
  }
  case Class::Flavour::dataclass:
  case Class::Flavour::named_tuple: {
    const Tuple* const items = instance.data.as<Tuple>();
    out = cls.flavour == Class::Flavour::dataclass ? cls.qualified_name : cls.name;
    out += "(";
    bool first = true;
    for (size_t i = 0; i < cls.fields.size(); ++i) {
      if (!cls.fields[i].repr)
        continue;
      out += std::exchange(first, false) ? "" : ", ";
      out += cls.fields[i].name;
      out += "=";
      const Value field = items ? items->items[i] : instance.attributes.find(cls.fields[i].name);
      if (const Value part = add(field); !part.is(Type::string))
        return part;
    }
    return text(out + ")");
  }
  default: break;
  }
  if (instance.data)
    return repr_inner(instance.data, depth + 1);
  return unknown(Cause::Kind::unsupported, "repr() of this object holds an address of memory");
}

Value Interpreter::str(Value value) {
  switch (value.type()) {
  case Type::string: return value;
  case Type::unknown: return poison(value);
  case Type::foreign: {
    const Value shown = value.as<Foreign>()->str(*this);
    if (shown || unwinding())
      return shown;
    return repr(value);
  }
  case Type::instance: break;
  default: return repr(value);
  }
  Instance& instance = *value.as<Instance>();
  const Class& cls = *instance.cls;
  if (const Value method = special(value, "__str__"))
    return call(method);
  switch (cls.flavour) {
  case Class::Flavour::enumeration:
    if (cls.str_enum || (instance.data && cls.derives_from(exception_class("ReprEnum"))))
      return str(instance.data);
    if (cls.int_enum)
      return unknown(Cause::Kind::unsupported,
                     "str() of an IntEnum depends on the version of Python");
    return text(fmt::format("{}.{}", cls.name, instance.attributes.find("_name_").as<Str>()->text));
  case Class::Flavour::exception: {
    if (special(value, "__repr__"))
      return repr(value);
    const Tuple* const args = instance.attributes.find("args").as<Tuple>();
    if (!args)
      return poison(undecided(instance.attributes.find("args")));
    if (args->items.empty())
      return text("");
    if (args->items.size() > 1)
      return repr(instance.attributes.find("args"));
    return cls.name == "KeyError" ? repr(args->items[0]) : str(args->items[0]);
  }
  default: break;
  }
  if (instance.data && !special(value, "__repr__") && cls.flavour == Class::Flavour::plain)
    return str(instance.data);
  return repr(value);
}

// --- types ------------------------------------------------------------------------------------

std::string Interpreter::type_name(Value value) {
  if (const Foreign* const foreign = value.as<Foreign>())
    return std::string(foreign->type_name());
  if (const Instance* const instance = value.as<Instance>())
    return std::string(instance->cls->name);
  if (const Iterator* const iterator = value.as<Iterator>())
    return std::string(iterator->type_name);
  switch (value.type()) {
  case Type::function: return "function";
  case Type::method: return "method";
  case Type::native: return "builtin_function_or_method";
  case Type::class_:
  case Type::native_type: return "type";
  case Type::module: return "module";
  case Type::none: return "NoneType";
  case Type::unknown: return "an unknown type";
  case Type::symbol:
    return value.as<Symbol>()->name == "Ellipsis" ? "ellipsis" : "NotImplementedType";
  default: break;
  }
  const NativeTypeInfo* const info = type_info(value);
  return info ? std::string(info->name) : "object";
}

Value Interpreter::type_of(Value value) {
  if (value.is_unknown())
    return poison(value);
  if (const Instance* const instance = value.as<Instance>())
    return instance->cls;
  if (const NativeTypeInfo* const info = type_info(value))
    return native_type(*info);
  if (const Foreign* const foreign = value.as<Foreign>(); foreign && foreign->type_info())
    return native_type(*foreign->type_info());
  return unknown(Cause::Kind::unsupported,
                 fmt::format("the type of this {} is not interpreted", type_name(value)));
}

Truth Interpreter::is_instance(Value value, Value type) {
  if (value.is_unknown() || type.is_unknown()) {
    last_unknown_ = value.is_unknown() ? value : type;
    return Truth::unknown;
  }
  if (const Tuple* const several = type.as<Tuple>()) {
    Truth result = Truth::no;
    for (const Value one : several->items) {
      const Truth answer = is_instance(value, one);
      if (answer == Truth::yes || answer == Truth::failed)
        return answer;
      if (answer == Truth::unknown)
        result = answer;
    }
    return result;
  }
  const Instance* const instance = value.as<Instance>();
  if (const Class* const cls = type.as<Class>()) {
    if (!instance)
      return truth_of(value.is(Type::class_) && false);
    if (instance->cls->derives_from(cls))
      return Truth::yes;
    if (instance->cls->foreign) {
      last_unknown_ = undecided(instance->cls->foreign, instance->cls->foreign);
      return Truth::unknown;
    }
    return Truth::no;
  }
  if (const NativeType* const native_type = type.as<NativeType>()) {
    if (native_type->info == &kObjectType || native_type->info->holds(value))
      return Truth::yes;
    return truth_of(instance && instance->data && native_type->info->holds(instance->data));
  }
  if (const Foreign* const foreign = type.as<Foreign>())
    return truth_of(foreign->is_instance(value));
  if (const Native* const made_by = type.as<Native>(); made_by && names_class(*made_by)) {
    const Foreign* const foreign = value.as<Foreign>();
    if (foreign && foreign->type_name() == made_by->row->name)
      return Truth::yes;
    if (!foreign && !instance)
      return Truth::no;
    // Which classes derive from which is not known.
    last_unknown_ = unknown(Cause::Kind::unsupported,
                            fmt::format("whether this {} is a `{}` is not interpreted",
                                        type_name(value), made_by->row->name));
    return Truth::unknown;
  }
  raise("TypeError", "isinstance() arg 2 must be a type, a tuple of types, or a union");
  return Truth::failed;
}

bool Interpreter::callable(Value value) {
  switch (value.type()) {
  case Type::function:
  case Type::method:
  case Type::native:
  case Type::native_type:
  case Type::class_: return true;
  case Type::foreign: return value.as<Foreign>()->callable();
  case Type::instance: return static_cast<bool>(special(value, "__call__"));
  default: return false;
  }
}

}  // namespace retort::py
