// Expressions: from a node to its value.
#include "common/text.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {

Value Interpreter::eval(Node node) {
  if (!step())
    return {};
  if (nesting_ >= limits_.nesting) {
    here_ = loc(node);
    return stop(kLimit, "nesting", "this is nested too deeply");
  }
  ++nesting_;
  const Value value = eval_inner(node);
  --nesting_;
  return unwinding() ? Value() : value;
}

Value Interpreter::eval_inner(Node node) {
  switch (node.kind()) {
  case Kind::identifier: here_ = loc(node); return lookup(node.text());
  case Kind::string: return eval_string(node);
  case Kind::concatenated_string: return eval_concatenated(node);
  case Kind::integer:
  case Kind::float_: return eval_number(node);
  case Kind::true_: return Value::of(true);
  case Kind::false_: return Value::of(false);
  case Kind::none: return Value::none();
  case Kind::ellipsis: return builtin("Ellipsis");
  case Kind::parenthesized_expression:
  case Kind::type: return eval(node.first_child());
  case Kind::call: return eval_call(node);
  case Kind::attribute: {
    const Value object = eval(node.child(Field::object));
    if (!object)
      return {};
    here_ = loc(node);
    return get_attribute(object, heap_text(node.child(Field::attribute)));
  }
  case Kind::subscript: return eval_subscript(node);
  case Kind::slice: return eval_slice(node);
  case Kind::list:
  case Kind::tuple:
  case Kind::expression_list:
  case Kind::set: return eval_collection(node);
  case Kind::dictionary: return eval_dictionary(node);
  case Kind::binary_operator: {
    const Value left = eval(node.child(Field::left));
    if (!left)
      return {};
    const Value right = eval(node.child(Field::right));
    if (!right)
      return {};
    here_ = loc(node);
    const std::string_view op = node.child(Field::operator_).text();
    // The grammar lets `^` bind tighter than `&`; Python does the opposite.
    if (op == "&")
      for (const Field side : {Field::left, Field::right})
        if (node.child(side).child(Field::operator_).text() == "^" &&
            node.child(side).kind() == Kind::binary_operator)
          return unknown(Cause::Kind::unsupported, "`&` beside `^` needs parentheses");
    return binary(op, left, right);
  }
  case Kind::unary_operator: {
    const Value operand = eval(node.child(Field::argument));
    if (!operand)
      return {};
    here_ = loc(node);
    return unary(node.child(Field::operator_).text(), operand);
  }
  case Kind::not_operator: {
    const Value operand = eval(node.child(Field::argument));
    if (!operand)
      return {};
    bool answer = false;
    Value problem;
    if (!decide(operand, answer, problem))
      return problem;
    return Value::of(!answer);
  }
  case Kind::boolean_operator: return eval_boolean(node);
  case Kind::comparison_operator: return eval_comparison(node);
  case Kind::conditional_expression: return eval_conditional(node);
  case Kind::named_expression: return eval_named(node);
  case Kind::lambda: return make_function(node, "<lambda>");
  case Kind::list_comprehension:
  case Kind::set_comprehension:
  case Kind::dictionary_comprehension:
  case Kind::generator_expression: return eval_comprehension(node);
  case Kind::yield: return eval_yield(node);
  case Kind::await: {
    const Value value = eval(node.first_child());
    here_ = loc(node);
    return value ? unknown(Cause::Kind::unsupported, "`await` is not interpreted") : value;
  }
  default:
    here_ = loc(node);
    return stop(kUnsupported, "expression", "this expression is not interpreted");
  }
}

Value Interpreter::eval_number(Node node) {
  here_ = loc(node);
  std::string text(node.text());
  std::erase(text, '_');
  const bool based = text.size() > 1 && text[0] == '0' && !(text[1] >= '0' && text[1] <= '9') &&
                     text[1] != '.' && (text[1] | 0x20) != 'e' && (text[1] | 0x20) != 'j';
  if (!based && (text.back() | 0x20) == 'j')
    return unknown(Cause::Kind::unsupported, "complex numbers are not interpreted");
  if (node.kind() == Kind::integer && (based || text.find_first_of(".eE") == text.npos))
    return parse_integer(*this, text, 0, true);
  const std::optional<double> number = parse_float(text);
  return number ? Value::of(*number)
                : unknown(Cause::Kind::unsupported, "this number is not understood");
}

Value Interpreter::eval_boolean(Node node) {
  const bool is_and = node.child(Field::operator_).text() == "and";
  const Value left = eval(node.child(Field::left));
  if (!left)
    return {};
  const Node right = node.child(Field::right);
  here_ = loc(node);
  switch (truth(left)) {
  case Truth::failed: return {};
  case Truth::no: return is_and ? left : eval(right);
  case Truth::yes: return is_and ? eval(right) : left;
  case Truth::unknown: break;
  }
  return either(
      loc(node), left, [&] { return eval(right); },
      [&] { return left.is_unknown() ? left : poison(undecided(left)); });
}

Value Interpreter::eval_comparison(Node node) {
  Node child = node.first_child();
  Value left = eval(child);
  if (!left)
    return {};
  Value result;
  for (child = child.next(); child; child = child.next()) {
    const std::string_view op = child.text();
    child = child.next();
    const Value right = eval(child);
    if (!right)
      return {};
    here_ = loc(node);
    result = compare(op, left, right);
    if (!result || !child.next())
      return result;
    bool answer = false;
    Value problem;
    if (!decide(result, answer, problem))
      return problem;
    if (!answer)
      return result;
    left = right;
  }
  return result;
}

Value Interpreter::eval_conditional(Node node) {
  const Node consequence = node.first_child();
  const Node condition = consequence.next();
  const Node alternative = condition.next();
  const Value value = eval(condition);
  if (!value)
    return {};
  here_ = loc(condition);
  switch (truth(value)) {
  case Truth::failed: return {};
  case Truth::yes: return eval(consequence);
  case Truth::no: return eval(alternative);
  case Truth::unknown: break;
  }
  return either(
      loc(condition), value, [&] { return eval(consequence); }, [&] { return eval(alternative); });
}

Value Interpreter::eval_named(Node node) {
  const Value value = eval(node.child(Field::value));
  if (!value)
    return {};
  Scope* scope = scope_;
  while (scope->kind == Scope::Kind::comprehension)
    scope = scope->parent;
  const Guard guard(*this, scope);
  assign_name(node.child(Field::name).text(), value);
  return value;
}

// Items of a list, tuple, set or call, with `*rest` taken apart.
bool Interpreter::eval_items(Node node, std::vector<Value>& items, Value& problem) {
  for (const Node child : node.children()) {
    const bool splat = child.kind() == Kind::list_splat ||
                       child.kind() == Kind::list_splat_pattern ||
                       child.kind() == Kind::parenthesized_list_splat;
    const Value value = eval(splat ? child.first_child() : child);
    if (!value) {
      problem = {};
      return false;
    }
    if (!splat) {
      items.push_back(value);
      continue;
    }
    here_ = loc(child);
    if (!collect(value, items, problem))
      return false;
  }
  here_ = loc(node);
  return true;
}

Value Interpreter::eval_collection(Node node) {
  std::vector<Value> items;
  Value problem;
  if (!eval_items(node, items, problem))
    return problem;
  if (node.kind() == Kind::list)
    return list(std::move(items));
  if (node.kind() != Kind::set)
    return tuple(std::move(items));
  Set* const set = new_set();
  for (const Value item : items)
    if (!set_add(*set, item))
      return {};
  return set;
}

Value Interpreter::eval_dictionary(Node node) {
  Dict* const dict = new_dict();
  // As Python builds it: keys are hashed when all of them and their values are there.
  std::vector<std::pair<Value, Value>> pairs;
  const auto flush = [&] {
    for (const auto& [key, value] : pairs)
      if (!dict_set(*dict, key, value))
        return false;
    pairs.clear();
    return true;
  };
  for (const Node child : node.children()) {
    if (child.kind() == Kind::dictionary_splat) {
      const Value other = eval(child.first_child());
      if (!other)
        return {};
      here_ = loc(child);
      if (!flush())
        return {};
      const Value source = plain(other);
      if (source.is_unknown()) {
        lose(dict, source.object()->cause);
        continue;
      }
      const Dict* const more = source.as<Dict>();
      if (!more)
        return raise("TypeError", fmt::format("'{}' object is not a mapping", type_name(other)));
      for (const Table::Entry& entry : more->table.entries())
        if (entry.alive && !dict_set(*dict, entry.key, entry.value))
          return {};
      continue;
    }
    const Value key = eval(child.child(Field::key));
    if (!key)
      return {};
    const Value value = eval(child.child(Field::value));
    if (!value)
      return {};
    here_ = loc(child);
    pairs.emplace_back(key, value);
    if (pairs.size() > 15 && !flush())
      return {};
  }
  here_ = loc(node);
  return flush() ? Value(dict) : Value();
}

Value Interpreter::eval_subscript(Node node) {
  const Node object_node = node.child(Field::value);
  const Value object = eval(object_node);
  if (!object)
    return {};
  const Value key = eval_key(node);
  if (!key)
    return {};
  here_ = loc(node);
  return get_item(object, key);
}

// What stands between the brackets: one index or a tuple.
Value Interpreter::eval_key(Node subscript) {
  std::vector<Value> items;
  bool is_tuple = false;
  Node last;
  for (const Node child : subscript.children()) {
    if (child.field() != Field::subscript)
      continue;
    last = child;
    if (child.kind() == Kind::list_splat) {
      is_tuple = true;
      const Value value = eval(child.first_child());
      Value problem;
      if (!value || !collect(value, items, problem))
        return value ? problem : value;
      continue;
    }
    const Value value = eval(child);
    if (!value)
      return {};
    items.push_back(value);
  }
  const uint32_t from = last.span().end - subscript.span().begin;
  is_tuple |= items.size() > 1 || subscript.text().substr(from).find(',') != std::string_view::npos;
  here_ = loc(subscript);
  if (is_tuple)
    return tuple(std::move(items));
  return items.empty() ? stop(kUnsupported, "expression", "this index is empty") : items[0];
}

Value Interpreter::eval_slice(Node node) {
  Slice* const slice = make<Slice>();
  slice->start = slice->stop = slice->step = Value::none();
  // The grammar does not say which part is which: count the colons before it.
  const std::string_view text = node.text();
  uint32_t at = node.span().begin;
  int part = 0;
  for (const Node child : node.children()) {
    for (; at < child.span().begin; ++at)
      part += text[at - node.span().begin] == ':' ? 1 : 0;
    at = child.span().end;
    const Value value = eval(child);
    if (!value)
      return {};
    (part == 0 ? slice->start : part == 1 ? slice->stop : slice->step) = value;
  }
  return slice;
}

Value Interpreter::eval_yield(Node node) {
  const Node child = node.first_child();
  const Value value = child ? eval(child) : Value::none();
  if (!value)
    return {};
  here_ = loc(node);
  if (!yield_)
    return stop(kUnsupported, "yield", "`yield` is not interpreted here");
  const Visit& visit = *yield_;
  const std::string_view rest = trim(node.text().substr(5));
  const bool from = rest.starts_with("from") && rest.size() > 4 && !is_word(rest[4]);
  if (from) {
    bool stopped = false;
    const Truth done = iterate(value, [&](Value item) {
      stopped = !visit(item);
      return !stopped;
    });
    if (done == Truth::unknown)
      return stop(kUnsupported, "yield", "`yield from` of something unknown is not interpreted");
    if (done == Truth::failed || stopped)
      return unwinding() ? Value() : raise("GeneratorExit", "");
    return Value::none();
  }
  if (!visit(value))
    return unwinding() ? Value() : raise("GeneratorExit", "");
  return Value::none();
}

}  // namespace retort::py
