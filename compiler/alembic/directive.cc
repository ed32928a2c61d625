// Calls of `op.add_column(…)` and `batch.add_column(…)`: from Python's arguments to statements.
#include "compiler/alembic/objects.h"
#include "compiler/alembic/sketch.h"
#include "compiler/ddl/use_alter.h"
#include "compiler/ops/call.h"
#include "compiler/sqlalchemy/schema.h"
#include "compiler/statement_forms.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::alembic {

using py::Args;
using py::Interpreter;
using py::Value;

const OpSignature* find_directive(std::string_view name) {
  for (const OpSignature* const signature : op_signatures())
    if (signature->name == name)
      return signature;
  return nullptr;
}

Directive* make_directive(Interpreter& in, Operations& operations, const OpSignature& signature,
                          bool in_batch) {
  Directive* const made = in.make<Directive>();
  made->signature = &signature;
  made->operations = &operations;
  made->in_batch = in_batch;
  const auto& text = in_batch ? signature.batch_signature : signature.signature;
  made->parameters = py::parse_signature(in, text.value_or(""));
  return made;
}

// The table that op.create_table() makes, prints and gives back.
static Value table_of(Interpreter& in, OpCall& call) {
  sa::TableObject* const table = in.make<sa::TableObject>();
  table->table.name = call.identifier("table_name");
  std::vector<Value> items;
  if (const Value columns = call.value("columns"))
    items = columns.as<py::Tuple>()->items;
  for (const auto& [name, value] : call.all()) {
    if (name == "table_name" || name == "columns" || name == "if_not_exists" || name == "info" ||
        !value)
      continue;
    if (value.is_unknown()) {
      call.unknown = value;
      return in.poison(value);
    }
    if (const Answer<> taken = sa::take_table_keyword(in, *table, name, value); !taken)
      return in.raise("TypeError", taken.error().message);
  }
  for (const Value item : items)
    if (const Answer<> taken = sa::add_to_table(in, *table, item); !taken)
      return in.raise("TypeError", taken.error().message);
  return table;
}

// drop_constraint(None, …): the server gave it a name, which follows from the revisions before.
static Answer<Statements> drop_unnamed(OpCall& call, Operations& operations, Loc at,
                                       const OpSignature& signature) {
  const Answer<Statements> named = signature.run(call, operations.context());
  if (named || call.unknown || call.value("constraint_name"))
    return named;
  Database* const database = operations.database();
  if (!database)
    return named;
  const std::string table = call.identifier("table_name").text;
  const auto found =
      database->unnamed_constraint(call.identifier("schema").text, table, call.text("type_"));
  if (!found)
    return problem("the constraint has no name here, and " + found.error(), "constraint_name");
  operations.assume(
      at, fmt::format("the server has named the constraint of table `{}` that is dropped `{}`",
                      table, found->name));
  sa::MarkedText* const name = call.in.make<sa::MarkedText>();
  name->text = found->name;
  name->final = true;
  call.set("constraint_name", name);
  return signature.run(call, operations.context());
}

// What is known of a call that cannot be written as SQL: the table that it makes or changes.
// Nothing where even that is not known.
static std::optional<forms::Form> known_of(OpCall& call, std::string_view op) {
  if (op == "bulk_insert")
    return unknown_rows();
  forms::Name name;
  for (const std::string_view parameter : {"table_name", "source_table"})
    if (call.given(parameter))
      name.name = call.identifier(parameter).text;
  for (const std::string_view parameter : {"schema", "source_schema"})
    if (call.given(parameter))
      name.schema = call.identifier(parameter).text;
  if (name.name.empty() || op == "drop_table" || op.starts_with("rename"))
    return std::nullopt;
  if (op == "create_table") {
    forms::CreateTable create;
    create.table = std::move(name);
    create.partial = true;
    return create;
  }
  forms::Opaque change;
  change.reason = fmt::format("what `{}` is given cannot be known", op);
  change.anything = false;
  change.alters = op != "create_index" && op != "drop_index" && op != "create_foreign_key";
  change.touches.push_back(std::move(name));
  return change;
}

// The statements of a call of which nothing but the types of columns is not known. There may be
// more to a type than the column: a CHECK, a sequence.
static std::vector<std::vector<forms::Form>> shape_of(OpCall& call, const OpSignature& signature,
                                                      DdlContext context) {
  if (signature.name != "create_table" && signature.name != "add_column")
    return {};
  OpCall shape = call.shape();
  if (signature.name == "create_table") {
    const Value table = table_of(call.in, shape);
    if (!table)
      return {};
    shape.set("table", table);
  }
  const Answer<Statements> made = signature.run(shape, context);
  if (!made || shape.unknown)
    return {};
  std::vector<std::vector<forms::Form>> all;
  for (const DdlStatement& statement : *made) {
    std::vector<forms::Form>& forms = all.emplace_back(forms_of(statement.sql));
    auto* const create = forms.empty() ? nullptr : std::get_if<forms::CreateTable>(&forms.front());
    if (!create)
      continue;
    create->partial = true;
    forms::Opaque sequences;
    sequences.reason = "an unknown type";
    sequences.anything = false;
    for (const forms::Column& column : create->columns)
      if (column.type.name == forms::kUnknownType)
        sequences.touches.push_back(
            {create->table.schema, fmt::format("{}_{}_seq", create->table.name, column.name), {}});
    all.push_back({std::move(sequences)});
  }
  return all;
}

// Names that a convention changes, as `ck_%(table_name)s_%(constraint_name)s` does. `made` is the
// table that create_table() describes.
static bool names_a_check(OpCall& call, std::string_view op, const std::optional<Table>& made) {
  if (op == "create_check_constraint" ||
      (op == "drop_constraint" && call.text("type_") == "check")) {
    const py::Str* const name = call.value("constraint_name").as<py::Str>();
    const auto* const marked = dynamic_cast<const sa::MarkedText*>(name);
    return name && !(marked && marked->final);
  }
  const auto any = [](const std::vector<Constraint>& constraints) {
    return std::any_of(constraints.begin(), constraints.end(), [](const Constraint& constraint) {
      const auto* const check = std::get_if<Check>(&constraint);
      return check && check->name.kind == ConstraintName::Kind::plain;
    });
  };
  return made && (any(made->constraints) || std::any_of(made->columns.begin(), made->columns.end(),
                                                        [&](const Column& column) {
                                                          return any(column_constraints(column));
                                                        }));
}

Value Directive::call(Interpreter& in, const Args& args) {
  std::vector<Value> slots;
  if (!in.bind(parameters, signature->name, args, false, slots))
    return {};
  OpCall call(in);
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].kind != py::Parameter::Kind::double_star) {
      call.set(parameters[i].name, slots[i]);
      continue;
    }
    for (const py::Table::Entry& entry : slots[i].as<py::Dict>()->table.entries())
      if (entry.alive)
        call.set(entry.key.as<py::Str>()->text, entry.value);
  }
  if (in_batch) {
    for (const std::string_view name : {"table_name", "source_table"})
      call.set(name, table);
    for (const std::string_view name : {"schema", "source_schema"})
      call.set(name, schema);
  }
  Value result = Value::none();
  std::optional<Table> described;
  if (signature->name == "create_table") {
    result = table_of(in, call);
    if (!result)
      return {};
    call.set("table", result);
    if (const auto* const made = dynamic_cast<const sa::TableObject*>(result.object()))
      if (Answer<Table> answer = sa::describe_table(*made))
        described = *std::move(answer);
    if (described && leaves_out_a_key(*described))
      operations->assume(args.at, fmt::format("a foreign key of table `{}` with use_alter=True is "
                                              "left out: create_foreign_key() has to add it",
                                              call.identifier("table_name").text));
  }
  if (operations->context().naming_unknown && names_a_check(call, signature->name, described))
    operations->assume(args.at, std::string(kUnknownCheckName));
  Answer<Statements> made = signature->name == "drop_constraint"
                                ? drop_unnamed(call, *operations, args.at, *signature)
                                : signature->run(call, operations->context());
  if (in.unwinding())
    return {};
  if (call.unknown) {
    in.unknown_hole("argument", args.at,
                    fmt::format("what `{}` is given cannot be known", signature->name),
                    call.unknown);
    std::vector<std::vector<forms::Form>> shape = shape_of(call, *signature, operations->context());
    if (in.unwinding())
      return {};
    const bool makes_table = signature->name == "create_table" && !shape.empty();
    if (const auto known = known_of(call, signature->name); known && !makes_table)
      shape.push_back({*known});
    for (std::vector<forms::Form>& forms : shape)
      operations->add_unwritten(signature->name, std::move(forms), args.at, in_batch);
    return signature->name == "create_table" ? in.poison(call.unknown) : Value::none();
  }
  operations->add(in, signature->name, std::move(made), args.at, in_batch);
  return result;
}

}  // namespace retort::alembic
