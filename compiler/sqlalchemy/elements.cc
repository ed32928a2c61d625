// text(), column(), and_(), case() and whatever else makes an expression.
#include "compiler/sqlalchemy/core.h"
#include "compiler/sqlalchemy/render.h"

#include <fmt/format.h>

namespace retort::sa {
namespace {

using expr::Op;
using expr::Ptr;
using py::Args;
using py::Interpreter;
using py::Value;

Value text(Interpreter& in, const Args& args) {
  if (args[0].is_unknown())
    return in.poison(args[0], std::string(py::sketch_of(args[0])));
  const py::Str* const string = string_of(in, args[0]);
  if (!string)
    return argument_error(in, "text() takes a string");
  return wrap(in, expr::make({.kind = expr::Kind::text, .text = string->text}));
}

Value literal_column(Interpreter& in, const Args& args) {
  const py::Str* const string = string_of(in, args[0]);
  if (!string)
    return argument_error(in, "literal_column() takes a string");
  expr::TypePtr type;
  Value problem;
  if (!type_of(in, args[1], type, problem))
    return problem;
  return wrap(in, expr::make({.kind = expr::Kind::verbatim, .type = type, .text = string->text}));
}

Value column(Interpreter& in, const Args& args) {
  Identifier name;
  Value problem;
  if (!name_of(in, args[0], name, problem))
    return problem;
  if (truth_of(args[2]))
    return literal_column(in, args);
  ColumnObject* const made = in.make<ColumnObject>();
  made->column.name = std::move(name);
  made->lightweight = true;
  made->at = args.at;
  if (!args[1].is_none()) {
    made->type = object_of<TypeObject>(args[1]);
    if (!made->type)
      return argument_error(in, "column() takes a type");
  }
  return made;
}

Value table(Interpreter& in, const Args& args) {
  TableObject* const made = in.make<TableObject>();
  Value problem;
  made->lightweight = true;
  if (!name_of(in, args[0], made->table.name, problem) ||
      !name_of(in, args[2], made->table.schema, problem))
    return problem;
  for (const Value given : args[1].as<py::Tuple>()->items) {
    auto* const one = object_of<ColumnObject>(given);
    if (!one)
      return argument_error(in, "table() takes columns");
    one->table = made;
    one->made = nullptr;
    made->columns.push_back(one);
  }
  return made;
}

template <Op op>
Value conjunction(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  const Value given = args[0];
  if (const auto* tuple = given.as<py::Tuple>();
      tuple && tuple->items.size() == 1 && tuple->items[0].is(py::Type::iterator)) {
    if (!spread(in, given, items, problem))
      return problem;
  } else {
    items = given.as<py::Tuple>()->items;
  }
  expr::List operands;
  for (const Value item : items) {
    const Ptr node = coerce(in, item, problem, {.constants = true});
    if (!node)
      return problem;
    if (!object_of<Clause>(item) && !item.is(py::Type::boolean) && !item.is_none() &&
        !statement_of(item))
      return argument_error(in, "SQL expression for WHERE/HAVING role expected");
    operands.push_back(node);
  }
  return wrap(in, expr::conjunction(op, operands));
}

Value not_(Interpreter& in, const Args& args) {
  Value problem;
  const Ptr node = coerce(in, args[0], problem, {.constants = true});
  return node ? wrap(in, expr::negate(node)) : problem;
}

// case((condition, value), …), case([(condition, value)]), case({key: value}, value=x).
Value case_(Interpreter& in, const Args& args) {
  expr::Expression made{.kind = expr::Kind::case_};
  Value problem;
  if (!args[1].is_none()) {
    made.left = coerce(in, args[1], problem);
    if (!made.left)
      return problem;
  }
  std::vector<std::pair<Value, Value>> pairs;
  const auto& whens = args[0].as<py::Tuple>()->items;
  const auto* dict = whens.size() == 1 ? whens[0].as<py::Dict>() : nullptr;
  if (dict) {
    for (const py::Table::Entry& entry : dict->table.entries())
      if (entry.alive)
        pairs.emplace_back(entry.key, entry.value);
  } else {
    std::vector<Value> items = whens;
    // 1.4: one list of pairs.
    if (items.size() == 1 && items[0].is(py::Type::list) && !spread(in, args[0], items, problem))
      return problem;
    for (const Value item : items) {
      std::vector<Value> pair;
      if (item.is_unknown())
        return in.poison(item);
      if (!in.collect(item, pair, problem))
        return problem;
      if (pair.size() != 2)
        return in.raise("ValueError", "case() takes pairs of a condition and a value");
      pairs.emplace_back(pair[0], pair[1]);
    }
  }
  for (const auto& [condition, result] : pairs) {
    Coercion how;
    const Ptr when = coerce(in, condition, problem, how);
    const Ptr then = when ? coerce(in, result, problem) : nullptr;
    if (!then)
      return problem;
    made.items.push_back(expr::grouped(when));
    made.items.push_back(then);
  }
  if (made.items.empty())
    return argument_error(in, "case() needs a condition");
  if (!args[2].is_none()) {
    made.right = coerce(in, args[2], problem);
    if (!made.right)
      return problem;
  }
  for (size_t i = made.items.size(); i > 0 && !made.type; i -= 2)
    made.type = made.items[i - 1]->type;
  if (!made.type && made.right)
    made.type = made.right->type;
  return wrap(in, expr::make(std::move(made)));
}

Value cast(Interpreter& in, const Args& args) {
  expr::TypePtr type;
  Value problem;
  if (!type_of(in, args[1], type, problem))
    return problem;
  const Ptr inner = coerce(in, args[0], problem, {.type = type});
  return inner ? wrap(in, expr::cast(inner, type)) : problem;
}

Value type_coerce(Interpreter& in, const Args& args) {
  expr::TypePtr type;
  Value problem;
  if (!type_of(in, args[1], type, problem))
    return problem;
  const Ptr inner = coerce(in, args[0], problem, {.type = type});
  if (!inner)
    return problem;
  return wrap(in, expr::make({.kind = expr::Kind::coerce, .type = type, .left = inner}));
}

Value literal(Interpreter& in, const Args& args) {
  if (object_of<Clause>(args[0]))
    return args[0];
  expr::TypePtr type;
  Value problem;
  Datum value;
  if (!type_of(in, args[1], type, problem) || !datum(in, args[0], value, problem))
    return problem;
  return wrap(in, type ? expr::literal_value(std::move(value), type)
                       : expr::literal_value(std::move(value)));
}

Value bindparam(Interpreter& in, const Args& args) {
  expr::Expression made{.kind = expr::Kind::parameter};
  Value problem;
  if (!args[0].is_none()) {
    const py::Str* const key = string_of(in, args[0]);
    if (!key)
      return argument_error(in, "bindparam() takes a name");
    made.text = key->text;
  }
  if (!type_of(in, args[2], made.type, problem))
    return problem;
  made.has_value = static_cast<bool>(args[1]);
  made.expands = truth_of(args[3]);
  if (made.has_value) {
    if (!datum(in, args[1], made.value, problem))
      return problem;
    if (!made.type && !made.value.as<List>())
      made.type = expr::type_of_value(made.value);
  }
  return wrap(in, expr::make(std::move(made)));
}

template <Op op>
Value modifier(Interpreter& in, const Args& args) {
  Value problem;
  const Ptr node = coerce(in, args[0], problem, {.constants = true, .labels = true});
  return node ? wrap(in, expr::modifier(op, node)) : problem;
}

Value distinct(Interpreter& in, const Args& args) {
  Value problem;
  const Ptr node = coerce(in, args[0], problem);
  return node ? wrap(in, expr::unary(Op::distinct, node, node->type)) : problem;
}

Value between(Interpreter& in, const Args& args) {
  Value problem;
  const Ptr value = coerce(in, args[0], problem);
  const Ptr low = value ? coerce(in, args[1], problem, {.beside = value}) : nullptr;
  const Ptr high = low ? coerce(in, args[2], problem, {.beside = value}) : nullptr;
  return high ? wrap(in, expr::between(value, low, high, truth_of(args[3]))) : problem;
}

Value collate(Interpreter& in, const Args& args) {
  Identifier name;
  Value problem;
  const Ptr value = coerce(in, args[0], problem);
  if (!value || !name_of(in, args[1], name, problem))
    return problem;
  return wrap(in, expr::collate(value, name));
}

Value extract(Interpreter& in, const Args& args) {
  const py::Str* const field = string_of(in, args[0]);
  Value problem;
  const Ptr inner = coerce(in, args[1], problem);
  if (!field || !inner)
    return inner ? argument_error(in, "extract() takes the name of a field") : problem;
  return wrap(in, expr::make({.kind = expr::Kind::extract,
                              .type = expr::plain_type(Family::integer),
                              .left = inner,
                              .text = field->text}));
}

Value tuple(Interpreter& in, const Args& args) {
  expr::Expression made{.kind = expr::Kind::tuple};
  Value problem;
  if (!coerce_all(in, args[0], made.items, problem))
    return problem;
  for (Ptr& item : made.items)
    item = expr::grouped(item, Op::comma);
  return wrap(in, expr::make(std::move(made)));
}

template <Op op>
Value collection(Interpreter& in, const Args& args) {
  Value problem;
  const Ptr node = coerce(in, args[0], problem);
  if (!node)
    return problem;
  return wrap(in, expr::unary(op, expr::grouped(node), expr::plain_type(Family::boolean)));
}

Value label(Interpreter& in, const Args& args) {
  Identifier name;
  Value problem;
  const Ptr node = coerce(in, args[1], problem);
  if (!node || !name_of(in, args[0], name, problem))
    return problem;
  return wrap(in, expr::label(node, name));
}

// postgresql.array([1, 2]).
Value array(Interpreter& in, const Args& args) {
  expr::Expression made{.kind = expr::Kind::array};
  Value problem;
  std::vector<Value> items;
  if (!in.collect(args[0], items, problem))
    return problem;
  for (const Value item : items) {
    const Ptr node = coerce(in, item, problem);
    if (!node)
      return problem;
    made.items.push_back(node);
  }
  expr::TypePtr type;
  if (!type_of(in, args[1], type, problem))
    return problem;
  if (!type && !made.items.empty())
    type = made.items[0]->type;
  made.type = expr::array_of(type);
  return wrap(in, expr::make(std::move(made)));
}

Value aggregate_order_by(Interpreter& in, const Args& args) {
  Value problem;
  const Ptr target = coerce(in, args[0], problem);
  if (!target)
    return problem;
  expr::Expression made{.kind = expr::Kind::order_by, .type = target->type, .left = target};
  if (!coerce_all(in, args[1], made.order, problem))
    return problem;
  return wrap(in, expr::make(std::move(made)));
}

constexpr py::NativeRow kConstructors[] = {
    {"text", "text", text},
    {"literal_column", "text, type_=None", known<literal_column>},
    {"column", "text, type_=None, is_literal=False, _selectable=None", known<column>},
    {"table", "name, *columns, schema=None", known<table>},
    {"and_", "*clauses", known<conjunction<Op::and_>>},
    {"or_", "*clauses", known<conjunction<Op::or_>>},
    {"not_", "clause", known<not_>},
    {"case", "*whens, value=None, else_=None", known<case_>},
    {"cast", "expression, type_", known<cast>},
    {"try_cast", "expression, type_",
     [](Interpreter& in, const Args&) { return unsupported(in, "try_cast()"); }},
    {"type_coerce", "expression, type_", known<type_coerce>},
    {"literal", "value, type_=None, literal_execute=False", known<literal>},
    {"bindparam",
     "key, value=?, type_=None, expanding=False, unique=False, required=?, quote=None, "
     "callable_=None, isoutparam=False, literal_execute=False",
     known<bindparam>},
    {"null", "", [](Interpreter& in, const Args&) { return wrap(in, expr::null_value()); }},
    {"true", "", [](Interpreter& in, const Args&) { return wrap(in, expr::truth_value(true)); }},
    {"false", "", [](Interpreter& in, const Args&) { return wrap(in, expr::truth_value(false)); }},
    {"desc", "column", known<modifier<Op::descending>>},
    {"asc", "column", known<modifier<Op::ascending>>},
    {"nulls_first", "column", known<modifier<Op::nulls_first>>},
    {"nullsfirst", "column", known<modifier<Op::nulls_first>>},
    {"nulls_last", "column", known<modifier<Op::nulls_last>>},
    {"nullslast", "column", known<modifier<Op::nulls_last>>},
    {"distinct", "expr", known<distinct>},
    {"between", "expr, lower_bound, upper_bound, symmetric=False", known<between>},
    {"collate", "expression, collation", known<collate>},
    {"extract", "field, expr", known<extract>},
    {"tuple_", "*clauses, types=None", known<tuple>},
    {"any_", "expr", known<collection<Op::any>>},
    {"all_", "expr", known<collection<Op::all>>},
    {"label", "name, element, type_=None", known<label>},
};

constexpr py::NativeRow kPostgresql[] = {
    {"array", "clauses, type_=None, **kw", known<array>},
    {"aggregate_order_by", "target, *order_by", known<aggregate_order_by>},
};

}  // namespace

std::span<const py::NativeRow> constructors() { return kConstructors; }
std::span<const py::NativeRow> postgresql_constructors() { return kPostgresql; }

}  // namespace retort::sa
