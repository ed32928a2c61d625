// `op.get_context()` and the module `alembic.context`.
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

Value get_main_option(Interpreter& in, const Args& args) {
  const auto& options = static_cast<ConfigObject*>(args.self.object())->around->main_options;
  const py::Str* const name = args[0].as<py::Str>();
  const auto found = name ? options.find(name->text) : options.end();
  return found == options.end() ? args[1] : in.text(found->second);
}
constexpr py::NativeRow kConfigMethods[] = {
    {"get_main_option", "name, default=None", get_main_option},
};

Value ConfigObject::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kConfigMethods, name))
    return in.native(*row, this, type_name());
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
