// Classes of the project that derive from SQLAlchemy's own elements, and `@compiles`, which gives
// them their text. Whatever a class adds on the Python side does not matter here.
#include "compiler/sqlalchemy/custom.h"

#include "compiler/sqlalchemy/render.h"
#include "compiler/sqlalchemy/schema.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::sa {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

constexpr std::string_view kHook = "__compiled_by__";

// What a compile function gets as its second argument.
struct Compiler : py::Foreign {
  std::string_view type_name() const override { return "SQLCompiler"; }
  Value get(Interpreter& in, std::string_view name) override;
};

Value process(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args[0]))
    return in.poison(unclear);
  const Answer<Sql> sql = clause_sql(in, in.plain(args[0]), Names::bare);
  return sql ? in.text(sql->text) : in.unknown(Cause::Kind::unsupported, sql.error().message);
}
constexpr py::NativeRow kProcess = {"process", "obj, **kwargs", process};

Value Compiler::get(Interpreter& in, std::string_view name) {
  if (name == "process")
    return in.native(kProcess);
  return in.unknown(Cause::Kind::unsupported,
                    fmt::format("`{}` of the compiler is not interpreted", name));
}

// @compiles(Class, "postgresql"); those for other databases are of no interest.
struct CompilesDecorator : py::Foreign {
  py::Class* cls = nullptr;  // null: of another database, or of a class that is not ours
  std::string_view type_name() const override { return "function"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    if (args.positional.empty())
      return Value::none();
    if (cls) {
      in.touch(cls);
      cls->attributes.set(kHook, args.positional[0]);
    }
    return args.positional[0];
  }
};

Value compiles(Interpreter& in, const Args& args) {
  CompilesDecorator* const decorator = in.make<CompilesDecorator>();
  const std::vector<Value>& dialects = args[1].as<py::Tuple>()->items;
  if (dialects.empty() || std::any_of(dialects.begin(), dialects.end(), [](Value dialect) {
        return text_of(dialect) == "postgresql";
      }))
    decorator->cls = args[0].as<py::Class>();
  return decorator;
}

Value nothing(Interpreter&, const Args&) { return Value::none(); }
constexpr py::NativeRow kInit = {"__init__", "*args, **kw", nothing};

// A base class of which only the name counts.
struct ElementBase : py::Foreign {
  enum class Kind : uint8_t { clause, ddl, mixin };
  Kind kind = Kind::mixin;

  std::string_view type_name() const override { return "type"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args&) override {
    return in.unknown(Cause::Kind::unsupported, "an element without a text is not compiled");
  }
  Value get(Interpreter& in, std::string_view name) override {
    if (name == "__init__")
      return in.native(kInit);
    return in.unknown(Cause::Kind::unsupported,
                      fmt::format("`{}` of an element is not interpreted", name));
  }
  Value subscript(Interpreter&, Value) override { return this; }
  bool subclass(Interpreter&, py::Class&) override { return kind != Kind::mixin; }
  Value instantiate(Interpreter& in, py::Class& cls, const Args& args) override;
};

Value ElementBase::instantiate(Interpreter& in, py::Class& cls, const Args& args) {
  py::Instance* const instance = in.make<py::Instance>();
  instance->cls = &cls;
  instance->at = in.here();
  if (const Value init = cls.find("__init__")) {
    Args all = args;
    all.positional.insert(all.positional.begin(), Value(instance));
    const Value done = in.call_with(init, std::move(all));
    if (!done || done.is_unknown())
      return done;
  }
  const Value text = compiled_text(in, cls, instance);
  if (!text || text.is_unknown())
    return text;
  if (kind == Kind::ddl) {
    DdlElement* const element = in.make<DdlElement>();
    element->statements.emplace_back(text_of(text));
    return element;
  }
  const py::NativeRow* const row = py::find_row(core_functions(), "literal_column");
  return in.call(in.native(*row), {text});
}

}  // namespace

bool has_compile_hook(const py::Class& cls) { return static_cast<bool>(cls.find(kHook)); }

Value compiled_text(Interpreter& in, py::Class& cls, Value instance) {
  const Value hook = cls.find(kHook);
  if (!hook)
    return in.unknown(Cause::Kind::unsupported,
                      fmt::format("`{}` has no text for PostgreSQL", cls.name));
  const Value text = in.call(hook, {instance, in.make<Compiler>()});
  if (!text || text.is_unknown() || in.plain(text).is(py::Type::string))
    return text;
  return in.unknown(Cause::Kind::unsupported,
                    fmt::format("what `{}` compiles to is no text", cls.name));
}

std::span<const py::NativeRow> custom_functions() {
  static constexpr py::NativeRow kRows[] = {{"compiles", "class_, *specs", compiles}};
  return kRows;
}

Value custom_base(Interpreter& in, std::string_view name) {
  static constexpr std::pair<std::string_view, ElementBase::Kind> kBases[] = {
      {"FunctionElement", ElementBase::Kind::clause},
      {"ColumnElement", ElementBase::Kind::clause},
      {"ClauseElement", ElementBase::Kind::ddl},
      {"Executable", ElementBase::Kind::mixin},
      {"DDLElement", ElementBase::Kind::ddl},
      {"ExecutableDDLElement", ElementBase::Kind::ddl},
      {"SchemaType", ElementBase::Kind::mixin},
  };
  for (const auto& [base, kind] : kBases)
    if (base == name) {
      ElementBase* const made = in.make<ElementBase>();
      made->kind = kind;
      return made;
    }
  return {};
}

}  // namespace retort::sa
