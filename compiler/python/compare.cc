// Truth, equality, order, membership and hashing.
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>

namespace retort::py {
namespace {

constexpr int kMaxDepth = 100;

// -1, 0, 1; integers and floats compare by their exact values.
std::optional<int> order(Value a, Value b) {
  if (a.is_integral() && b.is_integral())
    return a.integer() < b.integer() ? -1 : a.integer() > b.integer() ? 1 : 0;
  if (a.is(Type::floating) && b.is(Type::floating)) {
    if (std::isnan(a.floating()) || std::isnan(b.floating()))
      return std::nullopt;
    return a.floating() < b.floating() ? -1 : a.floating() > b.floating() ? 1 : 0;
  }
  const bool flipped = a.is(Type::floating);
  const double number = flipped ? a.floating() : b.floating();
  const int64_t integer = flipped ? b.integer() : a.integer();
  if (std::isnan(number))
    return std::nullopt;
  int result = 0;
  if (number >= 0x1p63)
    result = -1;
  else if (number < -0x1p63)
    result = 1;
  else {
    const auto whole = static_cast<int64_t>(number);
    const double rest = number - static_cast<double>(whole);
    result = integer < whole ? -1 : integer > whole ? 1 : rest > 0 ? -1 : rest < 0 ? 1 : 0;
  }
  return flipped ? -result : result;
}

const std::vector<Value>* items_of(Value value) {
  if (const List* const list = value.as<List>())
    return &list->items;
  if (const Tuple* const tuple = value.as<Tuple>())
    return &tuple->items;
  return nullptr;
}

}  // namespace

Truth Interpreter::truth(Value value) {
  switch (value.type()) {
  case Type::nothing: return Truth::failed;
  case Type::none: return Truth::no;
  case Type::boolean:
  case Type::integer: return truth_of(value.integer() != 0);
  case Type::floating: return truth_of(value.floating() != 0);
  case Type::string: return truth_of(!value.as<Str>()->text.empty());
  case Type::bytes: return truth_of(!value.as<Bytes>()->bytes.empty());
  case Type::list: return truth_of(!value.as<List>()->items.empty());
  case Type::tuple: return truth_of(!value.as<Tuple>()->items.empty());
  case Type::dict: return truth_of(value.as<Dict>()->table.size() != 0);
  case Type::set: return truth_of(value.as<Set>()->table.size() != 0);
  case Type::range: return truth_of(value.as<Range>()->size() != 0);
  case Type::unknown: ++doubts_; return Truth::unknown;
  case Type::foreign: return value.as<Foreign>()->truth(*this);
  case Type::instance: {
    const Instance& instance = *value.as<Instance>();
    for (const std::string_view name : {"__bool__", "__len__"})
      if (const Value method = special(value, name)) {
        const Value result = call(method);
        return result ? truth(result) : Truth::failed;
      }
    if (instance.data)
      return truth(instance.data);
    return instance.cls->foreign ? Truth::unknown : Truth::yes;
  }
  default: return Truth::yes;
  }
}

bool Interpreter::decide(Truth answer_found, Value cause, bool& answer, Value& problem) {
  answer = answer_found == Truth::yes;
  if (answer_found == Truth::yes || answer_found == Truth::no)
    return true;
  problem = answer_found == Truth::failed ? Value() : poison(undecided(cause));
  return false;
}

bool Interpreter::decide(Value value, bool& answer, Value& problem) {
  return decide(truth(value), value, answer, problem);
}

Truth Interpreter::equal(Value left, Value right) { return equal_inner(left, right, 0); }

Truth Interpreter::equal_inner(Value left, Value right, int depth) {
  if (!left || !right)
    return Truth::failed;
  if (left.is_unknown() || right.is_unknown()) {
    last_unknown_ = left.is_unknown() ? left : right;
    return Truth::unknown;
  }
  if (depth > kMaxDepth) {
    stop(kLimit, "nesting", "this is nested too deeply to be compared");
    return Truth::failed;
  }
  if (left.is(Type::instance) || right.is(Type::instance) || left.is(Type::foreign) ||
      right.is(Type::foreign)) {
    if (left.identical(right) && !left.is(Type::foreign))
      return Truth::yes;
    for (const bool reflected : {false, true}) {
      const Value self = reflected ? right : left;
      const Value other = reflected ? left : right;
      if (const Value method = special(self, "__eq__")) {
        const Value result = call(method, {other});
        const Symbol* const symbol = result.as<Symbol>();
        if (!result)
          return Truth::failed;
        if (!symbol)
          return truth(result);
      }
      if (Foreign* const foreign = self.as<Foreign>()) {
        const Truth answer = foreign->equals(*this, other);
        if (answer != Truth::no || !other.is(Type::foreign))
          return answer;
      }
      if (const Instance* const instance = self.as<Instance>()) {
        if (instance->cls->foreign) {
          last_unknown_ = undecided(instance->cls->foreign);
          return Truth::unknown;
        }
        const Instance* const peer = other.as<Instance>();
        if (instance->cls->flavour == Class::Flavour::dataclass && peer &&
            peer->cls == instance->cls) {
          for (const Field_& field : instance->cls->fields) {
            const Truth same = equal_inner(instance->attributes.find(field.name),
                                           peer->attributes.find(field.name), depth + 1);
            if (same != Truth::yes)
              return same;
          }
          return Truth::yes;
        }
      }
    }
    const Value a = plain(left);
    const Value b = plain(right);
    const auto is_member = [](Value value) {
      const Instance* const instance = value.as<Instance>();
      return instance && instance->cls->flavour == Class::Flavour::enumeration;
    };
    if (a.is(Type::instance) || b.is(Type::instance) || a.is(Type::foreign) || b.is(Type::foreign))
      return truth_of(left.identical(right));
    if (is_member(left) && is_member(right) && a.is(Type::nothing))
      return Truth::no;
    return equal_inner(a, b, depth + 1);
  }
  if (left.is_number() && right.is_number())
    return truth_of(order(left, right) == 0);
  if (left.type() != right.type())
    return Truth::no;
  switch (left.type()) {
  case Type::none: return Truth::yes;
  case Type::string: return truth_of(left.as<Str>()->text == right.as<Str>()->text);
  case Type::bytes: return truth_of(left.as<Bytes>()->bytes == right.as<Bytes>()->bytes);
  case Type::list:
  case Type::tuple: {
    const std::vector<Value>& a = *items_of(left);
    const std::vector<Value>& b = *items_of(right);
    if (a.size() != b.size())
      return Truth::no;
    Truth result = Truth::yes;
    for (size_t i = 0; i < a.size(); ++i) {
      const Truth same = a[i].identical(b[i]) && !a[i].is_unknown()
                             ? Truth::yes
                             : equal_inner(a[i], b[i], depth + 1);
      if (same == Truth::no || same == Truth::failed)
        return same;
      if (same == Truth::unknown)
        result = same;
    }
    return result;
  }
  case Type::set: return same_keys(left.as<Set>()->table, right.as<Set>()->table);
  case Type::dict: {
    const Table& a = left.as<Dict>()->table;
    const Table& b = right.as<Dict>()->table;
    if (a.size() != b.size())
      return Truth::no;
    Truth result = Truth::yes;
    for (const Table::Entry& entry : a.entries()) {
      if (!entry.alive)
        continue;
      const Value other = dict_get(b, entry.key);
      if (!other)
        return unwinding() ? Truth::failed : Truth::no;
      const Truth same = equal_inner(entry.value, other, depth + 1);
      if (same == Truth::no || same == Truth::failed)
        return same;
      if (same == Truth::unknown)
        result = same;
    }
    return result;
  }
  case Type::range: {
    const Range& a = *left.as<Range>();
    const Range& b = *right.as<Range>();
    const size_t size = a.size();
    return truth_of(size == b.size() && (size == 0 || a.start == b.start) &&
                    (size < 2 || a.step == b.step));
  }
  default: return truth_of(left.identical(right));
  }
}

Truth Interpreter::same_keys(const Table& left, const Table& right) {
  if (left.size() != right.size())
    return Truth::no;
  for (const Table::Entry& entry : left.entries())
    if (entry.alive)
      if (const Truth there = table_has(right, entry.key); there != Truth::yes)
        return there;
  return Truth::yes;
}

Value Interpreter::compare(std::string_view op, Value left, Value right) {
  const bool negated = op.starts_with("not") || op.ends_with("not");
  if (op.starts_with("is")) {
    if (left.is_unknown() || right.is_unknown()) {
      // What is unknown may be None or anything else.
      return undecided(left.is_unknown() ? left : right);
    }
    return Value::of(left.identical(right) != negated);
  }
  if (op == "in" || negated) {
    bool answer = false;
    Value problem;
    const Truth there = contains(right, left);
    if (!decide(there,
                left.is_unknown()    ? left
                : right.is_unknown() ? right
                                     : last_unknown_,
                answer, problem))
      return problem;
    return Value::of(answer != negated);
  }
  if (left.is(Type::foreign) || right.is(Type::foreign) || left.is(Type::instance) ||
      right.is(Type::instance)) {
    bool handled = false;
    const Value result = call_operator(op, left, right, handled);
    if (handled)
      return result;
    if (op == "!=" && (special(left, "__eq__") || special(right, "__eq__"))) {
      const Value same = compare("==", left, right);
      bool answer = false;
      Value problem;
      if (!same || !decide(same, answer, problem))
        return same ? problem : same;
      return Value::of(!answer);
    }
  }
  if (left.is_unknown() || right.is_unknown())
    return poison(left.is_unknown() ? left : right);
  bool answer = false;
  Value problem;
  if (op == "==" || op == "!=" || op == "<>") {
    if (!decide(equal(left, right), last_unknown_, answer, problem))
      return problem;
    return Value::of(answer != (op != "=="));
  }
  return compare_order(op, left, right);
}

Value Interpreter::compare_order(std::string_view op, Value left, Value right) {
  const Value a = plain(left);
  const Value b = plain(right);
  if (a.is_unknown() || b.is_unknown())
    return undecided(a, b);
  const auto answer = [&](int sign) {
    return Value::of(op == "<"    ? sign < 0
                     : op == ">"  ? sign > 0
                     : op == "<=" ? sign <= 0
                                  : sign >= 0);
  };
  if (a.is_number() && b.is_number()) {
    const std::optional<int> sign = order(a, b);
    return sign ? answer(*sign) : Value::of(false);
  }
  if (a.is(Type::string) && b.is(Type::string))  // UTF-8 sorts like code points
    return answer(a.as<Str>()->text.compare(b.as<Str>()->text));
  if (a.is(Type::bytes) && b.is(Type::bytes))
    return answer(a.as<Bytes>()->bytes.compare(b.as<Bytes>()->bytes));
  if ((a.is(Type::list) && b.is(Type::list)) || (a.is(Type::tuple) && b.is(Type::tuple))) {
    const std::vector<Value>& x = *items_of(a);
    const std::vector<Value>& y = *items_of(b);
    for (size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
      bool same = false;
      Value problem;
      if (!decide(equal(x[i], y[i]), last_unknown_, same, problem))
        return problem;
      if (same)
        continue;
      if (nesting_ >= limits_.nesting)
        return stop(kLimit, "nesting", "this is nested too deeply to be compared");
      ++nesting_;
      const Value result = compare(op, x[i], y[i]);
      --nesting_;
      return result;
    }
    return answer(x.size() < y.size() ? -1 : x.size() > y.size() ? 1 : 0);
  }
  if (a.is(Type::set) && b.is(Type::set)) {
    const bool smaller = op == "<" || op == "<=";
    const Table& inner = smaller ? a.as<Set>()->table : b.as<Set>()->table;
    const Table& outer = smaller ? b.as<Set>()->table : a.as<Set>()->table;
    for (const Table::Entry& entry : inner.entries())
      if (entry.alive)
        if (const Truth there = table_has(outer, entry.key); there != Truth::yes)
          return there == Truth::failed ? Value() : Value::of(false);
    return Value::of(op.size() == 2 || inner.size() < outer.size());
  }
  for (const Value side : {left, right})
    if (const Instance* const instance = side.as<Instance>(); instance && instance->cls->foreign)
      return undecided(instance->cls->foreign);
  return raise("TypeError", fmt::format("'{}' not supported between instances of '{}' and '{}'", op,
                                        type_name(left), type_name(right)));
}

Truth Interpreter::less(Value left, Value right) {
  const Value result = compare("<", left, right);
  if (!result)
    return Truth::failed;
  if (result.is_unknown())
    last_unknown_ = result;
  return truth(result);
}

Truth Interpreter::contains(Value container, Value item) {
  if (container.is_unknown()) {
    last_unknown_ = container;
    return Truth::unknown;
  }
  if (const Value method = special(container, "__contains__")) {
    const Value result = call(method, {item});
    return result ? truth(result) : Truth::failed;
  }
  const Value inside = plain(container);
  switch (inside.type()) {
  case Type::string: {
    const Value part = plain(item);
    if (part.is_unknown()) {
      last_unknown_ = part;
      return Truth::unknown;
    }
    const Str* const text = part.as<Str>();
    if (!text) {
      raise("TypeError",
            fmt::format("'in <string>' requires string as left operand, not {}", type_name(item)));
      return Truth::failed;
    }
    return truth_of(inside.as<Str>()->text.find(text->text) != std::string::npos);
  }
  case Type::dict: return table_has(inside.as<Dict>()->table, item);
  case Type::set: return table_has(inside.as<Set>()->table, item);
  case Type::bytes: {
    const Bytes* const part = plain(item).as<Bytes>();
    if (part)
      return truth_of(inside.as<Bytes>()->bytes.find(part->bytes) != std::string::npos);
    last_unknown_ = unknown(Cause::Kind::unsupported, "this question to bytes is not interpreted");
    return Truth::unknown;
  }
  case Type::foreign: {
    const Value result = inside.as<Foreign>()->binary(*this, "in", item, true);
    if (result)
      return truth(result);
    if (unwinding())
      return Truth::failed;
    break;
  }
  case Type::class_:
    if (inside.as<Class>()->flavour == Class::Flavour::enumeration && !item.is(Type::instance)) {
      last_unknown_ = unknown(Cause::Kind::unsupported,
                              "whether an enumeration contains a plain value depends on the "
                              "version of Python");
      return Truth::unknown;
    }
    break;
  default: break;
  }
  bool found = false;
  bool doubt = false;
  Value cause;
  const Truth done = iterate(container, [&](Value member) {
    if (member.identical(item) && !item.is_unknown()) {
      found = true;
      return false;
    }
    const Truth same = equal(member, item);
    if (same == Truth::unknown) {
      doubt = true;
      cause = last_unknown_;
    }
    found = same == Truth::yes;
    return !found && same != Truth::failed;
  });
  if (done == Truth::failed || unwinding())
    return Truth::failed;
  if (found)
    return Truth::yes;
  if (doubt)
    last_unknown_ = cause;
  return doubt || done == Truth::unknown ? Truth::unknown : Truth::no;
}

// --- hashing ----------------------------------------------------------------------------------

std::optional<size_t> Interpreter::hash(Value value) {
  switch (value.type()) {
  case Type::none: return 0x9e3779b9;
  case Type::boolean:
  case Type::integer: return std::hash<int64_t>{}(value.integer());
  case Type::floating: {
    const double number = value.floating();
    if (number == std::floor(number) && std::fabs(number) < 0x1p63)
      return std::hash<int64_t>{}(static_cast<int64_t>(number));
    return std::hash<double>{}(number);
  }
  case Type::string: return std::hash<std::string_view>{}(value.as<Str>()->text);
  case Type::bytes: return std::hash<std::string_view>{}(value.as<Bytes>()->bytes) + 1;
  case Type::tuple: {
    size_t result = 0x345678;
    if (nesting_ >= limits_.nesting) {
      stop(kLimit, "nesting", "this is nested too deeply");
      return std::nullopt;
    }
    ++nesting_;
    for (const Value item : value.as<Tuple>()->items) {
      const std::optional<size_t> part = hash(item);
      if (!part) {
        --nesting_;
        return std::nullopt;
      }
      result = result * 1000003 ^ *part;
    }
    --nesting_;
    return result;
  }
  case Type::set: {
    if (!value.as<Set>()->frozen)
      return std::nullopt;
    size_t result = 1927868237;
    for (const Table::Entry& entry : value.as<Set>()->table.entries())
      if (entry.alive)
        result ^= entry.hash * 69069;
    return result;
  }
  case Type::list:
  case Type::dict:
  case Type::slice:
  case Type::unknown:
  case Type::nothing: return std::nullopt;
  case Type::foreign: return value.as<Foreign>()->hash();
  case Type::instance: {
    const Instance& instance = *value.as<Instance>();
    if (instance.cls->foreign || instance.cls->find("__hash__") || instance.cls->find("__eq__") ||
        (instance.cls->flavour == Class::Flavour::dataclass))
      return std::nullopt;
    if (instance.data)
      return hash(instance.data);
    [[fallthrough]];
  }
  default: return reinterpret_cast<size_t>(value.object()) >> 4;
  }
}

// Why something has no hash: an unknown, or nothing after a TypeError.
Value Interpreter::hash_problem(Value value) {
  if (unwinding())
    return {};
  if (value.is_unknown())
    return poison(value);
  if (const Tuple* const tuple = value.as<Tuple>())
    for (const Value item : tuple->items)
      if (!hash(item))
        return hash_problem(item);
  if (value.is(Type::instance))
    return unknown(Cause::Kind::unsupported,
                   "a key with a hash or equality of its own is not interpreted");
  return raise("TypeError", fmt::format("unhashable type: '{}'", type_name(value)));
}

Value Interpreter::dict_get(const Table& table, Value key) {
  const std::optional<size_t> hashed = hash(key);
  if (!hashed)
    return hash_problem(key);
  const size_t found = table.find(*hashed, [&](const Table::Entry& entry) {
    return entry.key.identical(key) || equal(entry.key, key) == Truth::yes;
  });
  return found == Table::npos ? Value() : table.entries()[found].value;
}

Truth Interpreter::table_has(const Table& table, Value key) {
  const std::optional<size_t> hashed = hash(key);
  if (!hashed) {
    const Value problem = hash_problem(key);
    if (problem)
      last_unknown_ = problem;
    return problem ? Truth::unknown : Truth::failed;
  }
  return truth_of(table.find(*hashed, [&](const Table::Entry& entry) {
    return entry.key.identical(key) || equal(entry.key, key) == Truth::yes;
  }) != Table::npos);
}

bool Interpreter::dict_set(Dict& dict, Value key, Value value) {
  if (dict.type == Type::unknown)
    return true;
  const std::optional<size_t> hashed = hash(key);
  if (!hashed) {
    const Value problem = hash_problem(key);
    if (problem)
      lose(&dict, problem.object()->cause);
    return static_cast<bool>(problem);
  }
  touch(&dict);
  const size_t found = dict.table.find(*hashed, [&](const Table::Entry& entry) {
    return entry.key.identical(key) || equal(entry.key, key) == Truth::yes;
  });
  if (found != Table::npos) {
    dict.table.entries()[found].value = value;
    return true;
  }
  if (!charge_items(dict.table.size() + 1 > limits_.items ? limits_.items + 1 : 4))
    return false;
  dict.table.add(key, value, *hashed);
  return true;
}

bool Interpreter::set_add(Set& set, Value item) {
  if (set.type == Type::unknown)
    return true;
  const std::optional<size_t> hashed = hash(item);
  if (!hashed) {
    const Value problem = hash_problem(item);
    if (problem)
      lose(&set, problem.object()->cause);
    return static_cast<bool>(problem);
  }
  const size_t found = set.table.find(*hashed, [&](const Table::Entry& entry) {
    return entry.key.identical(item) || equal(entry.key, item) == Truth::yes;
  });
  if (found != Table::npos)
    return true;
  touch(&set);
  if (!charge_items(set.table.size() + 1 > limits_.items ? limits_.items + 1 : 4))
    return false;
  set.table.add(item, Value::none(), *hashed);
  return true;
}

Dict* Interpreter::new_dict() { return make<Dict>(); }

Set* Interpreter::new_set(bool frozen) {
  Set* const set = make<Set>();
  set->frozen = frozen;
  return set;
}

// Merge sort: stable, and any answer of the comparison is survived.
bool Interpreter::sort(std::vector<Value>& items, Value key, bool reverse, Value& problem) {
  std::vector<std::pair<Value, Value>> rows;
  for (const Value item : items) {
    const Value by = key && !key.is_none() ? call(key, {item}) : item;
    if (!by)
      return false;
    rows.emplace_back(by, item);
  }
  if (reverse)  // equal items stay in order
    std::reverse(rows.begin(), rows.end());
  std::vector<std::pair<Value, Value>> merged(rows.size());
  for (size_t width = 1; width < rows.size(); width *= 2) {
    for (size_t begin = 0; begin < rows.size(); begin += 2 * width) {
      const size_t middle = std::min(begin + width, rows.size());
      const size_t end = std::min(begin + 2 * width, rows.size());
      size_t left = begin;
      size_t right = middle;
      for (size_t out = begin; out < end; ++out) {
        bool take_right = left == middle;
        if (left < middle && right < end) {
          if (!step() || !decide(less(rows[right].first, rows[left].first), last_unknown_,
                                 take_right, problem))
            return false;
        }
        merged[out] = take_right ? rows[right++] : rows[left++];
      }
    }
    rows.swap(merged);
  }
  if (reverse)
    std::reverse(rows.begin(), rows.end());
  for (size_t i = 0; i < items.size(); ++i)
    items[i] = rows[i].second;
  return true;
}

}  // namespace retort::py
