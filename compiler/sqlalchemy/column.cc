// Column(…), and what stands among its arguments.
#include "compiler/forms/expression.h"
#include "compiler/sqlalchemy/core.h"
#include "compiler/sqlalchemy/datum.h"
#include "compiler/sqlalchemy/render.h"
#include "compiler/sqlalchemy/schema.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::sa {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

namespace {

bool is_python_function(Value value) {
  switch (value.type()) {
  case py::Type::function:
  case py::Type::native:
  case py::Type::native_type:
  case py::Type::method:
  case py::Type::class_: return true;
  default: return false;
  }
}

// `default=`: prints nothing, but a column with one is no SERIAL.
PythonDefault python_default(Interpreter& in, Value value) {
  PythonDefault result;
  if (!value || value.is_none())
    return result;
  if (const auto* const sequence = dynamic_cast<const SequenceObject*>(value.object())) {
    result.kind =
        sequence->optional ? PythonDefault::Kind::optional_sequence : PythonDefault::Kind::sequence;
    result.sequence = written(sequence->schema, sequence->name);
    return result;
  }
  result.kind = PythonDefault::Kind::callable;
  if (unknown_in(value) || is_python_function(value))
    return result;
  if (Answer<Datum> datum = datum_of(in, value)) {
    result.kind = PythonDefault::Kind::scalar;
    result.value = *std::move(datum);
  }
  return result;
}

Answer<> take_item(Interpreter& in, ColumnObject& column, Value item) {
  Column& made = column.column;
  if (const auto* const schema_item = dynamic_cast<const ItemObject*>(item.object())) {
    if (const auto* const key = std::get_if<ForeignKey>(&schema_item->item))
      made.foreign_keys.push_back(*key);
    else if (const auto* const identity = std::get_if<Identity>(&schema_item->item))
      made.server_default = *identity;
    else if (const auto* const computed = std::get_if<Computed>(&schema_item->item))
      made.server_default = *computed;
    else if (const auto* const constraint = std::get_if<Constraint>(&schema_item->item);
             constraint && std::holds_alternative<Check>(*constraint))
      made.checks.push_back(std::get<Check>(*constraint));
    else if (std::holds_alternative<FetchedValue>(schema_item->item))
      made.server_default = FetchedValue();
    else
      return problem("a constraint of a whole table stands among the arguments of a column");
    return Nothing();
  }
  if (dynamic_cast<const SequenceObject*>(item.object())) {
    made.python_default = python_default(in, item);
    return Nothing();
  }
  if (TypeObject* const type = type_of(in, item)) {
    column.type = type;
    return Nothing();
  }
  return problem(fmt::format("a {} is no argument of a column", in.type_name(item)));
}

Answer<> take_keyword(Interpreter& in, ColumnObject& column, std::string_view name, Value value) {
  Column& made = column.column;
  const auto flag = [&] { return !value.is_none() && in.truth(value) == py::Truth::yes; };
  if (name == "name") {
    made.name = identifier_of(value);
  } else if (name == "type_") {
    if (!(column.type = type_of(in, value)) && !value.is_none())
      return problem("`type_` is no type", "type_");
  } else if (name == "nullable") {
    if (!value.is_none())
      made.nullable = flag();
  } else if (name == "primary_key") {
    made.primary_key = flag();
  } else if (name == "unique") {
    made.unique = flag();
  } else if (name == "index") {
    made.index = flag();
  } else if (name == "system") {
    made.system = flag();
  } else if (name == "key") {
    made.key = text_of(value);
  } else if (name == "comment") {
    made.comment = text_of(value);
  } else if (name == "quote") {
    if (!value.is_none())
      made.name.quote = flag() ? Quote::always : Quote::never;
  } else if (name == "autoincrement") {
    made.autoincrement = text_of(value) == "auto"        ? Autoincrement::automatic
                         : text_of(value) == "ignore_fk" ? Autoincrement::ignore_fk
                         : flag()                        ? Autoincrement::yes
                                                         : Autoincrement::no;
  } else if (name == "default" || name == "insert_default") {
    made.python_default = python_default(in, value);
  } else if (name == "server_default") {
    made.server_default = TRY(default_value_of(in, value));
  } else if (name == "onupdate" || name == "info" || name == "doc" || name == "server_onupdate" ||
             name == "_proxies" || name == "default_factory") {
    return Nothing();
  } else if (name.starts_with("postgresql_") || name.find('_') == name.npos) {
    // Options of other databases are ignored, as SQLAlchemy does; their names hold a `_`.
    return problem(fmt::format("`{}` is no argument of a column", name), std::string(name));
  }
  return Nothing();
}

constexpr std::string_view kSilent[] = {
    "default", "onupdate", "info", "doc", "server_onupdate", "insert_default", "default_factory"};

Value column_of(Interpreter& in, const Args& args) {
  ColumnObject* const column = in.make<ColumnObject>();
  column->at = args.at;
  size_t next = 0;
  const auto fail = [&](const Problem& problem) {
    return in.raise("TypeError", "Column(): " + problem.message);
  };
  if (!args.positional.empty() && in.plain(args.positional[0]).is(py::Type::string)) {
    column->column.name = identifier_of(in.plain(args.positional[0]));
    next = 1;
  } else if (!args.positional.empty() && args.positional[0].is_none()) {
    next = 1;
  }
  for (; next < args.positional.size(); ++next) {
    if (args.positional[next].is_none())
      continue;
    if (const Answer<> taken = take_item(in, *column, args.positional[next]); !taken)
      return in.unwinding() ? Value() : fail(taken.error());
  }
  for (const py::Keyword& keyword : args.keywords) {
    const Value value = in.plain(keyword.value);
    if (const Answer<> taken = take_keyword(in, *column, keyword.name, value); !taken)
      return in.unwinding() ? Value() : fail(taken.error());
  }
  return column;
}

// The arguments without a type that cannot be known; nothing where that is not all.
std::optional<Args> without_type(Interpreter& in, const Args& args) {
  Args known = args;
  if (known.positional.size() > 1 && known.positional[1].is_unknown())
    known.positional.erase(known.positional.begin() + 1);
  else
    std::erase_if(known.keywords, [](const py::Keyword& keyword) {
      return keyword.name == "type_" && keyword.value.is_unknown();
    });
  const bool has_name =
      !known.positional.empty() && in.plain(known.positional[0]).is(py::Type::string);
  // An unknown beside a type is something else, a foreign key for one.
  const bool has_type =
      std::any_of(known.positional.begin(), known.positional.end(),
                  [](Value value) { return object_of<TypeObject>(value) != nullptr; });
  return has_name && !has_type && !unknown_in(known, kSilent) ? std::optional(std::move(known))
                                                              : std::nullopt;
}

}  // namespace

Value make_column(Interpreter& in, const Args& args) {
  const Value unclear = unknown_in(args, kSilent);
  if (!unclear)
    return column_of(in, args);
  const Value result = in.poison(unclear);
  if (const std::optional<Args> known = without_type(in, args)) {
    const Value shape = column_of(in, *known);
    if (!shape)
      return {};
    Type& type = static_cast<ColumnObject*>(shape.object())->column.type.emplace();
    type.sql = forms::kUnknownType;
    type.family = Family::other;
    static_cast<py::Unknown*>(result.object())->shape = shape;
  }
  return result;
}

Answer<Column> describe_column(const ColumnObject& column, const Identifier& schema) {
  Column made = column.column;
  if (column.type)
    made.type = TRY(describe_type(*column.type, schema));
  return made;
}

Answer<DefaultValue> default_value_of(Interpreter& in, Value value) {
  value = in.plain(value);
  if (value.is_none())
    return DefaultValue();
  if (const auto* const item = dynamic_cast<const ItemObject*>(value.object())) {
    if (const auto* const identity = std::get_if<Identity>(&item->item))
      return DefaultValue(*identity);
    if (const auto* const computed = std::get_if<Computed>(&item->item))
      return DefaultValue(*computed);
    if (std::holds_alternative<FetchedValue>(item->item))
      return DefaultValue(FetchedValue());
  }
  if (const auto* const sequence = dynamic_cast<const SequenceObject*>(value.object()))
    return DefaultValue(Sql{"nextval('" + written(sequence->schema, sequence->name) + "')"});
  if (const py::Str* const text = value.as<py::Str>())
    return DefaultValue(text->text);
  if (is_clause(value))
    return DefaultValue(TRY(clause_sql(in, value, Names::bare)));
  return problem("a server default is text or an expression, not a " + in.type_name(value),
                 "server_default");
}

}  // namespace retort::sa
