// `op.get_bind()`: a connection that prints what it is asked to run. Its rows are unknown.
#include "compiler/alembic/objects.h"
#include "compiler/alembic/questions/questions.h"
#include "compiler/sqlalchemy/dialect.h"
#include "compiler/sqlalchemy/schema.h"

#include <fmt/format.h>

namespace retort::alembic {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

// Also stands for the engine behind it, a transaction on it, and what `with` makes of them.
struct Connection : py::Foreign, sa::HasExecutor {
  enum class Kind : uint8_t { connection, engine, transaction };
  Kind kind = Kind::connection;
  Operations* operations = nullptr;
  Connection* connection = nullptr;  // of a transaction

  std::string_view type_name() const override {
    return kind == Kind::engine        ? "Engine"
           : kind == Kind::transaction ? "Transaction"
                                       : "Connection";
  }
  bool effectful() const override { return true; }
  sa::Executor* executor() override { return operations; }
  Value get(Interpreter& in, std::string_view name) override;
  Value enter(Interpreter&) override { return this; }
  bool leave(Interpreter&, Value) override { return false; }
};

Connection& self_of(const Args& args) { return *static_cast<Connection*>(args.self.object()); }

Value derived(Interpreter& in, const Connection& from, Connection::Kind kind) {
  Connection* const made = in.make<Connection>();
  made->kind = kind;
  made->operations = from.operations;
  return made;
}

// execute(statement), execute(statement, {…}), execute(statement, [{…}, …]), and as SQLAlchemy 1.x
// had it: execute(statement, a=1), execute(statement, {…}, {…}).
Value parameters_of(Interpreter& in, const Args& args) {
  const std::vector<Value>& rest = args[1].as<py::Tuple>()->items;
  const py::Dict* const keywords = args[2].as<py::Dict>();
  if (rest.size() == 1 && !rest[0].is_none())
    return rest[0];
  if (rest.size() > 1)
    return in.list(rest);
  if (keywords->table.size() == 0)
    return {};
  py::Dict* const values = in.new_dict();
  for (const py::Table::Entry& entry : keywords->table.entries())
    if (entry.alive && entry.key.as<py::Str>()->text != "execution_options" &&
        !in.dict_set(*values, entry.key, entry.value))
      return {};
  return values->table.size() == 0 ? Value() : Value(values);
}

Value execute(Interpreter& in, const Args& args) {
  const Value parameters = parameters_of(in, args);
  if (in.unwinding())
    return {};
  return self_of(args).operations->execute(in, args[0], parameters);
}

// A result whose rows are known has the value; otherwise it is data like the result.
Value read(Interpreter& in, const Args& args, std::string_view reader) {
  const Value result = execute(in, args);
  return result && !result.is_unknown() ? in.call_method(result, reader) : result;
}
Value scalar(Interpreter& in, const Args& args) { return read(in, args, "scalar"); }
Value scalars(Interpreter& in, const Args& args) { return read(in, args, "scalars"); }

// The driver gets the text as it is: no `:name` is looked for.
Value exec_driver_sql(Interpreter& in, const Args& args) {
  Operations& operations = *self_of(args).operations;
  if (const Value unclear = operations.incomplete(in, args[0], args[1], args.at))
    return unclear;
  const Value statement = in.plain(args[0]);
  if (!args[1].is_none()) {
    in.hole("compile/unsupported", "parameters", args.at,
            "parameters in the driver's own style are not compiled");
    return in.unknown(Cause::Kind::data, "the result of a statement is data of the database");
  }
  if (const Value result = answer_question(in, operations, sa::text_of(statement)))
    return result;
  operations.add(in, "execute", Statements{stripped(sa::text_of(statement))}, args.at);
  return in.unknown(Cause::Kind::data, "the result of a statement is data of the database");
}

Value same(Interpreter&, const Args& args) { return args.self; }
Value nothing(Interpreter&, const Args&) { return Value::none(); }
Value connect(Interpreter& in, const Args& args) {
  return derived(in, self_of(args), Connection::Kind::connection);
}
Value begin(Interpreter& in, const Args& args) {
  const Connection& self = self_of(args);
  // engine.begin() yields a connection.
  return derived(in, self,
                 self.kind == Connection::Kind::engine ? Connection::Kind::connection
                                                       : Connection::Kind::transaction);
}
Value rollback(Interpreter& in, const Args& args) {
  in.hole("compile/unsupported", "rollback", args.at,
          "what is rolled back here depends on the run: a script cannot say it");
  return Value::none();
}
Value is_in_transaction(Interpreter&, const Args&) { return Value::of(true); }

constexpr py::NativeRow kMethods[] = {
    {"execute", "statement, *parameters, **values", execute},
    {"scalar", "statement, *parameters, **values", scalar},
    {"scalars", "statement, *parameters, **values", scalars},
    {"exec_driver_sql", "statement, parameters=None, execution_options=None", exec_driver_sql},
    {"execution_options", "**options", same},
    {"connect", "*args, **kw", connect},
    {"begin", "*args, **kw", begin},
    {"begin_nested", "*args, **kw", begin},
    {"get_bind", "*args, **kw", same},
    {"commit", "", nothing},
    {"close", "", nothing},
    {"dispose", "", nothing},
    {"rollback", "", rollback},
    {"in_transaction", "", is_in_transaction},
    {"in_nested_transaction", "", is_in_transaction},
};

Value Connection::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kMethods, name))
    return in.native(*row, this, type_name());
  if (name == "dialect")
    return sa::dialect(in);
  if (name == "engine" || name == "bind")
    return derived(in, *this, Kind::engine);
  if (name == "connection")
    return derived(in, *this, Kind::connection);
  if (name == "name")
    return in.text("postgresql");
  if (name == "driver")
    return in.text("psycopg2");
  if (name == "info")
    return in.new_dict();
  if (name == "closed" || name == "invalidated")
    return Value::of(false);
  if (name == "is_active")
    return Value::of(true);
  const Value unknown =
      in.unknown(Cause::Kind::data, fmt::format("`{}` of a connection is not known here", name));
  static_cast<py::Unknown*>(unknown.object())->foreign = true;
  return unknown;
}

}  // namespace

Value make_connection(Interpreter& in, Operations& operations) {
  Connection* const made = in.make<Connection>();
  made->operations = &operations;
  return made;
}

}  // namespace retort::alembic

namespace retort::sa {

Executor* executor_of(py::Value value) {
  auto* const has = dynamic_cast<HasExecutor*>(value.object());
  return has ? has->executor() : nullptr;
}

}  // namespace retort::sa
