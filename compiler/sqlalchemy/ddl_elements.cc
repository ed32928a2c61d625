// CreateSchema("shop") and its kin: DDL as objects, which op.execute() prints.
#include "compiler/ddl/names.h"
#include "compiler/ddl/use_alter.h"
#include "compiler/sqlalchemy/executor.h"
#include "compiler/sqlalchemy/render.h"
#include "compiler/sqlalchemy/schema.h"

#include <fmt/format.h>

namespace retort::sa {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

bool truth(Interpreter& in, Value value) {
  return value && !value.is_none() && in.truth(value) == py::Truth::yes;
}

Value element(Interpreter& in, std::string sql) {
  DdlElement* const made = in.make<DdlElement>();
  made->statements.emplace_back(std::move(sql));
  return made;
}

Value refuse(Interpreter& in, const Problem& problem) {
  return in.raise("TypeError", problem.message);
}

Value create_schema(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args))
    return in.poison(unclear);
  return element(in, std::string("CREATE SCHEMA ") + (truth(in, args[1]) ? "IF NOT EXISTS " : "") +
                         written(identifier_of(in.plain(args[0]))));
}
Value drop_schema(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args))
    return in.poison(unclear);
  return element(in, std::string("DROP SCHEMA ") + (truth(in, args[2]) ? "IF EXISTS " : "") +
                         written(identifier_of(in.plain(args[0]))) +
                         (truth(in, args[1]) ? " CASCADE" : ""));
}

std::string create_sequence_text(const SequenceObject& sequence, bool if_not_exists) {
  std::string text = std::string("CREATE SEQUENCE ") + (if_not_exists ? "IF NOT EXISTS " : "") +
                     written(sequence.schema, sequence.name);
  if (!sequence.data_type.empty())
    text += " AS " + sequence.data_type;
  const std::string options = identity_options(sequence.options);
  return options.empty() ? text : text + " " + options;
}
std::string drop_sequence_text(const SequenceObject& sequence, bool if_exists) {
  return std::string("DROP SEQUENCE ") + (if_exists ? "IF EXISTS " : "") +
         written(sequence.schema, sequence.name);
}

Value sequence_element(Interpreter& in, const Args& args, bool drop) {
  if (const Value unclear = unknown_in(args))
    return in.poison(unclear);
  const auto* const sequence = dynamic_cast<const SequenceObject*>(args[0].object());
  if (!sequence)
    return in.raise("TypeError", "a Sequence is expected");
  const bool condition = truth(in, args[1]);
  return element(in, drop ? drop_sequence_text(*sequence, condition)
                          : create_sequence_text(*sequence, condition));
}
Value create_sequence(Interpreter& in, const Args& args) {
  return sequence_element(in, args, false);
}
Value drop_sequence(Interpreter& in, const Args& args) { return sequence_element(in, args, true); }

// CreateTable(t) makes neither types nor indexes.
Value create_table_element(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args))
    return in.poison(unclear);
  const auto* const table = dynamic_cast<const TableObject*>(args[0].object());
  if (!table)
    return in.raise("TypeError", "a Table is expected");
  const Answer<Table> described = describe_table(*table);
  if (!described)
    return refuse(in, described.error());
  if (leaves_out_a_key(*described))
    return refuse(in, {"a foreign key with use_alter=True is left out", "use_alter"});
  Answer<std::string> text =
      create_table_text(*described, truth(in, args[1]), default_naming_convention());
  return text ? element(in, *std::move(text)) : refuse(in, text.error());
}
Value drop_table_element(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args))
    return in.poison(unclear);
  const auto* const table = dynamic_cast<const TableObject*>(args[0].object());
  if (!table)
    return in.raise("TypeError", "a Table is expected");
  const Answer<Statements> made =
      drop_table({table->table.name, table->table.schema, truth(in, args[1])});
  return made ? element(in, made->front().sql) : refuse(in, made.error());
}

Value create_index_element(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args))
    return in.poison(unclear);
  const auto* const item = dynamic_cast<const ItemObject*>(args[0].object());
  const auto* const index = item ? std::get_if<Index>(&item->item) : nullptr;
  if (!index || item->index_table.empty())
    return in.unknown(Cause::Kind::unsupported, "the table of this index is not known");
  const std::vector<Column> none;
  const NamingConvention naming = default_naming_convention();
  Answer<std::string> text = create_index_text(
      *index, truth(in, args[1]), {item->index_schema, item->index_table, none, naming});
  return text ? element(in, *std::move(text)) : refuse(in, text.error());
}

// DDL("… %(table)s"): `%` is formatting here.
Value ddl(Interpreter& in, const Args& args) {
  if (const Value unclear = unknown_in(args))
    return in.poison(unclear);
  py::Dict* const context = in.new_dict();
  if (const py::Dict* const given = args[1].as<py::Dict>())
    for (const py::Table::Entry& entry : given->table.entries())
      if (entry.alive && !in.dict_set(*context, entry.key, entry.value))
        return {};
  const Value text = in.plain(args[0]);
  if (!text.is(py::Type::string))
    return in.raise("TypeError", "DDL() needs text");
  const Value made = in.binary("%", text, context);
  if (!made || made.is_unknown())
    return made;
  return element(in, text_of(made));
}

Value create_one(Interpreter& in, const Args& args, bool drop) {
  const auto& sequence = *static_cast<const SequenceObject*>(args.self.object());
  Executor* const executor = executor_of(args[0]);
  if (!executor)
    return in.unknown(Cause::Kind::unsupported,
                      "a sequence is created by something else than a connection");
  return executor->emit(in, drop ? "drop" : "create",
                        Statements{drop ? drop_sequence_text(sequence, false)
                                        : create_sequence_text(sequence, false)});
}

constexpr py::NativeRow kSequenceMethods[] = {
    {"create", "bind=None, checkfirst=True",
     [](Interpreter& in, const Args& args) { return create_one(in, args, false); }},
    {"drop", "bind=None, checkfirst=True",
     [](Interpreter& in, const Args& args) { return create_one(in, args, true); }},
};

}  // namespace

Value SequenceObject::get(Interpreter& in, std::string_view attribute) {
  if (const py::NativeRow* const row = py::find_row(kSequenceMethods, attribute))
    return in.native(*row, this, type_name());
  if (attribute == "name")
    return in.text(name.text);
  if (attribute == "next_value") {
    static constexpr py::NativeRow kNext = {
        "next_value", "", [](Interpreter& inner, const Args& args) -> Value {
          const auto& self = *static_cast<const SequenceObject*>(args.self.object());
          const py::NativeRow* const row = py::find_row(core_functions(), "literal_column");
          return inner.call(inner.native(*row),
                            {inner.text("nextval('" + written(self.schema, self.name) + "')")});
        }};
    return in.native(kNext, this, type_name());
  }
  return in.unknown(Cause::Kind::unsupported,
                    fmt::format("`{}` of a sequence is not interpreted", attribute));
}

std::span<const py::NativeRow> ddl_functions() {
  static constexpr py::NativeRow kRows[] = {
      {"CreateSchema", "name, if_not_exists=False, **kw", create_schema},
      {"DropSchema", "name, cascade=False, if_exists=False, **kw", drop_schema},
      {"CreateSequence", "element, if_not_exists=False", create_sequence},
      {"DropSequence", "element, if_exists=False", drop_sequence},
      {"CreateTable", "element, if_not_exists=False, **kw", create_table_element},
      {"DropTable", "element, if_exists=False", drop_table_element},
      {"CreateIndex", "element, if_not_exists=False", create_index_element},
      {"DDL", "statement, context=None", ddl},
  };
  return kRows;
}

}  // namespace retort::sa
