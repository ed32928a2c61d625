// Enumerations: members from a class body, and the ways to one of them.
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"
#include "compiler/python/stdlib/enum.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

bool is_private(std::string_view name) {
  return name.size() > 2 && name.front() == '_' && name.back() == '_';
}

}  // namespace

bool Interpreter::make_members(Class& cls) {
  for (const Class* const base : cls.bases)
    if (!base->members.empty()) {
      raise("TypeError", fmt::format("{} cannot extend {}", cls.name, base->name));
      return false;
    }
  if (cls.find("__new__") || cls.find("_generate_next_value_") || cls.find("_missing_")) {
    cls.foreign = unknown(Cause::Kind::unsupported,
                          fmt::format("how `{}` makes its members is not interpreted", cls.name));
    return true;
  }
  std::vector<std::pair<std::string_view, Value>> rows(cls.attributes.begin(),
                                                       cls.attributes.end());
  for (auto& [name, value] : rows) {
    if (is_private(name) || value.is(Type::function) || value.is(Type::descriptor) ||
        value.is(Type::class_))
      continue;
    if (value.is(Type::lazy)) {
      value = resolve(value);
      if (!value)
        return false;
    }
    const Value member = make_member(cls, name, value);
    if (!member)
      return false;
    cls.attributes.set(name, member);
  }
  return true;
}

// Enum("Colour", ["RED", "GREEN"]), also with pairs, a dictionary, or names in one string.
Value Interpreter::make_enumeration(Class& base, Value name, Value members) {
  const Str* const title = plain(name).as<Str>();
  const Value given = plain(members);
  std::vector<Value> items;
  Value problem;
  if (const Str* const names = given.as<Str>()) {
    std::string_view rest = names->text;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find_first_of(", "), rest.size());
      if (end > 0)
        items.push_back(text(rest.substr(0, end)));
      rest.remove_prefix(std::min(rest.size(), end + 1));
    }
  } else if (const Dict* const dict = given.as<Dict>()) {
    for (const Table::Entry& entry : dict->table.entries())
      if (entry.alive)
        items.push_back(tuple({entry.key, entry.value}));
  } else if (!collect(given, items, problem)) {
    return problem;
  }
  if (!title)
    return unknown(Cause::Kind::unsupported, "an enumeration without a name is not interpreted");
  Class* const cls = make_class(heap_.intern(title->text), {&base});
  for (const Value item : items) {
    Value label = item;
    Value value;
    if (const Tuple* const pair = item.as<Tuple>(); pair && pair->items.size() == 2) {
      label = pair->items[0];
      value = pair->items[1];
    }
    const Str* const label_text = plain(label).as<Str>();
    if (!label_text)
      return unknown(Cause::Kind::unsupported, "the names of these members are not known");
    const std::string_view member_name = heap_.intern(label_text->text);
    if (!value)
      value = next_member_value(*cls, member_name);
    const Value member = value ? make_member(*cls, member_name, value) : value;
    if (!member)
      return {};
    cls->attributes.set(member_name, member);
  }
  return cls;
}

Value Interpreter::make_member(Class& cls, std::string_view name, Value value) {
  if (is_auto(value)) {
    value = next_member_value(cls, name);
    if (!value)
      return {};
  }
  for (const Value known : cls.members) {
    const Truth same = equal(known.as<Instance>()->attributes.find("_value_"), value);
    if (same == Truth::failed)
      return {};
    if (same == Truth::yes)
      return known;  // an alias
  }
  Instance* const member = make<Instance>();
  member->cls = &cls;
  const Value label = text(name);
  if (!label)
    return {};
  member->attributes.set("_name_", label);
  member->attributes.set("_value_", value);
  if (cls.data) {
    const bool fits = cls.data->holds(value);
    if (cls.str_enum && !fits && !value.is_unknown())
      return raise("TypeError", fmt::format("{} is not a string", type_name(value)));
    member->data = fits || value.is_unknown()
                       ? value
                       : unknown(Cause::Kind::unsupported,
                                 "a member that is converted to its type is not interpreted");
    if (cls.data == &kIntType && value.is(Type::boolean))
      member->data = Value::of(value.integer());
  }
  cls.members.push_back(member);
  if (const Value init = cls.find("__init__")) {
    std::vector<Value> arguments = {member};
    if (const Tuple* const several = value.as<Tuple>())
      arguments.insert(arguments.end(), several->items.begin(), several->items.end());
    else
      arguments.push_back(value);
    if (!call(init, std::move(arguments)))
      return {};
  }
  return member;
}

Value Interpreter::next_member_value(Class& cls, std::string_view name) {
  if (cls.str_enum) {
    std::string lowered(name);
    for (char& c : lowered)
      c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return text(lowered);
  }
  int64_t last = 0;
  for (const Value member : cls.members) {
    const Value value = member.as<Instance>()->attributes.find("_value_");
    if (!value.is(Type::integer))
      return unknown(Cause::Kind::unsupported, "auto() after other values is not interpreted");
    last = std::max(last, value.integer());
  }
  if (!cls.flag)
    return Value::of(last + 1);
  int64_t bit = 1;
  while (bit <= last && bit < (int64_t{1} << 60))
    bit *= 2;
  return Value::of(bit);
}

Value Interpreter::enum_lookup(Class& cls, Value value) {
  if (cls.foreign)
    return poison(cls.foreign.is_unknown()
                      ? cls.foreign
                      : unknown(Cause::Kind::unsupported, "this enumeration is not interpreted"));
  if (value.is_unknown())
    return poison(value);
  bool doubt = false;
  for (const Value member : cls.members) {
    if (member.identical(value))
      return member;
    switch (equal(member.as<Instance>()->attributes.find("_value_"), value)) {
    case Truth::yes: return member;
    case Truth::failed: return {};
    case Truth::unknown: doubt = true; break;
    case Truth::no: break;
    }
  }
  if (doubt)
    return unknown(Cause::Kind::branch, fmt::format("a member of `{}` is unknown", cls.name));
  if (cls.flag)
    return unknown(Cause::Kind::unsupported, "combined flags are not interpreted");
  const Value shown = repr(value);
  const Str* const words = shown.as<Str>();
  if (!words)
    return shown;
  return raise("ValueError", fmt::format("{} is not a valid {}", words->text, cls.qualified_name));
}

}  // namespace retort::py
