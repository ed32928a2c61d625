// types, pprint and importlib.
#include "compiler/python/stdlib/modules.h"

#include <fmt/format.h>

namespace retort::py {
namespace {

// Its attributes live in a dictionary, which branches that are not taken can take back.
struct Namespace : Foreign {
  Dict* content = nullptr;

  std::string_view type_name() const override { return "types.SimpleNamespace"; }
  Value get(Interpreter& in, std::string_view name) override {
    if (content->type == Type::unknown)
      return in.poison(content);
    return name == "__dict__" ? Value(content) : in.dict_get(content->table, in.text(name));
  }
  bool set(Interpreter& in, std::string_view name, Value value) override {
    return content->type == Type::unknown || in.dict_set(*content, in.text(name), value);
  }
  Truth equals(Interpreter& in, Value other) override {
    const Foreign* const foreign = other.as<Foreign>();
    const Namespace* const space = foreign ? dynamic_cast<const Namespace*>(foreign) : nullptr;
    return space ? in.equal(content, space->content) : Truth::no;
  }
  std::optional<size_t> hash() const override { return std::nullopt; }
  Value repr(Interpreter& in) override {
    if (content->type == Type::unknown)
      return in.poison(content);
    std::string text;
    for (const Table::Entry& entry : content->table.entries()) {
      if (!entry.alive)
        continue;
      const Value shown = entry.value.object() == this
                              ? in.unknown(Cause::Kind::unsupported, "this is within itself")
                              : in.repr(entry.value);
      if (!shown.is(Type::string))
        return shown;
      text += fmt::format("{}{}={}", text.empty() ? "" : ", ", entry.key.as<Str>()->text,
                          shown.as<Str>()->text);
    }
    return in.text(fmt::format("namespace({})", text));
  }
};

Value simple_namespace(Interpreter& in, const Args& args) {
  Namespace* const made = in.make<Namespace>();
  made->content = args[0].as<Dict>();
  return made;
}
Value mapping_proxy(Interpreter& in, const Args&) {
  return in.unknown(Cause::Kind::unsupported, "read-only mappings are not interpreted");
}

// How it breaks lines is not followed.
Value pprint(Interpreter& in, const Args&) {
  in.write("<unknown: how pprint breaks lines>\n");
  return Value::none();
}
Value pformat(Interpreter& in, const Args&) {
  return in.unknown(Cause::Kind::unsupported, "how pprint breaks lines is not interpreted");
}

Value import_module(Interpreter& in, const Args& args) {
  const Str* name = nullptr;
  Value problem;
  if (!text_of(in, args[0], name, problem))
    return problem;
  if (name->text.empty() || name->text.starts_with('.'))
    return in.unknown(Cause::Kind::unsupported, "relative names are not interpreted here");
  return in.import(name->text, in.here());
}

constexpr NativeRow kTypes[] = {{"SimpleNamespace", "**kwargs", simple_namespace},
                                {"MappingProxyType", "mapping", mapping_proxy}};
constexpr NativeRow kPprint[] = {{"pprint", "*args, **options", pprint},
                                 {"pp", "*args, **options", pprint},
                                 {"pformat", "*args, **options", pformat}};
constexpr NativeRow kImportlib[] = {{"import_module", "name, package=None", import_module}};

}  // namespace

const TableModule::Content kTypesModule = {"types", kTypes, {}, {}};
const TableModule::Content kPprintModule = {"pprint", kPprint, {}, {}};
const TableModule::Content kImportlibModule = {"importlib", kImportlib, {}, {}};

}  // namespace retort::py
