// try, raise and assert.
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

struct TryParts {
  std::vector<Node> handlers;
  Node otherwise;
  Node finally;
};

TryParts parts_of(Node statement) {
  TryParts parts;
  for (const Node child : statement.children()) {
    if (child.kind() == Kind::except_clause)
      parts.handlers.push_back(child);
    else if (child.kind() == Kind::else_clause)
      parts.otherwise = child.child(Field::body);
    else if (child.kind() == Kind::finally_clause)
      parts.finally = child.first_child();
  }
  return parts;
}

Node body_of_handler(Node handler) {
  for (const Node child : handler.children())
    if (child.kind() == Kind::block)
      return child;
  return {};
}

}  // namespace

Flow Interpreter::exec_try(Node statement) {
  const TryParts parts = parts_of(statement);
  const Node body = statement.child(Field::body);
  Flow flow = Flow::next;
  if (parts.handlers.empty()) {
    flow = exec_block(body);
    if (flow == Flow::next && parts.otherwise)
      flow = exec_block(parts.otherwise);
  } else {
    flow = exec_guarded(body, parts.handlers, parts.otherwise);
  }
  if (!parts.finally || stopped_)
    return flow;

  const Value exception = std::exchange(exception_, Value());
  const Value returned = return_value_;
  const bool by_hand = explicit_raise_;
  const Loc raised_at = raised_at_;
  const Flow last = exec_block(parts.finally);
  if (last != Flow::next)
    return last;
  exception_ = exception;
  return_value_ = returned;
  explicit_raise_ = by_hand;
  raised_at_ = raised_at;
  return flow;
}

Flow Interpreter::exec_guarded(Node body, const std::vector<Node>& handlers, Node otherwise) {
  const auto attempt = [&] {
    ++try_depth_;
    const Flow flow = exec_block(body);
    --try_depth_;
    return flow;
  };
  const size_t doubts = doubts_;
  const size_t forks = forks_.size();
  begin_trial();
  Flow flow = attempt();
  if (stopped_) {
    keep_trial();
    return Flow::raise;
  }
  if (exception_) {
    keep_trial();
    return exec_handlers(handlers);
  }
  if (doubts_ == doubts || forks_.size() != forks) {
    keep_trial();
    return flow == Flow::next && otherwise ? exec_block(otherwise) : flow;
  }

  // Something unknown was touched, and may have raised: the handlers are the other outcome.
  take_back(flow);
  const Value reason = unknown(Cause::Kind::branch, "whether this raises is unknown");
  return fork(
      loc(body), reason,
      [&]() -> Flow {
        const Flow handled = exec_handler(handlers[0], reason);
        // Only the last handler is likely to be a catch-all; the others are told apart by type.
        return handled;
      },
      [&] {
        const Flow again = attempt();
        return again == Flow::next && otherwise ? exec_block(otherwise) : again;
      },
      true);
}

Flow Interpreter::exec_handler(Node handler, Value exception) {
  Node type = handler.child(Field::value);
  Node name;
  if (type.kind() == Kind::as_pattern)
    name = type.child(Field::alias).first_child();
  if (name && !assign(name, exception))
    return Flow::raise;
  Restore<Value> handled(handled_, exception);
  Flow flow = exec_block(body_of_handler(handler));
  if (name && name.kind() == Kind::identifier) {
    touch(scope_);
    scope_->names.erase(name.text());
  }
  return flow;
}

// The exception that is on its way up meets the handlers.
Flow Interpreter::exec_handlers(const std::vector<Node>& handlers) {
  const Value exception = exception_;
  const bool by_hand = explicit_raise_;
  const Loc raised_at = raised_at_;
  for (const Node handler : handlers) {
    if (handler.text().starts_with("except*")) {
      here_ = loc(handler);
      stop(kUnsupported, "statement", "`except*` is not interpreted");
      return Flow::raise;
    }
    Node type = handler.child(Field::value);
    if (type.kind() == Kind::as_pattern)
      type = type.first_child();
    Truth match = Truth::yes;
    if (type) {
      exception_ = {};
      const Value wanted = eval(type);
      if (!wanted)
        return Flow::raise;
      here_ = loc(type);
      match = matches(exception, wanted);
      if (match == Truth::failed)
        return Flow::raise;
      exception_ = exception;
    }
    if (match != Truth::yes)
      continue;
    exception_ = {};
    explicit_raise_ = by_hand;
    raised_at_ = raised_at;
    return exec_handler(handler, exception);
  }
  exception_ = exception;
  explicit_raise_ = by_hand;
  raised_at_ = raised_at;
  return Flow::raise;
}

// An exception type that is unknown is one of a foreign package: it is no error of the language.
Truth Interpreter::matches(Value exception, Value type) {
  if (const Tuple* const several = type.as<Tuple>()) {
    for (const Value one : several->items)
      if (const Truth answer = matches(exception, one); answer != Truth::no)
        return answer;
    return Truth::no;
  }
  const Instance* const instance = exception.as<Instance>();
  const Class* const cls = type.as<Class>();
  if (!cls || !instance)
    return Truth::no;
  return truth_of(instance->cls->derives_from(cls));
}

Flow Interpreter::exec_raise(Node statement) {
  Node expression;
  for (const Node child : statement.children())
    if (child.field() != Field::cause)
      expression = child;
  if (!expression) {
    here_ = loc(statement);
    if (handled_.is(Type::instance)) {
      raise(handled_);
      return Flow::raise;
    }
    if (handled_)
      raise("Exception", "raised again");
    else
      raise("RuntimeError", "No active exception to reraise");
    return Flow::raise;
  }
  Value exception = eval(expression);
  if (!exception)
    return Flow::raise;
  here_ = loc(statement);
  if (exception.is(Type::class_)) {
    exception = call(exception);
    if (!exception)
      return Flow::raise;
  }
  const Instance* const instance = exception.as<Instance>();
  if (exception.is_unknown()) {
    raise("Exception", "an exception of a foreign package");
  } else if (!instance || instance->cls->flavour != Class::Flavour::exception) {
    raise("TypeError", "exceptions must derive from BaseException");
    return Flow::raise;
  } else {
    raise(exception);
  }
  explicit_raise_ = true;
  return Flow::raise;
}

Flow Interpreter::exec_assert(Node statement) {
  const Node condition = statement.first_child();
  const Value value = eval(condition);
  if (!value)
    return Flow::raise;
  here_ = loc(condition);
  const auto fail = [&] {
    const Node message = condition.next();
    const Value words = message ? eval(message) : Value::none();
    const Value string = words && message ? str(words) : words;
    if (unwinding())
      return Flow::raise;
    here_ = loc(statement);
    const Str* const text = string.as<Str>();
    raise("AssertionError", text ? text->text : "");
    explicit_raise_ = true;
    return Flow::raise;
  };
  switch (truth(value)) {
  case Truth::failed: return Flow::raise;
  case Truth::yes: return Flow::next;
  case Truth::no: return fail();
  case Truth::unknown: break;
  }
  return fork(loc(condition), value, fail, [] { return Flow::next; });
}

}  // namespace retort::py
