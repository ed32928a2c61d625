// `op`: directives by their table, and the few functions that print nothing by themselves.
#include "compiler/alembic/objects.h"
#include "compiler/ops/call.h"
#include "compiler/sqlalchemy/datum.h"
#include "compiler/sqlalchemy/render.h"
#include "compiler/sqlalchemy/schema.h"

#include <fmt/format.h>

namespace retort::alembic {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

struct Op : py::Foreign, sa::HasExecutor {
  Operations* operations = nullptr;
  Registry* registry = nullptr;
  const Surroundings* around = nullptr;
  Value connection;
  Value context;
  std::map<std::string, Directive*, std::less<>> directives;

  std::string_view type_name() const override { return "Operations"; }
  bool effectful() const override { return true; }
  sa::Executor* executor() override { return operations; }
  Value get(Interpreter& in, std::string_view name) override;
  // `with op.…` stands for nothing here.
};

Op& op_of(const Args& args) { return *static_cast<Op*>(args.self.object()); }

Value execute(Interpreter& in, const Args& args) {
  const Value done = op_of(args).operations->execute(in, args[0], {});
  return done && !in.unwinding() ? Value::none() : done;
}

Value f(Interpreter& in, const Args& args) {
  const py::NativeRow* const conv = py::find_row(sa::item_functions(), "conv");
  return in.call(in.native(*conv), {args[0]});
}

Value get_bind(Interpreter& in, const Args& args) {
  Op& self = op_of(args);
  if (!self.connection)
    self.connection = make_connection(in, *self.operations);
  return self.connection;
}

Value get_context(Interpreter& in, const Args& args) {
  Op& self = op_of(args);
  if (!self.context)
    self.context = make_context(in, *self.operations, *self.around);
  return self.context;
}

Value inline_literal_of(Interpreter& in, const Args& args) {
  if (const Value unclear = sa::unknown_in(args[0]))
    return in.poison(unclear);
  const Answer<Datum> value = sa::datum_of(in, args[0]);
  if (!value)
    return in.raise("TypeError", value.error().message);
  const Answer<Sql> sql = inline_literal(*value);
  if (!sql)
    return in.raise("TypeError", sql.error().message);
  const py::NativeRow* const row = py::find_row(sa::core_functions(), "literal_column");
  return in.call(in.native(*row), {in.text(sql->text)});
}

Value batch_alter_table(Interpreter& in, const Args& args) {
  Op& self = op_of(args);
  for (const size_t i : {size_t{0}, size_t{1}, size_t{2}})
    if (args[i].is_unknown())
      return in.poison(args[i]);
  if (const py::Str* const recreate = args[2].as<py::Str>(); recreate && recreate->text == "always")
    return in.unknown(Cause::Kind::unsupported,
                      "a batch that makes the table anew (`recreate=\"always\"`) is not compiled");
  return make_batch(in, *self.operations, sa::identifier_of(in.plain(args[0])),
                    sa::identifier_of(in.plain(args[1])), args.self);
}

Value invoke(Interpreter& in, const Args& args) {
  if (const Value run = op_of(args).registry->implementation(args[0]))
    return in.call(run, {args.self, args[0]});
  in.hole("compile/unsupported", "operation", args.at,
          "operations that are made by hand are not compiled");
  return Value::none();
}

Value run_async(Interpreter& in, const Args& args) {
  in.hole("compile/unsupported", "operation", args.at, "asynchronous operations are not compiled");
  return Value::none();
}

constexpr py::NativeRow kFunctions[] = {
    {"execute", "sqltext, *, execution_options=None", execute},
    {"f", "name", f},
    {"get_bind", "", get_bind},
    {"get_context", "", get_context},
    {"inline_literal", "value, type_=None", inline_literal_of},
    {"batch_alter_table",
     "table_name, schema=None, recreate='auto', partial_reordering=None, copy_from=None, "
     "table_args=(), table_kwargs=None, reflect_args=(), reflect_kwargs=None, "
     "naming_convention=None",
     batch_alter_table},
    {"invoke", "operation", invoke},
    {"run_async", "async_function, *args, **kw_args", run_async},
};

Value Op::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kFunctions, name))
    return in.native(*row, this, "op");
  if (const auto known = directives.find(name); known != directives.end())
    return known->second;
  const OpSignature* const signature = find_directive(name);
  if (signature && signature->signature && signature->run)
    return directives[std::string(name)] = make_directive(in, *operations, *signature, false);
  if (name == "migration_context")
    return get_context(in, {this, {}, {}, {}, in.here()});
  if (const Value given = in.given("op." + std::string(name)))
    return given;
  if (const Value registered = registry->find(in, *operations, name, this);
      registered || in.unwinding())
    return registered;
  // What it does is up to whoever made it.
  const Value unknown = in.unknown(
      Cause::Kind::import, fmt::format("`op.{}` is an operation that Alembic does not have", name),
      fmt::format("set `{}` below `[operations]` in retort.toml: its SQL, or \"ignore\"", name));
  static_cast<py::Unknown*>(unknown.object())->foreign = true;
  return unknown;
}

// --- batches
// --------------------------------------------------------------------------------------

struct BatchOp : py::Foreign {
  Operations* operations = nullptr;
  Value op;
  Value table;
  Value schema;
  size_t mark = 0;

  std::string_view type_name() const override { return "BatchOperations"; }
  bool effectful() const override { return true; }
  Value get(Interpreter& in, std::string_view name) override;
  Value enter(Interpreter&) override {
    mark = operations->batch_begin();
    return this;
  }
  bool leave(Interpreter&, Value) override {
    operations->batch_end(mark);
    return false;
  }
};

Value BatchOp::get(Interpreter& in, std::string_view name) {
  const OpSignature* const signature = find_directive(name);
  if (signature && signature->batch_signature && signature->run) {
    Directive* const directive = make_directive(in, *operations, *signature, true);
    directive->table = table;
    directive->schema = schema;
    return directive;
  }
  for (const std::string_view shared :
       {"execute", "f", "get_bind", "get_context", "inline_literal", "invoke", "migration_context"})
    if (name == shared)
      return in.get_attribute(op, name);
  const Value unknown = in.unknown(Cause::Kind::import,
                                   fmt::format("`{}` is no operation of a batch in Alembic", name));
  static_cast<py::Unknown*>(unknown.object())->foreign = true;
  return unknown;
}

Value name_value(Interpreter& in, const Identifier& name) {
  if (name.empty())
    return Value::none();
  if (name.quote == Quote::automatic)
    return in.text(name.text);
  sa::MarkedText* const text = in.make<sa::MarkedText>();
  text->text = name.text;
  text->quote = name.quote;
  return text;
}

}  // namespace

Value make_op(Interpreter& in, Operations& operations, Registry& registry,
              const Surroundings& around) {
  Op* const op = in.make<Op>();
  op->registry = &registry;
  op->operations = &operations;
  op->around = &around;
  return op;
}

Value make_batch(Interpreter& in, Operations& operations, Identifier table, Identifier schema,
                 Value op) {
  BatchOp* const batch = in.make<BatchOp>();
  batch->operations = &operations;
  batch->op = op;
  batch->table = name_value(in, table);
  batch->schema = name_value(in, schema);
  return batch;
}

}  // namespace retort::alembic
