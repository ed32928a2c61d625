// `op.get_context()` and the module `alembic.context`.
#include "common/text.h"
#include "compiler/alembic/objects.h"
#include "compiler/sqlalchemy/dialect.h"

#include <fmt/format.h>

namespace retort::alembic {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

struct AutocommitBlock : py::Foreign {
  Operations* operations = nullptr;
  std::string_view type_name() const override { return "autocommit_block"; }
  Value enter(Interpreter& in) override {
    operations->add_edge(BodyItem::Kind::autocommit_begin, in.here());
    return Value::none();
  }
  bool leave(Interpreter& in, Value) override {
    operations->add_edge(BodyItem::Kind::autocommit_end, in.here());
    return false;
  }
};

// `with op.get_context().begin_transaction():` prints nothing inside of a script.
struct NoBlock : py::Foreign {
  std::string_view type_name() const override { return "transaction"; }
  Value enter(Interpreter&) override { return Value::none(); }
};

struct ConfigObject : py::Foreign {
  const Surroundings* around = nullptr;
  std::string_view type_name() const override { return "Config"; }
  Value get(Interpreter& in, std::string_view name) override;
};

// `op.get_context().script.get_revision(id).module`, as operations that replace what another
// revision made look it up.
struct ScriptRevision : py::Foreign {
  Value module;
  std::string_view type_name() const override { return "Script"; }
  Value get(Interpreter& in, std::string_view name) override {
    return name == "module"
               ? module
               : in.unknown(Cause::Kind::environment,
                            fmt::format("`{}` of another revision is not known", name));
  }
};

struct ScriptDirectory : py::Foreign {
  Operations* operations = nullptr;
  std::string_view type_name() const override { return "ScriptDirectory"; }
  Value get(Interpreter& in, std::string_view name) override;
};

Value get_revision(Interpreter& in, const Args& args) {
  const Operations& operations = *static_cast<ScriptDirectory*>(args.self.object())->operations;
  const py::Str* const id = args[0].as<py::Str>();
  if (!id)
    return in.undecided(args[0]);
  const Value module =
      operations.revision_module ? operations.revision_module(in, id->text) : Value();
  if (!module)
    return in.unwinding() ? module : Value::none();
  ScriptRevision* const made = in.make<ScriptRevision>();
  made->module = module;
  return made;
}

constexpr py::NativeRow kScriptMethods[] = {{"get_revision", "id_", get_revision}};

Value ScriptDirectory::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kScriptMethods, name))
    return in.native(*row, this, type_name());
  return in.unknown(Cause::Kind::environment,
                    fmt::format("`{}` of the folder of revisions is not known", name));
}

struct Context : py::Foreign, sa::HasExecutor {
  Operations* operations = nullptr;
  const Surroundings* around = nullptr;
  std::string_view type_name() const override { return "MigrationContext"; }
  bool effectful() const override { return true; }
  sa::Executor* executor() override { return operations; }
  Value get(Interpreter& in, std::string_view name) override;
};

Context& self_of(const Args& args) { return *static_cast<Context*>(args.self.object()); }

Value autocommit_block(Interpreter& in, const Args& args) {
  AutocommitBlock* const block = in.make<AutocommitBlock>();
  block->operations = self_of(args).operations;
  return block;
}
Value begin_transaction(Interpreter& in, const Args&) { return in.make<NoBlock>(); }

Value get_bind(Interpreter& in, const Args& args) {
  return make_connection(in, *self_of(args).operations);
}

Value execute(Interpreter& in, const Args& args) {
  const Value done = self_of(args).operations->execute(in, args[0], {});
  return done && !in.unwinding() ? Value::none() : done;
}

Value is_offline_mode(Interpreter&, const Args& args) {
  Operations& operations = *self_of(args).operations;
  operations.asked_offline = true;
  return Value::of(operations.offline);
}

Value get_x_argument(Interpreter& in, const Args& args) {
  const std::vector<std::string>& given = self_of(args).around->x_arguments;
  if (in.truth(args[0]) != py::Truth::yes) {
    std::vector<Value> items;
    for (const std::string& argument : given)
      items.push_back(in.text(argument));
    return in.list(std::move(items));
  }
  py::Dict* const dict = in.new_dict();
  for (const std::string& argument : given) {
    const size_t equals = std::min(argument.find('='), argument.size());
    const std::string value =
        equals < argument.size() ? argument.substr(equals + 1) : std::string();
    if (!in.dict_set(*dict, in.text(argument.substr(0, equals)), in.text(value)))
      return {};
  }
  return dict;
}

Value itself(Interpreter&, const Args& args) { return args.self; }

constexpr py::NativeRow kMethods[] = {
    {"autocommit_block", "", autocommit_block},
    {"begin_transaction", "*args, **kw", begin_transaction},
    {"execute", "sql, execution_options=None", execute},
    {"get_bind", "", get_bind},
    {"get_context", "", itself},
    {"is_offline_mode", "", is_offline_mode},
    {"get_x_argument", "as_dictionary=False", get_x_argument},
};

Value Context::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kMethods, name))
    return in.native(*row, this, type_name());
  if (name == "dialect")
    return sa::dialect(in);
  if (name == "bind" || name == "connection")
    return make_connection(in, *operations);
  if (name == "as_sql") {
    operations->asked_offline = true;
    return Value::of(operations->offline);
  }
  if (name == "script") {
    ScriptDirectory* const script = in.make<ScriptDirectory>();
    script->operations = operations;
    return script;
  }
  if (name == "config") {
    ConfigObject* const config = in.make<ConfigObject>();
    config->around = around;
    return config;
  }
  const Value unknown = in.unknown(Cause::Kind::environment,
                                   fmt::format("`{}` of the migration context is not known", name));
  static_cast<py::Unknown*>(unknown.object())->foreign = true;
  return unknown;
}

const Surroundings& around_of(const Args& args) {
  return *static_cast<ConfigObject*>(args.self.object())->around;
}

Value option_value(Interpreter& in, const std::string& name,
                   const std::optional<std::string>& text) {
  return text ? in.text(*text)
              : in.unknown(Cause::Kind::environment,
                           fmt::format("option `{}` of alembic.ini cannot be substituted", name));
}

// An absent option is the default; configparser does not tell names apart by case.
Value option(Interpreter& in, const Surroundings& around, Value section, Value name,
             Value fallback) {
  const py::Str* const section_name = section.as<py::Str>();
  const py::Str* const option_name = name.as<py::Str>();
  if (!section_name || !option_name)
    return in.undecided(section_name ? name : section);
  const auto options = around.ini.find(section_name->text);
  if (options == around.ini.end())
    return fallback;
  const auto found = options->second.find(lower(option_name->text));
  return found == options->second.end() ? fallback : option_value(in, found->first, found->second);
}

Value get_main_option(Interpreter& in, const Args& args) {
  const Surroundings& around = around_of(args);
  return option(in, around, in.text(around.section), args[0], args[1]);
}
Value get_section_option(Interpreter& in, const Args& args) {
  return option(in, around_of(args), args[0], args[1], args[2]);
}
Value get_section(Interpreter& in, const Args& args) {
  const py::Str* const name = args[0].as<py::Str>();
  if (!name)
    return in.undecided(args[0]);
  const auto& ini = around_of(args).ini;
  const auto options = ini.find(name->text);
  if (options == ini.end())
    return args[1];
  py::Dict* const dict = in.new_dict();
  for (const auto& [key, text] : options->second)
    if (!in.dict_set(*dict, in.text(key), option_value(in, key, text)))
      return {};
  return dict;
}
constexpr py::NativeRow kConfigMethods[] = {
    {"get_main_option", "name, default=None", get_main_option},
    {"get_section_option", "section, name, default=None", get_section_option},
    {"get_section", "name, default=None", get_section},
};

Value ConfigObject::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kConfigMethods, name))
    return in.native(*row, this, type_name());
  if (name == "config_ini_section")
    return in.text(around->section);
  return in.unknown(Cause::Kind::environment,
                    fmt::format("`{}` of Alembic's configuration is not known", name));
}

}  // namespace

Value make_context(Interpreter& in, Operations& operations, const Surroundings& around) {
  Context* const context = in.make<Context>();
  context->operations = &operations;
  context->around = &around;
  return context;
}

}  // namespace retort::alembic
