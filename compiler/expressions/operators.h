// The operators of SQLAlchemy's expressions: text, precedence, and what negates them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace retort::expr {

enum class Op : uint8_t {
  none,
  getitem,  // a[1]
  json_getitem,
  json_path_getitem,
  any,
  all,
  multiply,
  true_divide,
  floor_divide,
  modulo,
  negative,
  bitwise_not,
  add,
  subtract,
  bitwise_xor,
  bitwise_or,
  bitwise_and,
  shift_left,
  shift_right,
  filter,
  concatenate,
  match,
  not_match,
  regexp_match,
  not_regexp_match,
  regexp_replace,
  ilike,
  not_ilike,
  like,
  not_like,
  // These six of each are LIKE with wildcards put around the pattern.
  contains,
  not_contains,
  startswith,
  not_startswith,
  endswith,
  not_endswith,
  icontains,
  not_icontains,
  istartswith,
  not_istartswith,
  iendswith,
  not_iendswith,
  in,
  not_in,
  is,
  is_not,
  equal,
  not_equal,
  is_distinct_from,
  is_not_distinct_from,
  greater,
  less,
  greater_equal,
  less_equal,
  between,
  not_between,
  distinct,
  invert,  // NOT
  is_true,
  is_false,
  and_,
  or_,
  comma,
  descending,
  ascending,
  nulls_first,
  nulls_last,
  collate,
  as,
  exists,
  as_boolean,  // only ever asked against: an operand of AND, OR or NOT
  custom,
};

// An operator where it stands; the rest is for `.op("…")` alone.
struct Operator {
  Op op = Op::none;
  std::string text = {};
  int precedence = 0;
  bool comparison = false;
  bool self_precedent = false;  // `a op b op c` needs no parentheses
  bool eager = false;           // parentheses wherever it stands in another operator

  Operator() = default;
  Operator(Op which) : op(which) {}
  bool operator==(const Operator&) const = default;
  explicit operator bool() const { return op != Op::none; }
};
Operator custom_operator(std::string text, int precedence, bool comparison,
                         bool self_precedent = false, bool eager = false);

std::string_view text_of(Op op);  // with the blanks around it
Op negation_of(Op op);            // none: NOT (…) it is
Op mirror_of(Op op);              // what it is with the operands swapped
bool is_comparison(const Operator& op);
bool is_boolean(const Operator& op);
bool is_associative(const Operator& op);
bool is_commutative(const Operator& op);

// Whether `op` needs parentheses as an operand of `against`; none: it stands alone.
bool is_precedent(const Operator& op, const Operator& against);

}  // namespace retort::expr
