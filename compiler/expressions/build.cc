#include "compiler/expressions/build.h"

#include <algorithm>

namespace retort::expr {

Ptr make(Expression expression) {
  return std::make_shared<const Expression>(std::move(expression));
}

Ptr null_value() {
  static const Ptr kNull = make({.kind = Kind::null});
  return kNull;
}

Ptr truth_value(bool value) {
  static const Ptr kTrue = make({.kind = Kind::true_, .type = plain_type(Family::boolean)});
  static const Ptr kFalse = make({.kind = Kind::false_, .type = plain_type(Family::boolean)});
  return value ? kTrue : kFalse;
}

Ptr literal_value(Datum value, TypePtr type) {
  return make({.kind = Kind::literal, .type = std::move(type), .value = std::move(value)});
}

Ptr literal_value(Datum value) {
  TypePtr type = type_of_value(value);
  return literal_value(std::move(value), std::move(type));
}

Ptr literal_beside(const Ptr& expression, Datum value) {
  TypePtr own = expression->type;
  if (expression->kind == Kind::unary &&
      (expression->op.op == Op::any || expression->op.op == Op::all)) {
    own = expression->left->type;
    if (own && own->family == Family::array)
      own = own->item && own->item->family != Family::none ? own->item : nullptr;
  }
  TypePtr resolved = type_of_value(value);
  const bool keeps = own && (!resolved || same_affinity(own, resolved) ||
                             (affinity_of(own) == Affinity::uuid && value.as<std::string>()));
  return literal_value(std::move(value), keeps ? own : std::move(resolved));
}

Ptr with_type(const Ptr& expression, TypePtr type) {
  Expression copy = *expression;
  copy.type = std::move(type);
  return make(std::move(copy));
}

Ptr column_of(const FromPtr& from, const ColumnInfo& column) {
  return make({.kind = Kind::column,
               .type = column.type,
               .name = column.name,
               .text = column.copy == 0 ? "" : std::to_string(column.copy),
               .from = from});
}

Ptr whole_of(const FromPtr& from) { return make({.kind = Kind::whole_from, .from = from}); }

Ptr function_call(std::string name, List arguments, TypePtr type) {
  Expression made{.kind = Kind::function, .type = std::move(type)};
  for (const Ptr& argument : arguments)
    made.items.push_back(grouped(argument, Op::comma));
  made.name = Identifier(std::move(name));
  return make(std::move(made));
}

Ptr in_parentheses(const Ptr& expression) {
  return make({.kind = Kind::grouping, .type = expression->type, .left = expression});
}

namespace {

// Most expressions: a truth value becomes a condition among conditions.
Ptr plainly_grouped(const Ptr& expression, const Operator& against) {
  if ((against.op == Op::and_ || against.op == Op::or_ || against.op == Op::as_boolean) &&
      affinity_of(expression->type) == Affinity::boolean)
    return make({.kind = Kind::as_boolean,
                 .type = expression->type,
                 .op = Op::is_true,
                 .negation = Op::is_false,
                 .left = expression});
  if (against.op == Op::any || against.op == Op::all)
    return in_parentheses(expression);
  return expression;
}

Ptr around(const Ptr& label, const Ptr& inner) {
  if (inner == label->left)
    return label;
  Expression copy = *label;
  copy.left = inner;
  copy.origin = label->origin ? label->origin : label;
  return make(std::move(copy));
}

}  // namespace

Ptr grouped(const Ptr& expression, const Operator& against) {
  const Expression& e = *expression;
  switch (e.kind) {
  case Kind::text: return against.op == Op::in ? in_parentheses(expression) : expression;
  case Kind::binary:
  case Kind::list: {
    if (e.kind == Kind::list && is_boolean(e.op) && e.items.empty())
      return expression;
    const bool needed =
        (e.group && is_precedent(e.op, against)) || (against.op == Op::invert && !is_boolean(e.op));
    return needed ? in_parentheses(expression) : expression;
  }
  case Kind::clauses:
    return e.group && is_precedent(Op::comma, against) ? in_parentheses(expression) : expression;
  case Kind::unary:
  case Kind::exists: return is_precedent(e.op, against) ? in_parentheses(expression) : expression;
  case Kind::filter:
    return is_precedent(Op::filter, against) ? in_parentheses(expression) : expression;
  case Kind::array:
    return against.op == Op::any || against.op == Op::all || against.op == Op::getitem
               ? in_parentheses(expression)
               : expression;
  case Kind::label: return around(expression, grouped(e.left, against));
  case Kind::coerce: {
    const Ptr inner = grouped(e.left, against);
    if (inner == e.left)
      return expression;
    return make({.kind = Kind::coerce, .type = e.type, .left = inner});
  }
  case Kind::function:
    if (against.op == Op::getitem && affinity_of(e.type) == Affinity::array)
      return in_parentheses(expression);
    return plainly_grouped(expression, against);
  case Kind::modifier:
  case Kind::tuple:
  case Kind::grouping:
  case Kind::as_boolean:
  case Kind::slice:
  case Kind::select:
  case Kind::scalar_values:
  case Kind::order_by: return expression;
  default: return plainly_grouped(expression, against);
  }
}

Ptr unary(Op op, const Ptr& operand, TypePtr type) {
  return make(
      {.kind = Kind::unary, .type = std::move(type), .op = op, .left = grouped(operand, op)});
}

Ptr modifier(Op op, const Ptr& operand) {
  return make({.kind = Kind::modifier, .op = op, .left = grouped(operand, op)});
}

Ptr binary(const Ptr& left, const Ptr& right, const Operator& op, TypePtr type,
           const Operator& negation, std::optional<std::string> escape) {
  return make({.kind = Kind::binary,
               .type = std::move(type),
               .op = op,
               .negation = negation,
               .left = grouped(left, op),
               .right = grouped(right, op),
               .escape = std::move(escape)});
}

Ptr operate(const Ptr& left, const Ptr& right, const Operator& op, TypePtr type,
            const Operator& negation, std::optional<std::string> escape) {
  if (is_associative(op)) {
    bool several = false;
    List operands;
    for (const Ptr& given : {left, right}) {
      // Parentheses do not hide an operator from its like.
      const Ptr inner = ungrouped(given);
      const Ptr& side = inner->op == op ? inner : given;
      const bool same_kind = (side->kind == Kind::list || side->kind == Kind::binary) &&
                             side->op == op && same_affinity(type, side->type);
      several = several || same_kind;
      if (same_kind && side->kind == Kind::list)
        operands.insert(operands.end(), side->items.begin(), side->items.end());
      else if (same_kind)
        operands.insert(operands.end(), {side->left, side->right});
      else
        operands.push_back(side);
    }
    if (several) {
      for (Ptr& operand : operands)
        operand = grouped(operand, op);
      return make({.kind = Kind::list, .type = type, .op = op, .items = std::move(operands)});
    }
  }
  const bool aggregate =
      right->kind == Kind::unary && (right->op.op == Op::any || right->op.op == Op::all);
  return binary(left, right, op, std::move(type), aggregate ? Operator() : negation,
                std::move(escape));
}

Ptr arithmetic(const Ptr& left, const Ptr& right, const Operator& op, TypePtr type) {
  if (type)
    return operate(left, right, op, std::move(type));
  auto [adapted, result] = adapt(op, left->type, right->type);
  return operate(left, right, adapted, std::move(result));
}

Ptr compare(const Ptr& left, const Ptr& right, Op op) {
  return operate(left, right, op, plain_type(Family::boolean), negation_of(op));
}

Ptr negate(const Ptr& expression) {
  const Expression& e = *expression;
  const auto generally = [](const Ptr& operand) {
    if (affinity_of(operand->type) == Affinity::boolean)
      return make({.kind = Kind::as_boolean,
                   .type = operand->type,
                   .op = Op::is_false,
                   .negation = Op::is_true,
                   .left = operand});
    return make({.kind = Kind::unary, .op = Op::invert, .left = grouped(operand, Op::invert)});
  };
  switch (e.kind) {
  case Kind::true_: return truth_value(false);
  case Kind::false_: return truth_value(true);
  case Kind::label: return around(expression, negate(e.left));
  case Kind::list: return unary(Op::invert, expression);
  case Kind::text: return unary(Op::invert, in_parentheses(expression));
  case Kind::unary:
  case Kind::exists:
    if (affinity_of(e.type) == Affinity::boolean)
      return unary(Op::invert, expression, plain_type(Family::boolean));
    return generally(expression);
  case Kind::as_boolean: {
    if (e.left->kind == Kind::true_ || e.left->kind == Kind::false_)
      return negate(e.left);
    Expression copy = e;
    std::swap(copy.op, copy.negation);
    return make(std::move(copy));
  }
  case Kind::binary: {
    if (!e.negation)
      return generally(grouped(expression));
    Expression copy = e;
    std::swap(copy.op, copy.negation);
    if (copy.right->kind == Kind::expanding && copy.right->op == e.op) {
      Expression list = *copy.right;
      list.op = copy.op;
      copy.right = make(std::move(list));
    }
    return make(std::move(copy));
  }
  default: return generally(expression);
  }
}

namespace {

// Drops what changes nothing, keeps what decides everything, and attaches the rest to `op`.
List attached(Op op, const List& operands) {
  const Kind neutral = op == Op::and_ ? Kind::true_ : Kind::false_;
  const Kind absorbing = op == Op::and_ ? Kind::false_ : Kind::true_;
  List kept;
  Ptr last_resort;
  for (const Ptr& operand : operands) {
    if (operand->kind == neutral) {
      last_resort = operand;
    } else if (operand->kind == absorbing) {
      kept = {operand};
      break;
    } else {
      kept.push_back(operand);
    }
  }
  if (kept.empty() && last_resort)
    kept = {last_resort};
  // SQLAlchemy decides what to attach to when it has seen all: one alone is a mere condition.
  const Op against = kept.size() > 1 ? op : Op::as_boolean;
  for (Ptr& operand : kept)
    operand = grouped(operand, against);
  return kept;
}

}  // namespace

Ptr conjunction(Op op, const List& operands) {
  const List kept = attached(op, operands);
  if (kept.size() == 1)
    return kept[0];
  List flat;
  for (const Ptr& given : kept) {
    const Ptr operand = ungrouped(given)->op.op == op ? ungrouped(given) : given;
    if (operand->kind == Kind::list && operand->op.op == op)
      flat.insert(flat.end(), operand->items.begin(), operand->items.end());
    else
      flat.push_back(operand);
  }
  return make({.kind = Kind::list,
               .type = plain_type(Family::boolean),
               .op = op,
               .items = std::move(flat)});
}

List where_clause(const List& conditions) { return attached(Op::and_, conditions); }

Ptr between(const Ptr& value, const Ptr& low, const Ptr& high, bool symmetric) {
  const Ptr range =
      make({.kind = Kind::list, .op = Op::and_, .items = {low, high}, .group = false});
  Expression made{.kind = Kind::binary,
                  .op = Op::between,
                  .negation = Op::not_between,
                  .left = grouped(value, Op::between),
                  .right = range};
  if (symmetric)
    made.text = "SYMMETRIC";
  return make(std::move(made));
}

Ptr in_list(const Ptr& value, const Ptr& list, bool negated) {
  const Op op = negated ? Op::not_in : Op::in;
  return operate(value, list, op, plain_type(Family::boolean), negation_of(op));
}

Ptr collate(const Ptr& value, Identifier collation) {
  return binary(value, make({.kind = Kind::collation, .name = std::move(collation)}), Op::collate,
                value->type);
}

Ptr label(const Ptr& value, Identifier name, TypePtr type) {
  const Ptr inner = unlabelled(value);
  return make({.kind = Kind::label,
               .type = type ? std::move(type) : inner->type,
               .left = inner,
               .name = std::move(name)});
}

Ptr clauses(const List& items, bool group) {
  List attached_items;
  for (const Ptr& item : items)
    attached_items.push_back(grouped(item, Op::comma));
  return make(
      {.kind = Kind::clauses, .op = Op::comma, .items = std::move(attached_items), .group = group});
}

Ptr cast(const Ptr& value, TypePtr type) {
  return make({.kind = Kind::cast, .type = std::move(type), .left = value});
}

bool same(const Ptr& a, const Ptr& b) {
  if (a == b)
    return true;
  return a->kind == Kind::column && b->kind == Kind::column && a->from && a->from == b->from &&
         a->name.text == b->name.text && a->text == b->text;
}

Ptr unlabelled(const Ptr& expression) {
  Ptr inner = expression;
  while (inner->kind == Kind::label)
    inner = inner->left;
  return inner;
}

Ptr ungrouped(const Ptr& expression) {
  Ptr inner = expression;
  while (inner->kind == Kind::grouping)
    inner = inner->left;
  return inner;
}

}  // namespace retort::expr
