// match: patterns, and what they bind.
#include "common/text.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

std::vector<Node> children_of(Node node) {
  std::vector<Node> all;
  for (const Node child : node.children())
    all.push_back(child);
  return all;
}

// What stands between two nodes, or a node and the end of what holds it: the tree has no commas.
bool comma_behind(Node holder, Node last) {
  const uint32_t from = last.span().end - holder.span().begin;
  const std::string_view rest = holder.text().substr(from);
  return trim(rest).starts_with(',');
}

Node inner_of(Node pattern) {
  while (pattern.kind() == Kind::case_pattern && pattern.first_child())
    pattern = pattern.first_child();
  return pattern;
}

// The tree leaves out the sign of a number: it stands right before it.
bool is_negative(Node number) {
  const char* const begin = number.text().data();
  const size_t before = number.span().begin;
  for (size_t i = 1; i <= before; ++i) {
    const char c = *(begin - i);
    if (c != ' ' && c != '\t')
      return c == '-';
  }
  return false;
}

void names_of(Node pattern, std::vector<std::string_view>& names) {
  const Node inner = inner_of(pattern);
  if (inner.kind() == Kind::dotted_name) {
    const Node first = inner.first_child();
    if (first && !first.next())
      names.push_back(first.text());
    return;
  }
  Node child = inner.first_child();
  if (inner.kind() == Kind::class_pattern || inner.kind() == Kind::keyword_pattern)
    child = child.next();
  for (; child; child = child.next()) {
    if (child.kind() == Kind::identifier)
      names.push_back(child.text());
    else if (child.field() != Field::key)
      names_of(child, names);
  }
}

}  // namespace

Flow Interpreter::exec_match(Node statement) {
  std::vector<Value> subjects;
  Node last;
  for (const Node child : statement.children()) {
    if (child.field() != Field::subject)
      continue;
    last = child;
    const bool splat = child.kind() == Kind::list_splat;
    const Value value = eval(splat ? child.first_child() : child);
    Value problem;
    if (!value)
      return Flow::raise;
    if (!splat) {
      subjects.push_back(value);
    } else if (!collect(value, subjects, problem)) {
      if (problem)
        stop(kUnsupported, "statement", "a subject of unknown parts is not interpreted");
      return Flow::raise;
    }
  }
  here_ = loc(statement);
  const bool several =
      subjects.size() > 1 || last.kind() == Kind::list_splat || comma_behind(statement, last);
  const Value subject = several ? tuple(std::move(subjects)) : subjects[0];
  if (!subject)
    return Flow::raise;
  return exec_case(statement.child(Field::body).first_child(), subject);
}

// The clause or, when it does not apply, those that follow.
Flow Interpreter::exec_case(Node clause, Value subject) {
  while (clause && clause.kind() != Kind::case_clause)
    clause = clause.next();
  if (!clause)
    return Flow::next;
  if (!step())
    return Flow::raise;
  std::vector<Node> patterns;
  Node guard;
  for (const Node child : clause.children()) {
    if (child.kind() == Kind::if_clause)
      guard = child.first_child();
    else if (child.field() != Field::consequence && child.kind() != Kind::block)
      patterns.push_back(child);
  }
  if (patterns.empty()) {
    stop(kUnsupported, "statement", "this pattern is not interpreted");
    return Flow::raise;
  }
  here_ = loc(clause);
  Bindings names;
  const bool sequence = patterns.size() > 1 || comma_behind(clause, patterns.back()) ||
                        inner_of(patterns[0]).kind() == Kind::splat_pattern;
  const Truth answer = sequence ? match_sequence(patterns, subject, names)
                                : match_pattern(patterns[0], subject, names);
  if (answer == Truth::failed || unwinding())
    return Flow::raise;
  const auto others = [&] { return exec_case(clause.next(), subject); };
  const auto taken = [&]() -> Flow {
    for (const auto& [name, value] : names)
      assign_name(name, value);
    const auto body = [&] { return exec_block(clause.child(Field::consequence)); };
    if (!guard)
      return body();
    const Value value = eval(guard);
    if (!value)
      return Flow::raise;
    here_ = loc(guard);
    switch (truth(value)) {
    case Truth::failed: return Flow::raise;
    case Truth::no: return others();
    case Truth::yes: return body();
    case Truth::unknown: break;
    }
    return fork(loc(guard), value, body, others);
  };
  if (answer != Truth::unknown)
    return answer == Truth::yes ? taken() : others();
  const Value reason = poison(undecided(subject));
  std::vector<std::string_view> bound;
  for (const Node pattern : patterns)
    names_of(pattern, bound);
  names.clear();
  for (const std::string_view name : bound)
    if (name != "_")
      names.emplace_back(name, reason);
  return fork(loc(clause), reason, taken, others);
}

Truth Interpreter::match_pattern(Node pattern, Value subject, Bindings& names) {
  if (!step())
    return Truth::failed;
  if (pattern.text() == "_")
    return Truth::yes;
  const Node inner = inner_of(pattern);
  switch (inner.kind()) {
  case Kind::case_pattern: return Truth::yes;  // `_`
  case Kind::dotted_name:
    if (const Node first = inner.first_child(); first && !first.next()) {
      if (first.text() != "_")
        names.emplace_back(first.text(), subject);
      return Truth::yes;
    }
    return match_literal(inner, subject);
  case Kind::union_pattern:
    for (const Node one : inner.children()) {
      Bindings own;
      const Truth answer = match_pattern(one, subject, own);
      if (answer == Truth::no)
        continue;
      names.insert(names.end(), own.begin(), own.end());
      return answer;
    }
    // `_` among them has no node of its own.
    return trim(inner.text()).ends_with("_") &&
                   trim(trim(inner.text()).substr(0, trim(inner.text()).size() - 1)).ends_with('|')
               ? Truth::yes
               : Truth::no;
  case Kind::as_pattern: {
    const Node alias = inner.first_child().next();
    const Truth answer = match_pattern(inner.first_child(), subject, names);
    if (answer == Truth::yes && alias)
      names.emplace_back(alias.text(), subject);
    return answer;
  }
  case Kind::tuple_pattern:
  case Kind::list_pattern: {
    const std::vector<Node> parts = children_of(inner);
    const bool group = inner.kind() == Kind::tuple_pattern && parts.size() == 1 &&
                       !comma_behind(inner, parts[0]) &&
                       inner_of(parts[0]).kind() != Kind::splat_pattern;
    return group ? match_pattern(parts[0], subject, names) : match_sequence(parts, subject, names);
  }
  case Kind::dict_pattern: return match_mapping(inner, subject, names);
  case Kind::class_pattern: return match_class(inner, subject, names);
  case Kind::string:
  case Kind::concatenated_string:
  case Kind::integer:
  case Kind::float_:
  case Kind::none:
  case Kind::true_:
  case Kind::false_: return match_literal(inner, subject);
  default:
    here_ = loc(inner);
    stop(kUnsupported, "statement", "this pattern is not interpreted");
    return Truth::failed;
  }
}

// A constant, or the value of a dotted name.
Truth Interpreter::match_literal(Node pattern, Value subject) {
  Value value;
  if (pattern.kind() == Kind::dotted_name) {
    Node part = pattern.first_child();
    here_ = loc(part);
    value = lookup(part.text());
    for (part = part.next(); part && value; part = part.next())
      value = get_attribute(value, part.text());
  } else {
    value = eval(pattern);
    if (value && value.is_number() && !value.is(Type::boolean) && is_negative(pattern))
      value = unary("-", value);
  }
  if (!value)
    return Truth::failed;
  if (subject.is_unknown() || value.is_unknown())
    return Truth::unknown;
  // These are compared by identity: True is not 1 here.
  if (pattern.kind() == Kind::none || pattern.kind() == Kind::true_ ||
      pattern.kind() == Kind::false_)
    return truth_of(subject.identical(value));
  return equal(subject, value);
}

Truth Interpreter::match_sequence(const std::vector<Node>& patterns, Value subject,
                                  Bindings& names) {
  const Value whole = plain(subject);
  if (whole.is_unknown() || whole.is(Type::foreign))
    return Truth::unknown;
  std::vector<Value> items;
  if (const List* const list = whole.as<List>())
    items = list->items;
  else if (const Tuple* const several = whole.as<Tuple>())
    items = several->items;
  else if (!whole.is(Type::range))
    return Truth::no;
  Value problem;
  if (whole.is(Type::range) && !collect(whole, items, problem))
    return Truth::failed;
  size_t star = SIZE_MAX;
  for (size_t i = 0; i < patterns.size(); ++i)
    if (inner_of(patterns[i]).kind() == Kind::splat_pattern)
      star = i;
  const size_t wanted = patterns.size() - (star == SIZE_MAX ? 0 : 1);
  if (star == SIZE_MAX ? items.size() != wanted : items.size() < wanted)
    return Truth::no;
  Truth all = Truth::yes;
  size_t next = 0;
  for (size_t i = 0; i < patterns.size(); ++i) {
    if (i == star) {
      const auto from = items.begin() + static_cast<ptrdiff_t>(next);
      const auto to = from + static_cast<ptrdiff_t>(items.size() - wanted);
      next += items.size() - wanted;
      const Node name = inner_of(patterns[i]).first_child();
      if (name && name.text() != "_")
        names.emplace_back(name.text(), list({from, to}));
      continue;
    }
    const Truth answer = match_pattern(patterns[i], items[next++], names);
    if (answer == Truth::no || answer == Truth::failed)
      return answer;
    if (answer == Truth::unknown)
      all = answer;
  }
  return unwinding() ? Truth::failed : all;
}

Truth Interpreter::match_mapping(Node pattern, Value subject, Bindings& names) {
  const Value whole = plain(subject);
  if (whole.is_unknown() || whole.is(Type::foreign))
    return Truth::unknown;
  const Dict* const dict = whole.as<Dict>();
  if (!dict)
    return Truth::no;
  Dict* const rest = new_dict();
  for (const Table::Entry& entry : dict->table.entries())
    if (entry.alive && !dict_set(*rest, entry.key, entry.value))
      return Truth::failed;
  Truth all = Truth::yes;
  Value key;
  for (const Node child : pattern.children()) {
    const Node inner = inner_of(child);
    if (child.field() == Field::key) {
      if (child.kind() == Kind::token)  // a sign
        continue;
      if (inner.kind() == Kind::dotted_name) {
        here_ = loc(inner);
        Node part = inner.first_child();
        key = lookup(part.text());
        for (part = part.next(); part && key; part = part.next())
          key = get_attribute(key, part.text());
      } else {
        key = eval(inner);
        if (key && key.is_number() && !key.is(Type::boolean) && is_negative(inner))
          key = unary("-", key);
      }
      if (!key)
        return Truth::failed;
      continue;
    }
    if (inner.kind() == Kind::splat_pattern) {
      if (inner.first_child())
        names.emplace_back(inner.first_child().text(), rest);
      continue;
    }
    if (key.is_unknown())
      return Truth::unknown;
    const Value value = dict_get(dict->table, key);
    if (unwinding())
      return Truth::failed;
    if (!value)
      return Truth::no;
    if (!delete_item(rest, key))
      return Truth::failed;
    const Truth answer = match_pattern(child, value, names);
    if (answer == Truth::no || answer == Truth::failed)
      return answer;
    if (answer == Truth::unknown)
      all = answer;
  }
  return all;
}

Truth Interpreter::match_class(Node pattern, Value subject, Bindings& names) {
  Node part = pattern.first_child();
  here_ = loc(part);
  Node piece = part.first_child();
  Value type = lookup(piece.text());
  for (piece = piece.next(); piece && type; piece = piece.next())
    type = get_attribute(type, piece.text());
  if (!type)
    return Truth::failed;
  if (type.is_unknown() || subject.is_unknown())
    return Truth::unknown;
  if (!type.is(Type::class_) && !type.is(Type::native_type)) {
    if (type.is(Type::foreign))
      return Truth::unknown;
    raise("TypeError", "called match pattern must be a class");
    return Truth::failed;
  }
  Truth all = is_instance(subject, type);
  if (all == Truth::no || all == Truth::failed)
    return all;
  const auto combine = [&](Truth answer) {
    if (answer == Truth::unknown)
      all = answer;
    return answer == Truth::yes || answer == Truth::unknown;
  };
  // The names behind positional patterns.
  std::vector<std::string_view> positions;
  const Class* const cls = type.as<Class>();
  bool whole = !cls;
  if (cls) {
    const Value given = cls->find("__match_args__");
    if (const Tuple* const several = given.as<Tuple>()) {
      for (const Value name : several->items)
        if (const Str* const text = name.as<Str>())
          positions.push_back(text->text);
    } else if (cls->flavour == Class::Flavour::dataclass ||
               cls->flavour == Class::Flavour::named_tuple) {
      for (const Field_& field : cls->fields)
        if (field.init && !field.keyword_only)
          positions.push_back(field.name);
    } else if (cls->foreign) {
      return Truth::unknown;
    } else {
      whole = cls->data != nullptr;
    }
  }
  size_t next = 0;
  for (part = part.next(); part; part = part.next()) {
    const Node inner = inner_of(part);
    Node below = part;
    std::string_view name;
    if (inner.kind() == Kind::keyword_pattern) {
      name = inner.first_child().text();
      below = inner.first_child().next();
      if (!below) {  // `x=_`
        const Value there = find_attribute(subject, name);
        if (unwinding())
          return Truth::failed;
        if (!there)
          return Truth::no;
        continue;
      }
    } else if (whole && next == 0) {
      ++next;
      const Truth answer = match_pattern(part, subject, names);
      if (!combine(answer))
        return answer;
      continue;
    } else if (next < positions.size()) {
      name = positions[next++];
    } else {
      raise("TypeError", fmt::format("{}() accepts {} positional sub-patterns",
                                     cls ? cls->name : "type", whole ? 1 : positions.size()));
      return Truth::failed;
    }
    const Value value = find_attribute(subject, name);
    if (unwinding())
      return Truth::failed;
    if (!value)
      return Truth::no;
    const Truth answer = match_pattern(below, value, names);
    if (!combine(answer))
      return answer;
  }
  return all;
}

}  // namespace retort::py
