// List, set and dict comprehensions and generator expressions.
#include "compiler/python/frame.h"

namespace retort::py {

// Runs `element` for each round of the clauses from `clause` on. `first` is the iterable of the
// first one, which is evaluated outside.
Truth Interpreter::comprehend(Node clause, Value first, const std::function<bool()>& element) {
  if (!clause)
    return element() ? Truth::yes : Truth::failed;
  if (clause.kind() == Kind::if_clause) {
    const Value value = eval(clause.first_child());
    if (!value)
      return Truth::failed;
    switch (truth(value)) {
    case Truth::failed: return Truth::failed;
    case Truth::no: return Truth::yes;
    case Truth::yes: return comprehend(clause.next(), {}, element);
    case Truth::unknown: break;
    }
    problem_ = value;
    // Whether there is such an element is unknown; that it does nothing else must be certain.
    Truth inner = Truth::unknown;
    const Flow flow = fork(
        loc(clause), value,
        [&] {
          inner = comprehend(clause.next(), {}, element);
          return inner == Truth::failed && unwinding() ? Flow::raise : Flow::next;
        },
        [] { return Flow::next; });
    return flow == Flow::raise ? Truth::failed : Truth::unknown;
  }
  const Value iterable = first ? first : eval(clause.child(Field::right));
  if (!iterable)
    return Truth::failed;
  here_ = loc(clause);
  Truth result = Truth::yes;
  const Node left = clause.child(Field::left);
  const Node next = clause.next();
  const Truth done = iterate(iterable, [&](Value item) {
    if (!step() || !assign(left, item)) {
      result = Truth::failed;
      return false;
    }
    const Truth inner = comprehend(next, {}, element);
    if (inner == Truth::unknown)
      result = Truth::unknown;
    if (inner == Truth::failed)
      result = Truth::failed;
    return inner != Truth::failed;
  });
  if (done != Truth::unknown)
    return done == Truth::failed ? done : result;
  const Value cause = iterable.is_unknown() ? iterable : problem_;
  problem_ = poison(undecided(cause));
  const Value item = poison(problem_);
  const Flow flow = fork(
      loc(clause), problem_,
      [&] {
        const bool good = assign(left, item) && comprehend(next, {}, element) != Truth::failed;
        return good || !unwinding() ? Flow::next : Flow::raise;
      },
      [] { return Flow::next; });
  return flow == Flow::raise ? Truth::failed : Truth::unknown;
}

Value Interpreter::eval_comprehension(Node node) {
  const Node body = node.child(Field::body);
  Node clause = body.next();
  while (clause && clause.kind() != Kind::for_in_clause)
    clause = clause.next();
  const Value first = eval(clause.child(Field::right));
  if (!first)
    return {};
  if (node.text().find("async ") != std::string_view::npos && clause.text().starts_with("async")) {
    here_ = loc(node);
    return unknown(Cause::Kind::unsupported, "asynchronous iteration is not interpreted");
  }
  Scope* const scope = make<Scope>();
  scope->kind = Scope::Kind::comprehension;
  scope->parent = scope_;
  scope->module = scope_->module;

  if (node.kind() == Kind::generator_expression) {
    here_ = loc(node);
    Frame* const frame = frame_;
    const Value made = lazy_iterator(
        "generator", [this, body, clause, first, scope, frame](const Visit& visit) -> Truth {
          Restore<Value> problem(problem_, Value());
          bool stopped = false;
          Truth result;
          {
            const Guard guard(*this, scope, frame);
            result = comprehend(clause, first, [&] {
              const Value item = eval(body);
              if (!item)
                return false;
              stopped = !visit(item);
              return !stopped;
            });
          }
          if (result == Truth::failed && stopped && !unwinding())
            return Truth::yes;
          if (result == Truth::unknown)
            last_unknown_ = problem_;
          return result;
        });
    made.as<Iterator>()->own_scope = scope;
    return made;
  }

  Restore<Value> old_problem(problem_, Value());
  std::vector<Value> items;
  Dict* const dict = node.kind() == Kind::dictionary_comprehension ? new_dict() : nullptr;
  Truth done;
  {
    const Guard guard(*this, scope);
    done = comprehend(clause, first, [&] {
      if (!dict) {
        items.push_back(eval(body));
        return items.back() && items.size() <= limits_.items;
      }
      const Value key = eval(body.child(Field::key));
      const Value value = key ? eval(body.child(Field::value)) : Value();
      return value && dict_set(*dict, key, value);
    });
  }
  here_ = loc(node);
  if (unwinding())
    return {};
  if (done == Truth::unknown)
    return poison(undecided(problem_));
  if (dict)
    return dict;
  if (node.kind() == Kind::list_comprehension)
    return list(std::move(items));
  Set* const set = new_set();
  for (const Value item : items)
    if (!set_add(*set, item))
      return {};
  return set;
}

}  // namespace retort::py
