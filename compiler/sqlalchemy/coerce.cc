// From Python values to expressions.
#include "compiler/sqlalchemy/core.h"
#include "compiler/sqlalchemy/schema.h"

#include <fmt/format.h>

namespace retort::sa {

std::string_view ExpressionObject::type_name() const {
  switch (node->kind) {
  case expr::Kind::text: return "TextClause";
  case expr::Kind::function: return "Function";
  default: return "ColumnElement";
  }
}

py::Value wrap(py::Interpreter& in, expr::Ptr node) {
  ExpressionObject* const object = in.make<ExpressionObject>();
  object->node = std::move(node);
  return object;
}

py::Value wrap(py::Interpreter& in, expr::FromPtr node) {
  FromObject* const object = in.make<FromObject>();
  object->node = std::move(node);
  return object;
}

py::Value wrap(py::Interpreter& in, expr::StatementPtr node) {
  StatementObject* const object = in.make<StatementObject>();
  object->node = std::move(node);
  return object;
}

py::Value wrap(py::Interpreter& in, expr::Statement statement) {
  return wrap(in, std::make_shared<const expr::Statement>(std::move(statement)));
}

py::Value argument_error(py::Interpreter& in, std::string message) {
  return in.raise("TypeError", std::move(message));
}

py::Value unsupported(py::Interpreter& in, std::string_view what) {
  return in.unknown(py::Cause::Kind::unsupported, fmt::format("{} is not compiled", what));
}

py::Value method(py::Interpreter& in, std::span<const py::NativeRow> rows, std::string_view name,
                 py::Value self) {
  const py::NativeRow* const row = py::find_row(rows, name);
  return row ? in.native(*row, self) : py::Value();
}

const py::Str* string_of(py::Interpreter& in, py::Value value) {
  return in.plain(value).as<py::Str>();
}

bool truth_of(py::Value value) {
  if (!value || value.is_none())
    return false;
  if (value.is_integral())
    return value.integer() != 0;
  return true;
}

bool datum(py::Interpreter& in, py::Value value, Datum& out, py::Value& problem) {
  if (const py::Value unknown = unknown_in(value)) {
    problem = in.poison(unknown);
    return false;
  }
  Answer<Datum> made = datum_of(in, value);
  if (!made) {
    problem = in.unwinding() ? py::Value() : argument_error(in, made.error().message);
    return false;
  }
  out = std::move(*made);
  return true;
}

bool type_of(py::Interpreter& in, py::Value value, expr::TypePtr& type, py::Value& problem) {
  type = nullptr;
  if (!value || value.is_none())
    return true;
  const auto* object = object_of<TypeObject>(value);
  if (!object) {
    problem = value.is_unknown() ? in.poison(value) : argument_error(in, "a type is expected");
    return false;
  }
  if (object->made_by.name == "NullType")
    return true;
  Answer<Type> described = describe_type(*object, {});
  if (!described) {
    problem = in.unknown(py::Cause::Kind::unsupported, described.error().message);
    return false;
  }
  type = expr::make_type(std::move(*described));
  return true;
}

bool name_of(py::Interpreter& in, py::Value value, Identifier& name, py::Value& problem) {
  name = {};
  if (!value || value.is_none())
    return true;
  if (const py::Str* const text = string_of(in, value)) {
    const auto* marked = dynamic_cast<const MarkedText*>(text);
    name = Identifier(text->text, marked ? marked->quote : Quote::automatic);
    return true;
  }
  problem = value.is_unknown() ? in.poison(value) : argument_error(in, "a name is expected");
  return false;
}

expr::StatementPtr statement_of(py::Value value) {
  const auto* object = object_of<StatementObject>(value);
  return object ? object->node : nullptr;
}

py::Value subquery_value(py::Interpreter& in, const expr::StatementPtr& statement) {
  const expr::List columns = expr::selected_columns(*statement);
  return wrap(in, expr::make({.kind = expr::Kind::select,
                              .type = columns.empty() ? nullptr : columns[0]->type,
                              .statement = statement}));
}

expr::Ptr coerce(py::Interpreter& in, py::Value value, py::Value& problem, const Coercion& how) {
  problem = {};
  if (!value || value.is_unknown()) {
    problem = value ? in.poison(value) : value;
    return nullptr;
  }
  if (Clause* const clause = object_of<Clause>(value)) {
    expr::Ptr node = clause->expression();
    if (!node) {
      problem = in.unwinding() ? py::Value() : unsupported(in, "this expression");
      return nullptr;
    }
    if (how.beside && !node->type && how.beside->type &&
        (node->kind == expr::Kind::parameter || node->kind == expr::Kind::literal))
      node = expr::with_type(node, how.beside->type);
    if (how.type && !node->type && node->kind == expr::Kind::parameter)
      node = expr::with_type(node, how.type);
    if (how.ordering) {
      const expr::Expression* inner = node.get();
      while (inner->kind == expr::Kind::modifier)
        inner = inner->left.get();
      if (inner->kind == expr::Kind::label)
        node = expr::make({.kind = expr::Kind::label_reference, .type = node->type, .left = node});
    }
    return node;
  }
  if (const expr::StatementPtr statement = statement_of(value))
    return object_of<Clause>(subquery_value(in, statement))->expression();
  if (const auto* selectable = object_of<Selectable>(value)) {
    problem =
        argument_error(in, fmt::format("{} is no column expression", selectable->type_name()));
    return nullptr;
  }
  if (how.constants || !how.beside) {
    if (value.is_none())
      return expr::null_value();
  }
  if (how.constants && value.is(py::Type::boolean))
    return expr::truth_value(value.integer() != 0);
  if (const py::Str* const text = how.labels ? string_of(in, value) : nullptr)
    return expr::make({.kind = expr::Kind::label_text, .text = text->text});
  // An object of the project that stands for an expression says so.
  if (value.is(py::Type::instance))
    if (const py::Value made = in.find_attribute(value, "__clause_element__"))
      return coerce(in, in.call(made), problem, how);
  if (in.unwinding())
    return nullptr;
  Datum literal;
  if (!datum(in, value, literal, problem))
    return nullptr;
  if (how.type)
    return expr::literal_value(std::move(literal), how.type);
  if (how.beside)
    return expr::literal_beside(how.beside, std::move(literal));
  return expr::literal_value(std::move(literal));
}

bool coerce_all(py::Interpreter& in, py::Value items, expr::List& out, py::Value& problem,
                const Coercion& how) {
  std::vector<py::Value> values;
  if (!spread(in, items, values, problem))
    return false;
  for (const py::Value value : values) {
    const expr::Ptr node = coerce(in, value, problem, how);
    if (!node)
      return false;
    out.push_back(node);
  }
  return true;
}

bool spread(py::Interpreter& in, py::Value args, std::vector<py::Value>& out, py::Value& problem) {
  if (const auto* tuple = args.as<py::Tuple>())
    out = tuple->items;
  else if (const auto* list = args.as<py::List>())
    out = list->items;
  else
    out = {args};
  if (out.size() == 1 && (out[0].is(py::Type::list) || out[0].is(py::Type::tuple) ||
                          out[0].is(py::Type::set) || out[0].is(py::Type::iterator))) {
    std::vector<py::Value> inner;
    if (!in.collect(out[0], inner, problem))
      return false;
    out = std::move(inner);
  }
  if (out.size() == 1)
    if (auto* const columns = object_of<ColumnsObject>(out[0])) {
      out.clear();
      columns->iterate(in, [&](py::Value column) {
        out.push_back(column);
        return true;
      });
    }
  for (const py::Value value : out)
    if (value.is_unknown()) {
      problem = in.poison(value);
      return false;
    }
  return true;
}

expr::FromPtr from_of(py::Interpreter& in, py::Value value, py::Value& problem) {
  problem = {};
  if (value.is_unknown()) {
    problem = in.poison(value);
    return nullptr;
  }
  if (const auto* selectable = object_of<Selectable>(value)) {
    if (expr::FromPtr from = selectable->from())
      return from;
    problem = in.unwinding() ? py::Value() : unsupported(in, "this table");
    return nullptr;
  }
  if (const expr::StatementPtr statement = statement_of(value))
    return subquery_of(statement, {});
  if (const auto* clause = object_of<Clause>(value)) {
    const expr::Ptr node = clause->expression();
    if (node && node->kind == expr::Kind::text)
      return std::make_shared<const expr::From>(
          expr::From{.kind = expr::FromKind::text, .expression = node});
    if (node && node->kind == expr::Kind::function) {
      expr::From from;
      from.kind = expr::FromKind::function;
      from.expression = node;
      from.seed = node->name.text;
      return std::make_shared<const expr::From>(std::move(from));
    }
  }
  if (value.is(py::Type::instance) || value.is(py::Type::class_))
    if (const py::Value table = in.find_attribute(value, "__table__"))
      return from_of(in, table, problem);
  if (!in.unwinding())
    problem = argument_error(in, fmt::format("a table is expected, not {}", in.type_name(value)));
  return nullptr;
}

expr::Ptr assigned_value(py::Interpreter& in, py::Value value, const expr::ColumnInfo* column,
                         py::Value& problem) {
  if (value.is_none() && column && column->json_null)
    return expr::make({.kind = expr::Kind::verbatim, .text = "'null'"});
  if (value.is_none())
    return expr::literal_value(Datum(), column ? column->type : nullptr);
  Coercion how;
  how.type = column ? column->type : nullptr;
  return coerce(in, value, problem, how);
}

expr::Ptr parameter_value(py::Interpreter& in, py::Value value, const expr::Ptr& known,
                          py::Value& problem) {
  if (object_of<Clause>(value))
    return coerce(in, value, problem);
  Datum made;
  if (!datum(in, value, made, problem))
    return nullptr;
  const expr::TypePtr type = known ? known->type : nullptr;
  const bool several = made.as<List>() && (value.is(py::Type::tuple) || value.is(py::Type::set) ||
                                           (known && known->expands));
  if (several)
    return expr::make({.kind = expr::Kind::expanding, .type = type, .value = std::move(made)});
  return type ? expr::literal_value(std::move(made), type) : expr::literal_value(std::move(made));
}

}  // namespace retort::sa
