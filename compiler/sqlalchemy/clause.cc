// What every expression can do: operators.
#include "compiler/sqlalchemy/core.h"

#include <fmt/format.h>

namespace retort::sa {
namespace {

using expr::Op;
using expr::Ptr;

struct OperatorName {
  std::string_view written;
  Op op;
  bool comparison;
};
constexpr OperatorName kOperators[] = {
    {"==", Op::equal, true},       {"!=", Op::not_equal, true},     {"<", Op::less, true},
    {"<=", Op::less_equal, true},  {">", Op::greater, true},        {">=", Op::greater_equal, true},
    {"+", Op::add, false},         {"-", Op::subtract, false},      {"*", Op::multiply, false},
    {"/", Op::true_divide, false}, {"//", Op::floor_divide, false}, {"%", Op::modulo, false},
};

// Whether the class of `right` derives from that of `left` in SQLAlchemy. Python asks such an
// operand first when it compares, so that it stands on the left.
bool is_asked_first(const expr::Expression& left, const expr::Expression& right) {
  using expr::Kind;
  const auto is_schema_column = [](const expr::Expression& e) {
    return e.kind == Kind::column && e.from && !e.from->lightweight &&
           (e.from->kind == expr::FromKind::table || e.from->kind == expr::FromKind::alias);
  };
  const auto is_any = [](const expr::Expression& e) {
    return e.kind == Kind::unary && (e.op.op == Op::any || e.op.op == Op::all);
  };
  switch (left.kind) {
  case Kind::verbatim: return is_schema_column(right);
  case Kind::column: return !is_schema_column(left) && is_schema_column(right);
  case Kind::function: return right.kind == Kind::function && !left.generic && right.generic;
  case Kind::unary:
  case Kind::modifier:
    return !is_any(left) &&
           (right.kind == Kind::exists || right.kind == Kind::as_boolean || is_any(right));
  case Kind::list:
    return !is_boolean(left.op) &&
           (right.kind == Kind::array || (right.kind == Kind::list && is_boolean(right.op)));
  default: return false;
  }
}

bool is_text(const Ptr& node) { return node && node->kind == expr::Kind::text; }

}  // namespace

py::Value compare_with(py::Interpreter& in, const Ptr& self, Op op, py::Value other,
                       std::optional<std::string> escape) {
  const bool aggregate =
      self->kind == expr::Kind::unary && (self->op.op == Op::any || self->op.op == Op::all);
  const bool constant = other.is_none() || other.is(py::Type::boolean);
  Ptr right;
  py::Value problem;
  if (const auto* clause = object_of<Clause>(other))
    right = clause->expression();
  const bool is_constant =
      constant || (right && (right->kind == expr::Kind::null || right->kind == expr::Kind::true_ ||
                             right->kind == expr::Kind::false_));
  const bool none = other.is_none() || (right && right->kind == expr::Kind::null);
  if (is_constant && !aggregate) {
    right = expr::truth_value(true);
    right = coerce(in, other, problem, {.constants = true});
    if (!right)
      return problem;
    const bool keeps = ((op == Op::equal || op == Op::not_equal) && !none) ||
                       op == Op::is_distinct_from || op == Op::is_not_distinct_from;
    if (!keeps) {
      if (op == Op::equal || op == Op::is)
        return wrap(
            in, expr::operate(self, right, Op::is, expr::plain_type(Family::boolean), Op::is_not));
      if (op == Op::not_equal || op == Op::is_not)
        return wrap(
            in, expr::operate(self, right, Op::is_not, expr::plain_type(Family::boolean), Op::is));
      return argument_error(in, "Only '=', '!=', 'is_()', 'is_not()', 'is_distinct_from()', "
                                "'is_not_distinct_from()' operators can be used with "
                                "None/True/False");
    }
  } else {
    right = coerce(in, other, problem, {.beside = self, .constants = constant && aggregate});
    if (!right)
      return problem;
  }
  const auto type = expr::plain_type(Family::boolean);
  if (aggregate)  // ANY stands on the right
    return wrap(in, expr::operate(right, self, mirror_of(op), type, negation_of(mirror_of(op))));
  return wrap(in, expr::operate(self, right, op, type, negation_of(op), std::move(escape)));
}

py::Value Clause::binary(py::Interpreter& in, std::string_view op, py::Value other,
                         bool reflected) {
  const Ptr self = expression();
  if (!self || is_text(self))
    return {};
  if (const py::Value unknown = unknown_in(other))
    return in.poison(unknown);
  py::Value problem;
  if (op == "&" || op == "|") {
    const Ptr right = coerce(in, other, problem, {.constants = true});
    if (!right)
      return problem;
    expr::List operands = {self, right};
    if (reflected)
      std::swap(operands[0], operands[1]);
    return wrap(in, expr::conjunction(op == "&" ? Op::and_ : Op::or_, operands));
  }
  for (const OperatorName& row : kOperators) {
    if (row.written != op)
      continue;
    if (row.comparison && !reflected)
      if (auto* const peer = object_of<Clause>(other);
          peer && peer->expression() && is_asked_first(*self, *peer->expression()))
        return peer->binary(in, op, this, true);
    if (row.comparison)
      return compare_with(in, self, reflected ? expr::mirror_of(row.op) : row.op, other, {});
    const Ptr right = coerce(in, other, problem, {.beside = self});
    if (!right)
      return problem;
    return wrap(in, reflected ? expr::arithmetic(right, self, row.op)
                              : expr::arithmetic(self, right, row.op));
  }
  if (op == "<<" || op == ">>")
    return in.raise("NotImplementedError", "Operator 'lshift' is not supported on this expression");
  return {};
}

py::Value Clause::unary(py::Interpreter& in, std::string_view op) {
  const Ptr self = expression();
  if (!self)
    return {};
  if (op == "~")
    return wrap(in, expr::negate(self));
  if (op == "-" && !is_text(self))
    return wrap(in, expr::unary(Op::negative, self, self->type));
  return {};
}

py::Truth Clause::truth(py::Interpreter& in) {
  const Ptr self = expression();
  if (self && self->kind == expr::Kind::binary &&
      (self->op.op == Op::equal || self->op.op == Op::not_equal))
    return py::truth_of(expr::same(self->left, self->right) == (self->op.op == Op::equal));
  in.raise("TypeError", "Boolean value of this clause is not defined");
  return py::Truth::failed;
}

// `array[1]`, `array[1:2]`, `json["key"]`, `json[("a", "path")]`.
py::Value Clause::subscript(py::Interpreter& in, py::Value key) {
  const Ptr self = expression();
  if (!self)
    return {};
  if (const py::Value unknown = unknown_in(key))
    return in.poison(unknown);
  py::Value problem;
  const expr::Affinity affinity = expr::affinity_of(self->type);
  if (affinity == expr::Affinity::array) {
    const expr::TypePtr item = self->type->item;
    if (const auto* slice = key.as<py::Slice>()) {
      expr::Expression range{.kind = expr::Kind::slice};
      for (const auto& [value, side] :
           {std::pair{slice->start, &range.left}, std::pair{slice->stop, &range.right}}) {
        *side = coerce(in, value, problem, {.type = expr::plain_type(Family::integer)});
        if (!*side)
          return problem;
      }
      return wrap(in, expr::operate(self, expr::make(std::move(range)), Op::getitem, self->type));
    }
    const Ptr index = coerce(in, key, problem, {.beside = self});
    if (!index)
      return problem;
    return wrap(in, expr::operate(self, index, Op::getitem,
                                  item && item->family != Family::none ? item : nullptr));
  }
  if (affinity == expr::Affinity::json) {
    const bool path = key.is(py::Type::tuple) || key.is(py::Type::list);
    Ptr index;
    if (path) {
      std::vector<py::Value> steps;
      if (!in.collect(key, steps, problem))
        return problem;
      std::string text;
      for (const py::Value step : steps) {
        const py::Value shown = in.str(step);
        const auto* word = shown.as<py::Str>();
        if (!word)
          return shown;
        text += (text.empty() ? "" : ", ") + word->text;
      }
      index = expr::literal_value(Datum("{" + text + "}"));
      expr::Expression copy = *index;
      copy.text = "path";
      index = expr::make(std::move(copy));
    } else {
      index = coerce(in, key, problem, {.beside = self});
      if (!index)
        return problem;
    }
    return wrap(in, expr::operate(self, index, path ? Op::json_path_getitem : Op::json_getitem,
                                  self->type));
  }
  if (affinity == expr::Affinity::hstore) {
    const Ptr index = coerce(in, key, problem, {.beside = self});
    if (!index)
      return problem;
    return wrap(in, expr::operate(self, index, expr::custom_operator("->", 15, false, true, true),
                                  expr::plain_type(Family::text)));
  }
  return in.raise("NotImplementedError", "Operator 'getitem' is not supported on this expression");
}

py::Value Clause::get(py::Interpreter& in, std::string_view name) {
  const Ptr self = expression();
  if (!self)
    return {};
  if (self->kind == expr::Kind::text) {
    constexpr std::string_view kOfText[] = {"bindparams", "params", "columns", "self_group",
                                            "compile"};
    for (const std::string_view known : kOfText)
      if (name == known)
        return method(in, clause_methods(), name, this);
    if (name == "text")
      return in.text(self->text);
    return {};
  }
  if (name == "name" || name == "key") {
    if (!self->name.empty())
      return in.text(self->name.text);
    return name == "key" ? py::Value::none() : py::Value();
  }
  if (name == "comparator")
    return this;
  if (name == "c" || name == "columns") {
    if (self->kind == expr::Kind::function)
      return method(in, function_methods(), name, this);
    return {};
  }
  if (name == "element" && self->left)
    return wrap(in, self->left);
  if (name == "astext") {
    if (self->kind != expr::Kind::binary ||
        expr::affinity_of(self->left->type) != expr::Affinity::json)
      return {};
    const bool path = self->op.op == Op::json_path_getitem;
    return wrap(in,
                expr::operate(self->left, self->right,
                              expr::custom_operator(path ? "#>>" : "->>", 15, false, true, true),
                              expr::plain_type(Family::text)));
  }
  if (self->kind == expr::Kind::function || self->kind == expr::Kind::filter ||
      self->kind == expr::Kind::within_group || self->kind == expr::Kind::over)
    if (const py::Value found = method(in, function_methods(), name, this))
      return found;
  if (self->kind == expr::Kind::exists || self->kind == expr::Kind::select)
    if (name == "where" || name == "select_from" || name == "correlate" ||
        name == "correlate_except" || name == "select" || name == "filter")
      return method(in, select_methods(), name, this);
  return method(in, clause_methods(), name, this);
}

}  // namespace retort::sa
