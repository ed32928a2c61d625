#include "compiler/given_values.h"

#include "compiler/alembic/template.h"
#include "compiler/python/natives.h"

#include <cmath>
#include <cstdio>
#include <fmt/core.h>

namespace retort {
namespace {

using py::Cause;
using py::Interpreter;
using py::Value;

// Every kind of given value has a name of its own in the interpreter.
constexpr std::string_view kEnvironment = "os.environ.";
constexpr std::string_view kArguments = "upgrade().";
constexpr std::string_view kOperations = "op.";

Value to_python(Interpreter& in, const Toml& toml);

Value moment(Interpreter& in, std::string text) {
  const bool date = text.find(':') == std::string::npos;
  const bool time = !date && (text.size() < 3 || text[2] == ':');
  const Value type = in.get_attribute(in.import("datetime", {}), date   ? "date"
                                                                 : time ? "time"
                                                                        : "datetime");
  if (time) {
    int hour = 0;
    int minute = 0;
    double second = 0;
    (void)std::sscanf(text.c_str(), "%d:%d:%lf", &hour, &minute, &second);
    const auto micro = static_cast<int64_t>(std::llround(second * 1e6));
    return in.call(type, {Value::of(int64_t{hour}), Value::of(int64_t{minute}),
                          Value::of(micro / 1'000'000), Value::of(micro % 1'000'000)});
  }
  if (text.ends_with('Z'))
    text.replace(text.size() - 1, 1, "+00:00");
  return in.call_method(type, "fromisoformat", {in.text(text)});
}

// The type of a column, whose class cannot be read.
Value type_of(Interpreter& in, const std::string& text) {
  const Value cls = in.get_attribute(in.import("retort_given_types", {}), "Given");
  return cls ? in.call(cls, {in.text(text)}) : Value();
}

// A dictionary whose entries are attributes too, so that it may stand for a settings object.
Value table(Interpreter& in, const Toml& toml) {
  py::Dict* const dict = in.new_dict();
  py::Class* const cls = in.make_class("settings", {});
  cls->data = &py::kDictType;
  py::Instance* const made = in.make<py::Instance>();
  made->cls = cls;
  made->data = dict;
  for (const TomlEntry& entry : toml.entries) {
    const Value value = to_python(in, entry.value);
    if (!in.dict_set(*dict, in.text(entry.key), value))
      return {};
    made->attributes.set(in.heap().intern(entry.key), value);
  }
  return made;
}

Value to_python(Interpreter& in, const Toml& toml) {
  switch (toml.kind) {
  case Toml::Kind::string: return in.text(toml.text);
  case Toml::Kind::integer: return Value::of(toml.number);
  case Toml::Kind::real: return Value::of(toml.real);
  case Toml::Kind::boolean: return Value::of(toml.number != 0);
  case Toml::Kind::time: return moment(in, toml.text);
  case Toml::Kind::table:
    if (toml.entries.size() == 1 && toml.entries[0].key == "sql_type" &&
        toml.entries[0].value.kind == Toml::Kind::string)
      return type_of(in, toml.entries[0].value.text);
    return table(in, toml);
  case Toml::Kind::array: break;
  }
  std::vector<Value> items;
  for (const Toml& item : toml.items)
    items.push_back(to_python(in, item));
  return in.list(std::move(items));
}

bool is_word(const Toml& toml, std::string_view word) {
  return toml.kind == Toml::Kind::string && toml.text == word;
}

// It is there, it can be called, and nothing comes of it.
struct Ignored : py::Foreign {
  std::string name;
  std::string_view table;

  std::string_view type_name() const override { return "ignored"; }
  bool callable() const override { return true; }
  Value get(Interpreter& in, std::string_view member) override;
  Value call(Interpreter& in, const py::Args&) override {
    return in.unknown(Cause::Kind::cosmetic,
                      fmt::format("`{}` is ignored, as `[{}]` says", name, table));
  }
};

Value ignored(Interpreter& in, std::string_view table, std::string name) {
  Ignored* const made = in.make<Ignored>();
  made->name = std::move(name);
  made->table = table;
  return made;
}

Value Ignored::get(Interpreter& in, std::string_view member) {
  return ignored(in, table, name + "." + std::string(member));
}

std::string key_of(std::string_view prefix, const GivenValue& value) {
  return std::string(prefix) + value.name;
}

}  // namespace

std::vector<std::pair<std::string, Value>> give_values(Interpreter& in, const Given& given,
                                                       alembic::Operations& operations) {
  std::vector<std::pair<std::string, Value>> all;
  for (const GivenValue& value : given.values)
    all.emplace_back(value.name, to_python(in, value.value));
  for (const GivenValue& value : given.environment)
    all.emplace_back(key_of(kEnvironment, value), in.text(value.value.text));
  for (const GivenValue& value : given.arguments)
    all.emplace_back(key_of(kArguments, value),
                     is_word(value.value, "ignore") ? ignored(in, "arguments", value.name)
                     : is_word(value.value, "op") ? in.get_attribute(in.import("alembic", {}), "op")
                                                  : to_python(in, value.value));
  for (const GivenValue& value : given.operations)
    all.emplace_back(key_of(kOperations, value),
                     is_word(value.value, "ignore")
                         ? ignored(in, "operations", value.name)
                         : alembic::make_template(in, operations, value.name, value.value.text));
  for (const auto& [name, value] : all)
    in.give(name, value);
  return all;
}

py::Args given_arguments(Interpreter& in, const py::Function& function, Value op) {
  py::Args args;
  for (const py::Parameter& parameter : function.parameters) {
    using Kind = py::Parameter::Kind;
    if (parameter.kind == Kind::star || parameter.kind == Kind::double_star)
      continue;
    Value value = in.given(std::string(kArguments) + std::string(parameter.name));
    if (!value && parameter.name == "op")
      value = op;
    // The template for several databases passes the engine's name even where there is a default.
    if (!value && (!parameter.fallback || parameter.name == "engine_name")) {
      value = in.unknown(Cause{
          Cause::Kind::environment,
          fmt::format("env.py passes `{}` to `{}()`", parameter.name, function.name),
          {function.scope->module->source->file, function.node.child(py::Field::parameters).span()},
          {},
          fmt::format("set `{}` below `[arguments]` in retort.toml: a value, \"op\" or \"ignore\"",
                      parameter.name)});
      static_cast<py::Unknown*>(value.object())->foreign = true;
    }
    if (value && parameter.kind == Kind::positional_only)
      args.positional.push_back(value);
    else if (value)
      args.keywords.push_back({parameter.name, value});
  }
  return args;
}

std::vector<const GivenValue*> unused_values(const Given& given,
                                             const std::set<std::string, std::less<>>& asked_for) {
  std::vector<const GivenValue*> unused;
  const auto look = [&](const std::vector<GivenValue>& values, std::string_view prefix) {
    for (const GivenValue& value : values)
      if (!asked_for.contains(key_of(prefix, value)))
        unused.push_back(&value);
  };
  look(given.values, "");
  look(given.environment, kEnvironment);
  look(given.arguments, kArguments);
  look(given.operations, kOperations);
  return unused;
}

}  // namespace retort
