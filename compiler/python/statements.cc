// Simple statements, loops and `with`.
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <fmt/format.h>

namespace retort::py {

Flow Interpreter::exec_block(Node block) {
  for (const Node statement : block.children()) {
    const Flow flow = exec(statement);
    if (flow != Flow::next)
      return flow;
  }
  return Flow::next;
}

Flow Interpreter::exec(Node statement) {
  here_ = loc(statement);
  if (!step())
    return Flow::raise;
  if (nesting_ >= limits_.nesting) {
    stop(kLimit, "nesting", "this is nested too deeply");
    return Flow::raise;
  }
  ++nesting_;
  const Flow flow = exec_inner(statement);
  --nesting_;
  return unwinding() ? Flow::raise : flow;
}

Flow Interpreter::exec_inner(Node statement) {
  switch (statement.kind()) {
  case Kind::expression_statement: return exec_expression(statement.first_child());
  case Kind::if_statement: return exec_if(statement, statement);
  case Kind::while_statement: return exec_while(statement);
  case Kind::for_statement: return exec_for(statement);
  case Kind::try_statement: return exec_try(statement);
  case Kind::match_statement: return exec_match(statement);
  case Kind::with_statement: {
    if (statement.text().starts_with("async"))
      break;
    return exec_with(statement, statement.first_child().first_child());
  }
  case Kind::function_definition: define_function(statement, {}); return Flow::next;
  case Kind::class_definition: define_class(statement, {}); return Flow::next;
  case Kind::decorated_definition: {
    const Node definition = statement.child(Field::definition);
    if (definition.kind() == Kind::class_definition)
      define_class(definition, statement);
    else
      define_function(definition, statement);
    return Flow::next;
  }
  case Kind::return_statement: {
    const Node child = statement.first_child();
    return_value_ = child ? eval(child) : Value::none();
    return return_value_ ? Flow::return_ : Flow::raise;
  }
  case Kind::raise_statement: return exec_raise(statement);
  case Kind::assert_statement: return exec_assert(statement);
  case Kind::pass_statement:
  case Kind::future_import_statement: return Flow::next;
  case Kind::break_statement: return Flow::break_;
  case Kind::continue_statement: return Flow::continue_;
  case Kind::global_statement:
    for (const Node name : statement.children())
      scope_->globals.push_back(name.text());
    return Flow::next;
  case Kind::nonlocal_statement:
    for (const Node name : statement.children())
      scope_->nonlocals.push_back(name.text());
    return Flow::next;
  case Kind::delete_statement:
    for (const Node target : statement.children())
      if (!remove(target))
        return Flow::raise;
    return Flow::next;
  case Kind::import_statement: return exec_import(statement);
  case Kind::import_from_statement: return exec_import_from(statement);
  case Kind::block: return exec_block(statement);
  default: break;
  }
  here_ = loc(statement);
  stop(kUnsupported, "statement", "this statement is not interpreted");
  return Flow::raise;
}

Flow Interpreter::exec_expression(Node expression) {
  if (expression.kind() == Kind::assignment)
    return exec_assignment(expression);
  if (expression.kind() == Kind::augmented_assignment)
    return exec_augmented(expression);
  if (expression.kind() == Kind::string && !expression.first_child())  // a docstring
    return Flow::next;
  Restore<Node> discarded(discarded_, expression);
  return eval(expression) ? Flow::next : Flow::raise;
}

Flow Interpreter::exec_assignment(Node assignment) {
  // The grammar takes `match [a]:` with patterns in brackets for an annotation over several lines.
  if (const Node type = assignment.child(Field::type);
      assignment.text().starts_with("match") &&
      assignment.child(Field::left).kind() != Kind::identifier &&
      type.text().find('\n') != std::string_view::npos) {
    here_ = loc(assignment);
    stop(kUnsupported, "statement", "this `match` needs a name for its subject");
    return Flow::raise;
  }
  Node source = assignment;
  while (source.kind() == Kind::assignment) {
    source = source.child(Field::right);
    if (!source)  // an annotation alone
      return Flow::next;
  }
  const Value value = eval(source);
  if (!value)
    return Flow::raise;
  for (Node target = assignment; target.kind() == Kind::assignment;
       target = target.child(Field::right))
    if (!assign(target.child(Field::left), value))
      return Flow::raise;
  return Flow::next;
}

Flow Interpreter::exec_augmented(Node assignment) {
  const Node target = assignment.child(Field::left);
  std::string_view op = assignment.child(Field::operator_).text();
  op.remove_suffix(1);
  Value object, key, old;
  if (target.kind() == Kind::attribute) {
    object = eval(target.child(Field::object));
    old = object ? get_attribute(object, target.child(Field::attribute).text()) : Value();
  } else if (target.kind() == Kind::subscript) {
    object = eval(target.child(Field::value));
    key = object ? eval_key(target) : Value();
    old = key ? get_item(object, key) : Value();
  } else {
    old = eval(target);
  }
  if (!old)
    return Flow::raise;
  const Value right = eval(assignment.child(Field::right));
  if (!right)
    return Flow::raise;
  here_ = loc(assignment);
  const Value result = in_place(op, old, right);
  if (!result)
    return Flow::raise;
  here_ = loc(assignment);
  const bool good = key ? set_item(object, key, result)
                    : target.kind() == Kind::attribute
                        ? set_attribute(object, target.child(Field::attribute).text(), result)
                        : assign(target, result);
  return good ? Flow::next : Flow::raise;
}

// `part` is the statement or an elif clause; what follows it among the children are the others.
Flow Interpreter::exec_if(Node statement, Node part) {
  const Node condition = part.child(Field::condition);
  const Value value = eval(condition);
  if (!value)
    return Flow::raise;
  Node other = part.kind() == Kind::elif_clause ? part.next() : part.child(Field::alternative);
  while (other && other.kind() != Kind::elif_clause && other.kind() != Kind::else_clause)
    other = other.next();
  const auto consequence = [&] { return exec_block(part.child(Field::consequence)); };
  const auto alternative = [&]() -> Flow {
    if (!other)
      return Flow::next;
    return other.kind() == Kind::elif_clause ? exec_if(statement, other)
                                             : exec_block(other.child(Field::body));
  };
  here_ = loc(condition);
  switch (truth(value)) {
  case Truth::failed: return Flow::raise;
  case Truth::yes: return consequence();
  case Truth::no: return alternative();
  case Truth::unknown: break;
  }
  return fork(loc(condition), value, consequence, alternative);
}

// One round: yields next to go on with the following one.
Flow Interpreter::exec_loop_body(Node body) {
  const size_t base = forks_.size();
  const Flow flow = close_forks(base, exec_block(body), End::round);
  return flow == Flow::continue_ ? Flow::next : flow;
}

Flow Interpreter::exec_while(Node statement) {
  const size_t base = forks_.size();
  const Node condition = statement.child(Field::condition);
  const Node body = statement.child(Field::body);
  const Node other = statement.child(Field::alternative).child(Field::body);
  constexpr int kMaxOpenRounds = 3;
  int open_rounds = 0;
  const size_t effects = effects_->count();
  while (true) {
    const Value value = eval(condition);
    if (!value)
      return close_forks(base, Flow::raise, End::loop);
    here_ = loc(condition);
    const Truth answer = truth(value);
    if (answer == Truth::failed)
      return close_forks(base, Flow::raise, End::loop);
    if (answer == Truth::no)
      break;
    if (answer == Truth::unknown) {
      const Flow flow = repeat_undecided(
          loc(condition), value,
          [&] {
            const Flow round = exec_loop_body(body);
            return round == Flow::next && !eval(condition) ? Flow::raise : round;
          },
          [&] { return other ? exec_block(other) : Flow::next; });
      return close_forks(base, flow, End::loop);
    }
    const Flow flow = exec_loop_body(body);
    if (flow == Flow::break_)
      return close_forks(base, Flow::next, End::loop);
    if (flow != Flow::next)
      return close_forks(base, flow, End::loop);
    // Whether it ended in this round is unknown, as with `if result.rowcount == 0: break`.
    if (forks_.size() == base)
      continue;
    const Value reason = forks_.back()->condition;
    if (effects_->count() != effects) {
      std::unique_ptr<Effects::Batch> rounds = effects_->cut(effects);
      loop_hole(loc(condition), reason, *rounds);
      effects_->append(std::move(rounds));
      return end_loop(base);
    }
    if (++open_rounds == kMaxOpenRounds) {
      const Flow rest = repeat_undecided(
          loc(condition), reason, [&] { return exec_loop_body(body); }, [] { return Flow::next; });
      return close_forks(base, rest, End::loop);
    }
  }
  return close_forks(base, other ? exec_block(other) : Flow::next, End::loop);
}

Flow Interpreter::exec_for(Node statement) {
  if (statement.text().starts_with("async")) {
    stop(kUnsupported, "statement", "asynchronous iteration is not interpreted");
    return Flow::raise;
  }
  const size_t base = forks_.size();
  const Node target = statement.child(Field::left);
  const Node body = statement.child(Field::body);
  const Node other = statement.child(Field::alternative).child(Field::body);
  const Value iterable = eval(statement.child(Field::right));
  if (!iterable)
    return Flow::raise;
  here_ = loc(statement.child(Field::right));
  Flow flow = Flow::next;
  const auto round = [&](Value item) {
    flow = step() && assign(target, item) ? exec_loop_body(body) : Flow::raise;
    return flow == Flow::next;
  };
  const auto otherwise = [&] { return other ? exec_block(other) : Flow::next; };
  const Truth done = iterate(iterable, round);
  if (done == Truth::unknown && flow == Flow::next) {
    const Value cause = iterable.is_unknown() ? iterable : last_unknown_;
    const Value item = poison(undecided(cause));
    here_ = loc(statement.child(Field::right));
    flow = repeat_undecided(
        here_, item,
        [&] {
          round(item);
          return flow;
        },
        otherwise);
    return close_forks(base, flow, End::loop);
  }
  if (done == Truth::failed || unwinding())
    return close_forks(base, Flow::raise, End::loop);
  if (flow == Flow::next)
    flow = otherwise();
  else if (flow == Flow::break_)
    flow = Flow::next;
  return close_forks(base, flow, End::loop);
}

Flow Interpreter::exec_with(Node statement, Node item) {
  if (!item)
    return exec_block(statement.child(Field::body));
  Node expression = item.child(Field::value);
  Node target;
  if (expression.kind() == Kind::as_pattern) {
    target = expression.child(Field::alias).first_child();
    expression = expression.first_child();
  }
  const Value manager = eval(expression);
  if (!manager)
    return Flow::raise;
  here_ = loc(expression);

  Flow flow = Flow::next;
  const auto body = [&](Value entered) {
    flow = (!target || assign(target, entered)) ? exec_with(statement, item.next()) : Flow::raise;
  };
  if (manager.is_unknown()) {
    body(poison(manager));
    return flow;
  }
  if (Iterator* const iterator = manager.as<Iterator>();
      iterator && iterator->generator && iterator->generator->context_manager) {
    bool entered = false;
    const Truth done = iterate(manager, [&](Value value) {
      if (entered)
        return false;
      entered = true;
      body(value);
      return flow != Flow::raise;
    });
    if (!entered && !unwinding())
      raise("RuntimeError", "generator didn't yield");
    if (done == Truth::unknown)
      return flow;
    return unwinding() ? Flow::raise : flow == Flow::raise ? Flow::next : flow;
  }
  const auto leave = [&](const std::function<Truth(Value)>& exit) {
    const Value exception = flow == Flow::raise ? exception_ : Value();
    if (stopped_)
      return Flow::raise;
    Restore<bool> explicit_raise(explicit_raise_);
    Restore<Loc> raised_at(raised_at_);
    const Value returned = return_value_;
    exception_ = {};
    const Truth swallowed = exit(exception);
    return_value_ = returned;
    if (unwinding() || swallowed == Truth::failed)
      return Flow::raise;
    if (!exception)
      return flow;
    if (swallowed == Truth::yes)
      return Flow::next;
    exception_ = exception;
    return Flow::raise;
  };
  if (Foreign* const foreign = manager.as<Foreign>()) {
    const Value entered = foreign->enter(*this);
    if (entered) {
      body(entered);
      return leave([&](Value exception) { return truth_of(foreign->leave(*this, exception)); });
    }
  } else if (manager.is(Type::instance)) {
    const Value enter = special(manager, "__enter__");
    const Value exit = special(manager, "__exit__");
    if (enter && exit) {
      const Value entered = call(enter);
      if (!entered)
        return Flow::raise;
      body(entered);
      return leave([&](Value exception) {
        const Value none = Value::none();
        const Value result =
            exception ? call(exit, std::vector<Value>{type_of(exception), exception, none})
                      : call(exit, std::vector<Value>{none, none, none});
        return result ? truth(result) : Truth::failed;
      });
    }
  }
  if (!unwinding())
    raise("TypeError", fmt::format("'{}' object does not support the context manager protocol",
                                   type_name(manager)));
  return Flow::raise;
}

}  // namespace retort::py
