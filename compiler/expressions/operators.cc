#include "compiler/expressions/operators.h"

#include <utility>

namespace retort::expr {
namespace {

struct Row {
  Op op;
  std::string_view text;  // with the blanks around it; empty: rendered by rules of its own
  int precedence;
  Op negation = Op::none;
  bool comparison = false;
  bool associative = false;
  bool commutative = false;
};

// SQLAlchemy gives what has no precedence the lowest where it stands and the highest where it is
// asked about.
constexpr int kLowest = -100;
constexpr int kHighest = 100;
constexpr int kNone = 1000;

// In the order of Op.
constexpr Row kRows[] = {
    {Op::none, "", kNone},
    {Op::getitem, "", 15},
    {Op::json_getitem, " -> ", 15},
    {Op::json_path_getitem, " #> ", 15},
    {Op::any, "ANY ", 15},
    {Op::all, "ALL ", 15},
    {Op::multiply, " * ", 8, Op::none, false, true, true},
    {Op::true_divide, " / ", 8},
    {Op::floor_divide, " / ", 8},
    {Op::modulo, " % ", 8},
    {Op::negative, "-", 8},
    {Op::bitwise_not, "~", 8},
    {Op::add, " + ", 7, Op::none, false, true, true},
    {Op::subtract, " - ", 7},
    {Op::bitwise_xor, " # ", 7},
    {Op::bitwise_or, " | ", 7},
    {Op::bitwise_and, " & ", 7},
    {Op::shift_left, " << ", 7},
    {Op::shift_right, " >> ", 7},
    {Op::filter, "", 6},
    {Op::concatenate, " || ", 5, Op::none, false, true},
    {Op::match, "", 5, Op::not_match, true},
    {Op::not_match, "", 5, Op::match, true},
    {Op::regexp_match, " ~ ", 5, Op::not_regexp_match, true},
    {Op::not_regexp_match, " !~ ", 5, Op::not_regexp_match, true},
    {Op::regexp_replace, "", 5},
    {Op::ilike, " ILIKE ", 5, Op::not_ilike, true},
    {Op::not_ilike, " NOT ILIKE ", 5, Op::ilike, true},
    {Op::like, " LIKE ", 5, Op::not_like, true},
    {Op::not_like, " NOT LIKE ", 5, Op::like, true},
    {Op::contains, " LIKE ", kNone, Op::not_contains, true},
    {Op::not_contains, " NOT LIKE ", kNone, Op::contains, true},
    {Op::startswith, " LIKE ", kNone, Op::not_startswith, true},
    {Op::not_startswith, " NOT LIKE ", kNone, Op::startswith, true},
    {Op::endswith, " LIKE ", kNone, Op::not_endswith, true},
    {Op::not_endswith, " NOT LIKE ", kNone, Op::endswith, true},
    {Op::icontains, " ILIKE ", kNone, Op::not_icontains, true},
    {Op::not_icontains, " NOT ILIKE ", kNone, Op::icontains, true},
    {Op::istartswith, " ILIKE ", kNone, Op::not_istartswith, true},
    {Op::not_istartswith, " NOT ILIKE ", kNone, Op::istartswith, true},
    {Op::iendswith, " ILIKE ", kNone, Op::not_iendswith, true},
    {Op::not_iendswith, " NOT ILIKE ", kNone, Op::iendswith, true},
    {Op::in, " IN ", 5, Op::not_in, true},
    {Op::not_in, " NOT IN ", 5, Op::in, true},
    {Op::is, " IS ", 5, Op::is, true},
    {Op::is_not, " IS NOT ", 5, Op::is_not, true},
    {Op::equal, " = ", 5, Op::not_equal, true, false, true},
    {Op::not_equal, " != ", 5, Op::equal, true, false, true},
    {Op::is_distinct_from, " IS DISTINCT FROM ", 5, Op::is_not_distinct_from, true},
    {Op::is_not_distinct_from, " IS NOT DISTINCT FROM ", 5, Op::is_distinct_from, true},
    {Op::greater, " > ", 5, Op::less_equal, true},
    {Op::less, " < ", 5, Op::greater_equal, true},
    {Op::greater_equal, " >= ", 5, Op::less, true},
    {Op::less_equal, " <= ", 5, Op::greater, true},
    {Op::between, " BETWEEN ", 5, Op::not_between, true},
    {Op::not_between, " NOT BETWEEN ", 5, Op::between, true},
    {Op::distinct, "DISTINCT ", 5},
    {Op::invert, "NOT ", 5},
    {Op::is_true, "", 5},
    {Op::is_false, "NOT ", 5},
    {Op::and_, " AND ", 3, Op::none, false, true},
    {Op::or_, " OR ", 2, Op::none, false, true},
    {Op::comma, ", ", -1},
    {Op::descending, " DESC", 3},
    {Op::ascending, " ASC", 3},
    {Op::nulls_first, " NULLS FIRST", kNone},
    {Op::nulls_last, " NULLS LAST", kNone},
    {Op::collate, " COLLATE ", 4},
    {Op::as, " AS ", -1},
    {Op::exists, "EXISTS ", 0},
    {Op::as_boolean, "", -10},
    {Op::custom, "", kNone},
};

constexpr const Row& row(Op op) { return kRows[static_cast<size_t>(op)]; }

constexpr bool in_order() {
  for (size_t i = 0; i < std::size(kRows); ++i)
    if (kRows[i].op != static_cast<Op>(i))
      return false;
  return std::size(kRows) == static_cast<size_t>(Op::custom) + 1;
}
static_assert(in_order());

int precedence_of(const Operator& op, int otherwise) {
  if (op.op == Op::custom)
    return op.precedence;
  const int precedence = row(op.op).precedence;
  return precedence == kNone ? otherwise : precedence;
}

}  // namespace

Operator custom_operator(std::string text, int precedence, bool comparison, bool self_precedent,
                         bool eager) {
  Operator made(Op::custom);
  made.text = std::move(text);
  made.precedence = precedence;
  made.comparison = comparison;
  made.self_precedent = self_precedent;
  made.eager = eager;
  return made;
}

std::string_view text_of(Op op) { return row(op).text; }
Op negation_of(Op op) { return row(op).negation; }

Op mirror_of(Op op) {
  switch (op) {
  case Op::less: return Op::greater;
  case Op::less_equal: return Op::greater_equal;
  case Op::greater: return Op::less;
  case Op::greater_equal: return Op::less_equal;
  default: return op;
  }
}

bool is_comparison(const Operator& op) {
  return op.op == Op::custom ? op.comparison : row(op.op).comparison;
}

bool is_boolean(const Operator& op) {
  switch (op.op) {
  case Op::invert:
  case Op::is_true:
  case Op::is_false:
  case Op::and_:
  case Op::or_: return true;
  default: return is_comparison(op);
  }
}

bool is_associative(const Operator& op) { return row(op.op).associative; }
bool is_commutative(const Operator& op) { return row(op.op).commutative; }

bool is_precedent(const Operator& op, const Operator& against) {
  const bool natural = is_associative(op) || op.op == Op::getitem || op.op == Op::json_getitem ||
                       op.op == Op::json_path_getitem || op.self_precedent;
  if (op == against && natural)
    return false;
  if (!against)
    return true;
  return precedence_of(op, kLowest) <= precedence_of(against, kHighest);
}

}  // namespace retort::expr
