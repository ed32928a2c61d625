// Arithmetic, bits and the operators of containers.
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <cmath>
#include <fmt/format.h>

namespace retort::py {
namespace {

struct SpecialName {
  std::string_view op;
  std::string_view name;
  std::string_view reflected;
};
constexpr SpecialName kSpecialNames[] = {
    {"+", "__add__", "__radd__"},
    {"-", "__sub__", "__rsub__"},
    {"*", "__mul__", "__rmul__"},
    {"/", "__truediv__", "__rtruediv__"},
    {"//", "__floordiv__", "__rfloordiv__"},
    {"%", "__mod__", "__rmod__"},
    {"**", "__pow__", "__rpow__"},
    {"|", "__or__", "__ror__"},
    {"&", "__and__", "__rand__"},
    {"^", "__xor__", "__rxor__"},
    {"<<", "__lshift__", "__rlshift__"},
    {">>", "__rshift__", "__rrshift__"},
    {"@", "__matmul__", "__rmatmul__"},
    {"==", "__eq__", "__eq__"},
    {"!=", "__ne__", "__ne__"},
    {"<", "__lt__", "__gt__"},
    {">", "__gt__", "__lt__"},
    {"<=", "__le__", "__ge__"},
    {">=", "__ge__", "__le__"},
};

bool is_not_implemented(Value value) {
  const Symbol* const symbol = value.as<Symbol>();
  return symbol && symbol->name == "NotImplemented";
}

}  // namespace

// What objects with operators of their own answer.
Value Interpreter::call_operator(std::string_view op, Value left, Value right, bool& handled) {
  handled = true;
  const SpecialName* names = nullptr;
  for (const SpecialName& row : kSpecialNames)
    if (row.op == op)
      names = &row;
  for (const bool reflected : {false, true}) {
    const Value self = reflected ? right : left;
    const Value other = reflected ? left : right;
    if (Foreign* const foreign = self.as<Foreign>()) {
      const Value result = foreign->binary(*this, op, other, reflected);
      if (result || unwinding())
        return result;
    }
    if (!names)
      continue;
    if (const Value method = special(self, reflected ? names->reflected : names->name)) {
      const Value result = call(method, {other});
      if (!result || !is_not_implemented(result))
        return result;
    }
  }
  handled = false;
  return {};
}

Value Interpreter::binary(std::string_view op, Value left, Value right) {
  if (left.is(Type::foreign) || right.is(Type::foreign) || left.is(Type::instance) ||
      right.is(Type::instance)) {
    // An operator of ours with something unknown may well have an answer.
    bool handled = false;
    const Value result = call_operator(op, left, right, handled);
    if (handled)
      return result;
  }
  const auto is_text = [](Value value) {
    return value.is(Type::string) || !sketch_of(value).empty();
  };
  if (op == "+" && (left.is_unknown() || right.is_unknown()) && (is_text(left) || is_text(right)))
    return join_unknown(left, right);
  if (left.is_unknown())
    return poison(left);
  if (op == "%" && left.is(Type::string))
    return percent_format(*this, *left.as<Str>(), right);
  if (right.is_unknown())
    return poison(right);
  const Value a = plain(left);
  const Value b = plain(right);
  for (const Value original : {left, right})
    if (const Instance* const instance = original.as<Instance>();
        instance && !instance->data && instance->cls->foreign)
      return undecided(instance->cls->foreign, instance->cls->foreign);
  const Value result = arithmetic(op, a, b);
  if (result || unwinding())
    return result;
  return raise("TypeError",
               fmt::format("unsupported operand type(s) for {}: '{}' and '{}'",
                           op == "**" ? "** or pow()" : op, type_name(left), type_name(right)));
}

Value Interpreter::arithmetic(std::string_view op, Value left, Value right) {
  if (left.is_unknown() || right.is_unknown())
    return undecided(left, right);
  if (left.is_number() && right.is_number()) {
    if (left.is_integral() && right.is_integral() && op != "/") {
      if (left.is(Type::boolean) && right.is(Type::boolean) &&
          (op == "&" || op == "|" || op == "^")) {
        const int64_t a = left.integer();
        const int64_t b = right.integer();
        return Value::of((op == "&" ? a & b : op == "|" ? a | b : a ^ b) != 0);
      }
      return integer_operator(op, left.integer(), right.integer());
    }
    constexpr int64_t kExact = int64_t{1} << 53;
    for (const Value number : {left, right})
      if (number.is_integral() && (number.integer() > kExact || number.integer() < -kExact))
        return unknown(Cause::Kind::number, "an integer this large as a float is not interpreted");
    if (op == "/" && left.is_integral() && right.is_integral() && right.integer() == 0)
      return raise("ZeroDivisionError", "division by zero");
    return float_operator(op, left.floating(), right.floating());
  }
  if (op == "+")
    return concatenate(left, right);
  if (op == "*") {
    if (left.is_integral())
      return repeat(right, left.integer());
    return right.is_integral() ? repeat(left, right.integer()) : Value();
  }
  if (left.is(Type::dict) && right.is(Type::dict) && op == "|") {
    Dict* const dict = new_dict();
    for (const Value part : {left, right})
      for (const Table::Entry& entry : part.as<Dict>()->table.entries())
        if (entry.alive && !dict_set(*dict, entry.key, entry.value))
          return {};
    return dict;
  }
  if (left.is(Type::set) && right.is(Type::set))
    return set_operator(op, *left.as<Set>(), *right.as<Set>());
  // `int | None` and the like in annotations.
  const auto is_type = [](Value value) {
    return value.is(Type::native_type) || value.is(Type::class_) || value.is_none();
  };
  if (op == "|" && is_type(left) && is_type(right))
    return unknown(Cause::Kind::unsupported, "unions of types are not interpreted");
  return {};
}

Value Interpreter::integer_operator(std::string_view op, int64_t left, int64_t right) {
  int64_t result = 0;
  bool overflow = false;
  if (op == "+")
    overflow = __builtin_add_overflow(left, right, &result);
  else if (op == "-")
    overflow = __builtin_sub_overflow(left, right, &result);
  else if (op == "*")
    overflow = __builtin_mul_overflow(left, right, &result);
  else if (op == "&")
    result = left & right;
  else if (op == "|")
    result = left | right;
  else if (op == "^")
    result = left ^ right;
  else if (op == "//" || op == "%") {
    if (right == 0)
      return raise("ZeroDivisionError",
                   op == "%" ? "integer modulo by zero" : "integer division or modulo by zero");
    if (right == -1) {
      if (op == "%")
        return Value::of(int64_t{0});
      overflow = __builtin_sub_overflow(int64_t{0}, left, &result);
    } else {
      int64_t quotient = left / right;
      int64_t rest = left % right;
      if (rest != 0 && (rest < 0) != (right < 0)) {
        --quotient;
        rest += right;
      }
      result = op == "%" ? rest : quotient;
    }
  } else if (op == "<<" || op == ">>") {
    if (right < 0)
      return raise("ValueError", "negative shift count");
    if (op == ">>")
      result = right > 63 ? (left < 0 ? -1 : 0) : left >> right;
    else if (right > 62)
      overflow = left != 0;
    else
      overflow = __builtin_mul_overflow(left, int64_t{1} << right, &result);
  } else if (op == "**") {
    if (right < 0) {
      if (left == 0)
        return raise("ZeroDivisionError", "0.0 cannot be raised to a negative power");
      return Value::of(std::pow(static_cast<double>(left), static_cast<double>(right)));
    }
    result = 1;
    int64_t base = left;
    for (int64_t rest = right; rest > 0 && !overflow; rest >>= 1) {
      if (rest & 1)
        overflow |= __builtin_mul_overflow(result, base, &result);
      if (rest > 1)
        overflow |= __builtin_mul_overflow(base, base, &base);
    }
  } else {
    return {};
  }
  if (overflow)
    return unknown(Cause::Kind::number, "this integer is beyond 64 bits");
  return Value::of(result);
}

Value Interpreter::float_operator(std::string_view op, double left, double right) {
  if (op == "+")
    return Value::of(left + right);
  if (op == "-")
    return Value::of(left - right);
  if (op == "*")
    return Value::of(left * right);
  if (op == "/") {
    if (right == 0)
      return raise("ZeroDivisionError", "float division by zero");
    return Value::of(left / right);
  }
  if (op == "//" || op == "%") {
    if (right == 0)
      return raise("ZeroDivisionError",
                   op == "%" ? "float modulo" : "float floor division by zero");
    if (!std::isfinite(left) || !std::isfinite(right))
      return unknown(Cause::Kind::unsupported, "division of infinite numbers is not interpreted");
    double rest = std::fmod(left, right);
    double quotient = (left - rest) / right;
    if (rest != 0 && (right < 0) != (rest < 0)) {
      rest += right;
      quotient -= 1;
    }
    if (rest == 0)
      rest = std::copysign(0.0, right);
    if (op == "%")
      return Value::of(rest);
    if (quotient == 0)
      return Value::of(std::copysign(0.0, left / right));
    double whole = std::floor(quotient);
    if (quotient - whole > 0.5)
      whole += 1;
    return Value::of(whole);
  }
  if (op == "**") {
    if (left == 0 && right < 0)
      return raise("ZeroDivisionError", "0.0 cannot be raised to a negative power");
    if (left < 0 && right != std::floor(right))
      return unknown(Cause::Kind::unsupported, "complex numbers are not interpreted");
    const double result = std::pow(left, right);
    if (std::isinf(result) && std::isfinite(left) && std::isfinite(right))
      return raise("OverflowError", "(34, 'Numerical result out of range')");
    return Value::of(result);
  }
  return {};
}

Value Interpreter::unary(std::string_view op, Value operand) {
  if (operand.is_unknown())
    return poison(operand);
  if (Foreign* const foreign = operand.as<Foreign>()) {
    const Value result = foreign->unary(*this, op);
    if (result || unwinding())
      return result;
  }
  const std::string_view name = op == "-" ? "__neg__" : op == "+" ? "__pos__" : "__invert__";
  if (const Value method = special(operand, name))
    return call(method);
  const Value number = plain(operand);
  if (number.is_unknown())
    return poison(number);
  if (number.is_integral()) {
    int64_t result = number.integer();
    if (op == "~")
      return Value::of(~result);
    if (op == "+")
      return Value::of(result);
    if (__builtin_sub_overflow(int64_t{0}, number.integer(), &result))
      return unknown(Cause::Kind::number, "this integer is beyond 64 bits");
    return Value::of(result);
  }
  if (number.is(Type::floating) && op != "~")
    return Value::of(op == "-" ? -number.floating() : number.floating());
  return raise("TypeError",
               fmt::format("bad operand type for unary {}: '{}'", op, type_name(operand)));
}

// Of text and something that is not known: what is known of the text.
Value Interpreter::join_unknown(Value left, Value right) {
  Text out;
  for (const Value part : {left, right})
    if (const Str* const known = part.as<Str>())
      out.append(*known);
    else
      out.append_unknown(part);
  return text(std::move(out));
}

Value Interpreter::concatenate(Value left, Value right) {
  if (left.is(Type::string) && right.is(Type::string)) {
    const Str& a = *left.as<Str>();
    const Str& b = *right.as<Str>();
    if (!charge(a.text.size() + b.text.size()))
      return {};
    Text out;
    out.at = here_;
    out.append(a);
    out.append(b);
    return text(std::move(out));
  }
  if (left.is(Type::string))
    return raise("TypeError",
                 fmt::format("can only concatenate str (not \"{}\") to str", type_name(right)));
  if (left.is(Type::bytes) && right.is(Type::bytes))
    return bytes(left.as<Bytes>()->bytes + right.as<Bytes>()->bytes);
  if (left.is(Type::list) && right.is(Type::list)) {
    std::vector<Value> items = left.as<List>()->items;
    const std::vector<Value>& more = right.as<List>()->items;
    if (!charge_items(items.size() + more.size()))
      return {};
    items.insert(items.end(), more.begin(), more.end());
    return list(std::move(items));
  }
  if (left.is(Type::tuple) && right.is(Type::tuple)) {
    std::vector<Value> items = left.as<Tuple>()->items;
    const std::vector<Value>& more = right.as<Tuple>()->items;
    if (!charge_items(items.size() + more.size()))
      return {};
    items.insert(items.end(), more.begin(), more.end());
    return tuple(std::move(items));
  }
  if (left.is(Type::list) || left.is(Type::tuple))
    return raise("TypeError", fmt::format("can only concatenate {} (not \"{}\") to {}",
                                          type_name(left), type_name(right), type_name(left)));
  return {};
}

Value Interpreter::repeat(Value value, int64_t times) {
  const auto count = static_cast<uint64_t>(times < 0 ? 0 : times);
  const auto too_many = [&](size_t size, size_t limit) {
    return size != 0 && count > limit / size;
  };
  if (const Str* const string = value.as<Str>()) {
    if (too_many(string->text.size(), limits_.text)) {
      charge(limits_.text + 1);
      return {};
    }
    std::string result;
    for (uint64_t i = 0; i < count && !string->text.empty(); ++i)
      result += string->text;
    return text(result);
  }
  if (const Bytes* const string = value.as<Bytes>()) {
    if (too_many(string->bytes.size(), limits_.text)) {
      charge(limits_.text + 1);
      return {};
    }
    std::string result;
    for (uint64_t i = 0; i < count && !string->bytes.empty(); ++i)
      result += string->bytes;
    return bytes(std::move(result));
  }
  const List* const from_list = value.as<List>();
  const Tuple* const from_tuple = value.as<Tuple>();
  if (!from_list && !from_tuple)
    return {};
  const std::vector<Value>& items = from_list ? from_list->items : from_tuple->items;
  if (too_many(items.size(), limits_.items)) {
    charge_items(limits_.items + 1);
    return {};
  }
  std::vector<Value> result;
  for (uint64_t i = 0; i < count && !items.empty(); ++i)
    result.insert(result.end(), items.begin(), items.end());
  return from_list ? list(std::move(result)) : tuple(std::move(result));
}

Value Interpreter::set_operator(std::string_view op, const Set& left, const Set& right) {
  if (op != "|" && op != "&" && op != "-" && op != "^")
    return {};
  Set* const result = new_set(left.frozen);
  const auto add = [&](const Table& from, const Table* with, bool wanted) {
    for (const Table::Entry& entry : from.entries()) {
      if (!entry.alive)
        continue;
      if (with) {
        const Truth there = table_has(*with, entry.key);
        if (there == Truth::failed)
          return false;
        if ((there == Truth::yes) != wanted)
          continue;
      }
      if (!set_add(*result, entry.key))
        return false;
    }
    return true;
  };
  bool good = true;
  if (op == "|")
    good = add(left.table, nullptr, true) && add(right.table, nullptr, true);
  else if (op == "&")
    good = add(left.table, &right.table, true);
  else if (op == "-")
    good = add(left.table, &right.table, false);
  else
    good = add(left.table, &right.table, false) && add(right.table, &left.table, false);
  return good ? Value(result) : Value();
}

// `a += b`: lists, dicts and sets change in place.
Value Interpreter::in_place(std::string_view op, Value left, Value right) {
  const Value target = plain(left);
  if (List* const list_ = target.as<List>(); list_ && op == "+") {
    std::vector<Value> items;
    Value problem;
    if (!collect(right, items, problem)) {
      if (problem)
        lose(list_, problem.object()->cause);
      return problem ? left : Value();
    }
    if (!charge_items(list_->items.size() + items.size()))
      return {};
    touch(list_);
    list_->items.insert(list_->items.end(), items.begin(), items.end());
    return left;
  }
  if (List* const list_ = target.as<List>(); list_ && op == "*") {
    const Value repeated = binary("*", target, right);
    if (!repeated.is(Type::list))
      return repeated;
    touch(list_);
    list_->items = repeated.as<List>()->items;
    return left;
  }
  if (Dict* const dict = target.as<Dict>(); dict && op == "|") {
    const Value other = plain(right);
    if (const Dict* const more = other.as<Dict>()) {
      for (const Table::Entry& entry : more->table.entries())
        if (entry.alive && !dict_set(*dict, entry.key, entry.value))
          return {};
      return left;
    }
  }
  if (Set* const set = target.as<Set>(); set && !set->frozen && right.is(Type::set)) {
    const Value result = set_operator(op, *set, *right.as<Set>());
    if (!result)
      return result;
    touch(set);
    set->table = result.as<Set>()->table;
    return left;
  }
  return binary(op, left, right);
}

}  // namespace retort::py
