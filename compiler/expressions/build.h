// Expressions from expressions, with parentheses where SQLAlchemy has them.
#pragma once

#include "compiler/expressions/expression.h"

namespace retort::expr {

// What SQLAlchemy compares types by. Enums are strings, INTERVAL of either kind is one.
enum class Affinity : uint8_t {
  none,
  text,
  integer,
  numeric,
  boolean,
  date,
  datetime,
  time,
  interval,
  uuid,
  binary,
  array,
  json,
  hstore,
  other,
};
Affinity affinity_of(const TypePtr& type);
bool same_affinity(const TypePtr& a, const TypePtr& b);
bool is_jsonb(const TypePtr& type);

TypePtr make_type(Type type);
// INTEGER, VARCHAR, … ; a family stands for the type that a Python value without a type gets.
const TypePtr& plain_type(Family family);
TypePtr type_of_value(const Datum& value);  // null: SQLAlchemy knows none
TypePtr array_of(const TypePtr& item);

Ptr make(Expression expression);
Ptr null_value();
Ptr truth_value(bool value);
Ptr literal_value(Datum value, TypePtr type);
Ptr literal_value(Datum value);  // of the type that follows from the value
// As the operand beside `expression`: of its type when that fits.
Ptr literal_beside(const Ptr& expression, Datum value);
Ptr with_type(const Ptr& expression, TypePtr type);  // a copy; for parameters without a type
Ptr column_of(const FromPtr& from, const ColumnInfo& column);
Ptr whole_of(const FromPtr& from);
Ptr function_call(std::string name, List arguments, TypePtr type = {});

// The expression in parentheses if it needs them as an operand of `against`.
Ptr grouped(const Ptr& expression, const Operator& against = {});
Ptr in_parentheses(const Ptr& expression);

Ptr unary(Op op, const Ptr& operand, TypePtr type = {});
Ptr modifier(Op op, const Ptr& operand);
Ptr binary(const Ptr& left, const Ptr& right, const Operator& op, TypePtr type,
           const Operator& negation = {}, std::optional<std::string> escape = {});
// The same, but `a + b + c` becomes one list.
Ptr operate(const Ptr& left, const Ptr& right, const Operator& op, TypePtr type,
            const Operator& negation = {}, std::optional<std::string> escape = {});
// The type of the result, and the operator: `+` of texts is `||`.
std::pair<Operator, TypePtr> adapt(const Operator& op, const TypePtr& left, const TypePtr& right);
Ptr arithmetic(const Ptr& left, const Ptr& right, const Operator& op, TypePtr type = {});
Ptr compare(const Ptr& left, const Ptr& right, Op op);

Ptr negate(const Ptr& expression);
// and_() and or_(): neutral operands vanish, absorbing ones remain alone.
Ptr conjunction(Op op, const List& operands);
// The conditions of WHERE, each attached to AND. Empty for none.
List where_clause(const List& conditions);

Ptr between(const Ptr& value, const Ptr& low, const Ptr& high, bool symmetric);
Ptr in_list(const Ptr& value, const Ptr& list, bool negated);
Ptr collate(const Ptr& value, Identifier collation);
Ptr label(const Ptr& value, Identifier name, TypePtr type = {});
Ptr clauses(const List& items, bool group = true);
Ptr cast(const Ptr& value, TypePtr type);

// The same column or node.
bool same(const Ptr& a, const Ptr& b);
Ptr unlabelled(const Ptr& expression);
Ptr ungrouped(const Ptr& expression);

}  // namespace retort::expr
