// `.in_()`, `.label()`, `.like()` and the other methods of expressions.
#include "compiler/sqlalchemy/core.h"

#include <fmt/format.h>

namespace retort::sa {

py::Value compare_with(py::Interpreter& in, const expr::Ptr& self, expr::Op op, py::Value other,
                       std::optional<std::string> escape);

namespace {

using expr::Op;
using expr::Ptr;
using py::Args;
using py::Interpreter;
using py::Value;

Ptr self_of(const Args& args) { return object_of<Clause>(args.self)->expression(); }

template <Op op>
Value comparison(Interpreter& in, const Args& args) {
  std::optional<std::string> escape;
  if (args.slots.size() > 1 && !args[1].is_none()) {
    const py::Str* const text = string_of(in, args[1]);
    if (!text)
      return argument_error(in, "escape has to be a string");
    escape = text->text;
  }
  return compare_with(in, self_of(args), op, args[0], std::move(escape));
}

// startswith() and its kin; with autoescape the wildcards of the text lose their meaning.
template <Op op>
Value matching(Interpreter& in, const Args& args) {
  const Ptr self = self_of(args);
  if (op == Op::contains)
    if (const auto affinity = expr::affinity_of(self->type);
        affinity == expr::Affinity::array || affinity == expr::Affinity::json ||
        affinity == expr::Affinity::hstore || affinity == expr::Affinity::other) {
      Value problem;
      const Ptr right = coerce(in, args[0], problem, {.beside = self});
      if (!right)
        return problem;
      return wrap(in, expr::operate(self, right, expr::custom_operator("@>", 5, true, true, true),
                                    expr::plain_type(Family::boolean)));
    }
  std::optional<std::string> escape;
  if (const py::Str* const text = string_of(in, args[2]))
    escape = text->text;
  Value other = args[0];
  if (truth_of(args[1])) {
    const py::Str* const text = string_of(in, other);
    if (!text)
      return in.raise("TypeError", "String value expected when autoescape=True");
    const std::string mark = escape.value_or("/");
    std::string escaped;
    for (const char c : text->text) {
      if (c == '%' || c == '_' || (mark.size() == 1 && c == mark[0]))
        escaped += mark;
      escaped += c;
    }
    escape = mark;
    other = in.text(escaped);
  }
  return compare_with(in, self, op, other, std::move(escape));
}

Value in_method(Interpreter& in, const Args& args, bool negated) {
  const Ptr self = self_of(args);
  const Value given = args[0];
  Value problem;
  if (const expr::StatementPtr statement = statement_of(given)) {
    const Ptr list = object_of<Clause>(subquery_value(in, statement))->expression();
    return wrap(in, expr::in_list(self, list, negated));
  }
  if (auto* const from = object_of<FromObject>(given)) {
    if (from->node->kind == expr::FromKind::values)
      return wrap(in, expr::in_list(
                          self, expr::make({.kind = expr::Kind::scalar_values, .from = from->node}),
                          negated));
    if (from->node->statement && from->node->kind == expr::FromKind::subquery)
      return wrap(
          in, expr::in_list(
                  self, object_of<Clause>(subquery_value(in, from->node->statement))->expression(),
                  negated));
    return unsupported(in, "in_() with a table");
  }
  const Op op = negated ? Op::not_in : Op::in;
  if (auto* const clause = object_of<Clause>(given)) {
    Ptr list = clause->expression();
    if (list->kind == expr::Kind::parameter) {
      if (!list->has_value)
        return unsupported(in, "in_() with a parameter that has no value");
      Datum value = list->value;
      if (!value.as<List>())
        return argument_error(in, "in_() accepts a list");
      list = expr::make({.kind = expr::Kind::expanding,
                         .type = list->type ? list->type : self->type,
                         .op = op,
                         .value = std::move(value)});
    }
    return wrap(in, expr::in_list(self, list, negated));
  }
  if (given.is(py::Type::string) || given.is_none() || given.is_number())
    return argument_error(in, "IN expression list, SELECT construct, or bound parameter object "
                              "expected");
  std::vector<Value> items;
  if (!in.collect(given, items, problem))
    return problem;
  bool plain = true;
  for (const Value item : items) {
    if (const Value unknown = unknown_in(item))
      return in.poison(unknown);
    plain = plain && !object_of<Clause>(item) && !statement_of(item);
  }
  if (!plain) {
    expr::List nodes;
    for (const Value item : items) {
      const Ptr node = coerce(in, item, problem, {.beside = self});
      if (!node)
        return problem;
      nodes.push_back(node);
    }
    const Ptr list = expr::clauses(nodes);
    return wrap(in, expr::in_list(self, expr::grouped(list, op), negated));
  }
  List values;
  for (const Value item : items) {
    Datum value;
    if (!datum(in, item, value, problem))
      return problem;
    values.items.push_back(std::move(value));
  }
  expr::TypePtr type = self->type;
  expr::List columns;
  if (self->kind == expr::Kind::tuple)
    columns = self->items;
  else if (!values.items.empty())
    type = expr::literal_beside(self, values.items[0])->type;
  return wrap(in, expr::in_list(self,
                                expr::make({.kind = expr::Kind::expanding,
                                            .type = std::move(type),
                                            .op = op,
                                            .items = std::move(columns),
                                            .value = std::move(values)}),
                                negated));
}

Value between(Interpreter& in, const Args& args) {
  const Ptr self = self_of(args);
  Value problem;
  const Ptr low = coerce(in, args[0], problem, {.beside = self});
  const Ptr high = low ? coerce(in, args[1], problem, {.beside = self}) : nullptr;
  if (!high)
    return problem;
  return wrap(in, expr::between(self, low, high, truth_of(args[2])));
}

template <Op op>
Value binary_method(Interpreter& in, const Args& args) {
  const Ptr self = self_of(args);
  Value problem;
  const Ptr right = coerce(in, args[0], problem, {.beside = self});
  if (!right)
    return problem;
  return wrap(in, expr::arithmetic(self, right, op));
}

template <Op op>
Value modifier_method(Interpreter& in, const Args& args) {
  return wrap(in, expr::modifier(op, self_of(args)));
}

Value label(Interpreter& in, const Args& args) {
  Identifier name;
  Value problem;
  if (!name_of(in, args[0], name, problem))
    return problem;
  return wrap(in, expr::label(self_of(args), name));
}

Value cast_method(Interpreter& in, const Args& args) {
  expr::TypePtr type;
  Value problem;
  if (!type_of(in, args[0], type, problem))
    return problem;
  return wrap(in, expr::cast(self_of(args), type));
}

Value collate(Interpreter& in, const Args& args) {
  Identifier name;
  Value problem;
  if (!name_of(in, args[0], name, problem))
    return problem;
  return wrap(in, expr::collate(self_of(args), name));
}

// `a.op("->>")("b")`.
struct OperatorCall : py::Foreign {
  Ptr left;
  expr::Operator op;
  expr::TypePtr type;
  std::string_view type_name() const override { return "custom_op"; }
  bool callable() const override { return true; }
  Value call(Interpreter& in, const Args& args) override {
    if (args.positional.size() != 1)
      return in.raise("TypeError", "an operator takes one operand");
    Value problem;
    const Ptr right = coerce(in, args.positional[0], problem, {.beside = left});
    if (!right)
      return problem;
    if (type)
      return wrap(in, expr::operate(left, right, op, type));
    const auto [adapted, result] = expr::adapt(op, left->type, right->type);
    return wrap(in, expr::operate(left, right, adapted, result));
  }
};

Value custom(Interpreter& in, const Args& args, bool boolean) {
  const py::Str* const text = string_of(in, args[0]);
  if (!text)
    return argument_error(in, "an operator is a string");
  int64_t precedence = 0;
  Value problem;
  if (args[1] && !in.index(args[1], precedence, problem))
    return problem;
  OperatorCall* const made = in.make<OperatorCall>();
  made->left = self_of(args);
  const bool comparison = boolean || truth_of(args[2]);
  made->op = expr::custom_operator(text->text, static_cast<int>(precedence), comparison);
  if (args.slots.size() > 3 && !type_of(in, args[3], made->type, problem))
    return problem;
  if (!made->type && comparison)
    made->type = expr::plain_type(Family::boolean);
  return made;
}

Value regexp(Interpreter& in, const Args& args) {
  const Ptr self = self_of(args);
  Value problem;
  const Ptr pattern = coerce(in, args[0], problem, {.beside = self});
  if (!pattern)
    return problem;
  std::optional<std::string> flags;
  if (const py::Str* const text = string_of(in, args[1]))
    flags = text->text;
  return wrap(in, expr::binary(self, pattern, Op::regexp_match, nullptr, Op::not_regexp_match,
                               std::move(flags)));
}

Value regexp_replace(Interpreter& in, const Args& args) {
  const Ptr self = self_of(args);
  Value problem;
  const Ptr pattern = coerce(in, args[0], problem, {.beside = self});
  const Ptr replacement = pattern ? coerce(in, args[1], problem, {.beside = self}) : nullptr;
  if (!replacement)
    return problem;
  std::optional<std::string> flags;
  if (const py::Str* const text = string_of(in, args[2]))
    flags = text->text;
  const Ptr operands = expr::make(
      {.kind = expr::Kind::list, .op = Op::comma, .items = {pattern, replacement}, .group = false});
  return wrap(in, expr::binary(self, operands, Op::regexp_replace, nullptr, {}, std::move(flags)));
}

Value match(Interpreter& in, const Args& args) {
  const Ptr self = self_of(args);
  Value problem;
  const Ptr right = coerce(in, args[0], problem, {.beside = self});
  if (!right)
    return problem;
  std::optional<std::string> configuration;
  if (const py::Str* const text = string_of(in, args[1]))
    configuration = text->text;
  return wrap(in, expr::operate(self, right, Op::match, expr::plain_type(Family::boolean),
                                Op::not_match, std::move(configuration)));
}

template <Op op>
Value aggregate(Interpreter& in, const Args& args) {
  return wrap(in, expr::unary(op, self_of(args), expr::plain_type(Family::boolean)));
}

// ARRAY.any(x): `x = ANY (a)`.
template <Op op>
Value array_any(Interpreter& in, const Args& args) {
  if (!args[1].is_none())
    return unsupported(in, "an operator for any() or all()");
  const Ptr self = expr::unary(op, self_of(args), expr::plain_type(Family::boolean));
  Value problem;
  const Ptr other = coerce(in, args[0], problem, {.beside = self});
  if (!other)
    return problem;
  return wrap(in, expr::operate(other, self, Op::equal, expr::plain_type(Family::boolean)));
}

// text(): values for parameters, which remain those of their names.
Value bindparams(Interpreter& in, const Args& args) {
  const Ptr self = self_of(args);
  expr::Expression copy = *self;
  Value problem;
  const auto set = [&](const std::string& name, Ptr value) {
    for (size_t i = 0; i < copy.names.size(); ++i)
      if (copy.names[i] == name) {
        copy.items[i] = std::move(value);
        return;
      }
    copy.names.push_back(name);
    copy.items.push_back(std::move(value));
  };
  for (const Value given : args[0].as<py::Tuple>()->items) {
    auto* const clause = object_of<Clause>(given);
    const Ptr node = clause ? clause->expression() : nullptr;
    if (!node || node->kind != expr::Kind::parameter)
      return argument_error(in, "bindparams() takes bindparam() objects");
    set(node->text, node);
  }
  for (const py::Table::Entry& entry : args[1].as<py::Dict>()->table.entries()) {
    if (!entry.alive)
      continue;
    const std::string& name = entry.key.as<py::Str>()->text;
    Ptr known;
    for (size_t i = 0; i < copy.names.size(); ++i)
      if (copy.names[i] == name)
        known = copy.items[i];
    Ptr node = parameter_value(in, entry.value, known, problem);
    if (!node)
      return problem;
    set(name, std::move(node));
  }
  return wrap(in, expr::make(std::move(copy)));
}

// text("SELECT …").columns(a, b=Integer).
Value text_columns(Interpreter& in, const Args& args) {
  expr::Expression copy = *self_of(args);
  Value problem;
  for (const Value given : args[0].as<py::Tuple>()->items) {
    auto* const clause = object_of<Clause>(given);
    if (!clause)
      return argument_error(in, "columns() takes columns");
    const Ptr column = clause->expression();
    copy.order.push_back(
        expr::make({.kind = expr::Kind::column, .type = column->type, .name = column->name}));
  }
  for (const py::Table::Entry& entry : args[1].as<py::Dict>()->table.entries()) {
    expr::TypePtr type;
    if (!type_of(in, entry.value, type, problem))
      return problem;
    copy.order.push_back(expr::make({.kind = expr::Kind::column,
                                     .type = type,
                                     .name = Identifier(entry.key.as<py::Str>()->text)}));
  }
  return wrap(in, expr::Statement{expr::TextSelect{expr::make(std::move(copy))}, {}});
}

constexpr std::string_view kPattern = "other, autoescape=False, escape=None";
constexpr std::string_view kLike = "other, escape=None";

constexpr py::NativeRow kMethods[] = {
    {"in_", "other", [](Interpreter& in, const Args& args) { return in_method(in, args, false); }},
    {"not_in", "other",
     [](Interpreter& in, const Args& args) { return in_method(in, args, true); }},
    {"notin_", "other",
     [](Interpreter& in, const Args& args) { return in_method(in, args, true); }},
    {"is_", "other", known<comparison<Op::is>>},
    {"is_not", "other", known<comparison<Op::is_not>>},
    {"isnot", "other", known<comparison<Op::is_not>>},
    {"is_distinct_from", "other", known<comparison<Op::is_distinct_from>>},
    {"is_not_distinct_from", "other", known<comparison<Op::is_not_distinct_from>>},
    {"isnot_distinct_from", "other", known<comparison<Op::is_not_distinct_from>>},
    {"like", kLike, known<comparison<Op::like>>},
    {"not_like", kLike, known<comparison<Op::not_like>>},
    {"notlike", kLike, known<comparison<Op::not_like>>},
    {"ilike", kLike, known<comparison<Op::ilike>>},
    {"not_ilike", kLike, known<comparison<Op::not_ilike>>},
    {"notilike", kLike, known<comparison<Op::not_ilike>>},
    {"startswith", kPattern, known<matching<Op::startswith>>},
    {"endswith", kPattern, known<matching<Op::endswith>>},
    {"contains", kPattern, known<matching<Op::contains>>},
    {"istartswith", kPattern, known<matching<Op::istartswith>>},
    {"iendswith", kPattern, known<matching<Op::iendswith>>},
    {"icontains", kPattern, known<matching<Op::icontains>>},
    {"between", "cleft, cright, symmetric=False", known<between>},
    {"concat", "other", known<binary_method<Op::concatenate>>},
    {"bitwise_xor", "other", known<binary_method<Op::bitwise_xor>>},
    {"bitwise_or", "other", known<binary_method<Op::bitwise_or>>},
    {"bitwise_and", "other", known<binary_method<Op::bitwise_and>>},
    {"bitwise_lshift", "other", known<binary_method<Op::shift_left>>},
    {"bitwise_rshift", "other", known<binary_method<Op::shift_right>>},
    {"bitwise_not", "",
     [](Interpreter& in, const Args& args) {
       const Ptr self = self_of(args);
       return wrap(in, expr::unary(Op::bitwise_not, self, self->type));
     }},
    {"desc", "", modifier_method<Op::descending>},
    {"asc", "", modifier_method<Op::ascending>},
    {"nulls_first", "", modifier_method<Op::nulls_first>},
    {"nullsfirst", "", modifier_method<Op::nulls_first>},
    {"nulls_last", "", modifier_method<Op::nulls_last>},
    {"nullslast", "", modifier_method<Op::nulls_last>},
    {"label", "name=None", known<label>},
    {"cast", "type_", known<cast_method>},
    {"collate", "collation", known<collate>},
    {"distinct", "",
     [](Interpreter& in, const Args& args) {
       const Ptr self = self_of(args);
       return wrap(in, expr::unary(Op::distinct, self, self->type));
     }},
    {"op", "opstring, precedence=0, is_comparison=False, return_type=None, python_impl=None",
     known<[](Interpreter& in, const Args& args) { return custom(in, args, false); }>},
    {"bool_op", "opstring, precedence=0, python_impl=None",
     known<[](Interpreter& in, const Args& args) {
       Args copy = args;
       copy.slots[2] = Value::of(true);
       copy.slots.resize(3);
       return custom(in, copy, true);
     }>},
    {"regexp_match", "pattern, flags=None", known<regexp>},
    {"regexp_replace", "pattern, replacement, flags=None", known<regexp_replace>},
    {"match", "other, postgresql_regconfig=None", known<match>},
    {"any_", "", aggregate<Op::any>},
    {"all_", "", aggregate<Op::all>},
    {"any", "other, operator=None", known<array_any<Op::any>>},
    {"all", "other, operator=None", known<array_any<Op::all>>},
    {"self_group", "against=None",
     [](Interpreter& in, const Args& args) { return wrap(in, expr::grouped(self_of(args))); }},
    {"bindparams", "*binds, **names_to_values", known<bindparams>},
    {"params", "*binds, **names_to_values", known<bindparams>},
    {"columns", "*cols, **types", known<text_columns>},
};

}  // namespace

std::span<const py::NativeRow> clause_methods() {
  static const std::vector<py::NativeRow> kRows = joined({kMethods, container_methods()});
  return kRows;
}

}  // namespace retort::sa
