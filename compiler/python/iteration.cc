// Iteration over everything that has items.
#include "common/utf8.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <fmt/format.h>

namespace retort::py {

Truth Interpreter::iterate(Value iterable, const Visit& visit) {
  const auto each = [&](Value item) { return step() && visit(item); };
  const auto done = [&] { return unwinding() ? Truth::failed : Truth::yes; };
  switch (iterable.type()) {
  case Type::list:
    // By index: the loop sees items that are added meanwhile.
    for (size_t i = 0; iterable.is(Type::list) && i < iterable.as<List>()->items.size(); ++i)
      if (!each(iterable.as<List>()->items[i]))
        return done();
    if (iterable.is(Type::list))
      return done();
    last_unknown_ = iterable;
    return unwinding() ? Truth::failed : Truth::unknown;
  case Type::tuple:
    for (const Value item : iterable.as<Tuple>()->items)
      if (!each(item))
        break;
    return done();
  case Type::set:
  case Type::dict: {
    const bool is_dict = iterable.is(Type::dict);
    const auto table = [&]() -> const Table& {
      return is_dict ? static_cast<Dict*>(iterable.object())->table
                     : static_cast<Set*>(iterable.object())->table;
    };
    const size_t size = table().size();
    if (!is_dict && size > 1)
      notice("order", here_, "the order of a set is random in Python; here it is as written");
    for (size_t i = 0; i < table().entries().size(); ++i) {
      if (!table().entries()[i].alive)
        continue;
      if (!each(table().entries()[i].key))
        return done();
      if (iterable.is_unknown())
        break;
      if (table().size() != size) {
        raise("RuntimeError", is_dict ? "dictionary changed size during iteration"
                                      : "Set changed size during iteration");
        return Truth::failed;
      }
    }
    if (!iterable.is_unknown())
      return done();
    last_unknown_ = iterable;
    return unwinding() ? Truth::failed : Truth::unknown;
  }
  case Type::string: {
    const Str& string = *iterable.as<Str>();
    for (size_t at = 0; at < string.text.size();) {
      const size_t size = utf8::decode(string.text, at).size;
      if (!each(substring(*this, string, at, at + size)))
        break;
      at += size;
    }
    return done();
  }
  case Type::bytes:
    for (const char c : iterable.as<Bytes>()->bytes)
      if (!each(Value::of(int64_t{static_cast<unsigned char>(c)})))
        break;
    return done();
  case Type::range: {
    const Range& range = *iterable.as<Range>();
    const size_t size = range.size();
    int64_t number = range.start;
    for (size_t i = 0; i < size; ++i) {
      if (!each(Value::of(number)))
        break;
      if (i + 1 < size)
        number += range.step;
    }
    return done();
  }
  case Type::iterator: return iterate_once(*iterable.as<Iterator>(), visit);
  case Type::foreign:
    if (Foreign* const foreign = iterable.as<Foreign>(); foreign->iterable())
      return foreign->iterate(*this, each);
    break;
  case Type::class_:
    if (const Class* const cls = iterable.as<Class>();
        cls->flavour == Class::Flavour::enumeration) {
      if (cls->foreign) {
        last_unknown_ = undecided(cls->foreign);
        return Truth::unknown;
      }
      for (const Value member : cls->members)
        if (!each(member))
          break;
      return done();
    }
    break;
  case Type::instance: {
    if (const Value method = special(iterable, "__iter__")) {
      const Value iterator = call(method);
      if (!iterator)
        return Truth::failed;
      if (!iterator.is(Type::instance))
        return iterate(iterator, visit);
      while (step()) {
        const Value next = special(iterator, "__next__");
        if (!next)
          break;
        const Value item = call(next);
        if (const Instance* const raised = exception_.as<Instance>();
            raised && raised->cls->name == "StopIteration") {
          exception_ = {};
          return Truth::yes;
        }
        if (!item || !visit(item))
          return done();
      }
      return done();
    }
    if (const Instance* const instance = iterable.as<Instance>(); instance->data)
      return iterate(instance->data, visit);
    if (const Instance* const instance = iterable.as<Instance>(); instance->cls->foreign) {
      last_unknown_ = undecided(instance->cls->foreign);
      return Truth::unknown;
    }
    if (special(iterable, "__getitem__")) {
      last_unknown_ =
          unknown(Cause::Kind::unsupported, "iteration by `__getitem__` is not interpreted");
      return Truth::unknown;
    }
    break;
  }
  case Type::unknown: last_unknown_ = poison(iterable); return Truth::unknown;
  case Type::nothing: return Truth::failed;
  default: break;
  }
  raise("TypeError", fmt::format("'{}' object is not iterable", type_name(iterable)));
  return Truth::failed;
}

Truth Interpreter::iterate_once(Iterator& iterator, const Visit& visit) {
  if (iterator.nth) {
    Value item;
    Truth more = Truth::no;
    while (step() && (more = advance(iterator, item)) == Truth::yes)
      if (!visit(item))
        break;
    return unwinding() ? Truth::failed : Truth::yes;
  }
  if (!iterator.expanded && iterator.started)
    return Truth::yes;  // used up
  if (iterator.expanded) {
    while (iterator.next < iterator.items.size()) {
      touch(&iterator);
      const Value item = iterator.items[iterator.next++];
      if (!step() || !visit(item))
        return unwinding() ? Truth::failed : Truth::yes;
    }
    if (iterator.poison) {
      last_unknown_ = iterator.poison;
      return Truth::unknown;
    }
    if (iterator.failure && !unwinding()) {
      touch(&iterator);
      raise(std::exchange(iterator.failure, Value()));
    }
    return unwinding() ? Truth::failed : Truth::yes;
  }
  touch(&iterator);
  iterator.started = true;
  // The generator runs in its own surroundings, each visit in those of whoever asked for items.
  Scope* const scope = scope_;
  Frame* const frame = frame_;
  const Visit* const yield = yield_;
  const Node discarded = discarded_;
  bool stopped_early = false;
  Value pending;
  Value returned = return_value_;  // by a visit; the generator's own `return` is of no interest
  bool by_hand = false;
  Loc raised_at;
  const bool manager = iterator.generator && iterator.generator->context_manager;
  // What is yielded in a branch that may not happen, and all that follows, is for nobody: who
  // asked for items could not take them back.
  const size_t depth = undecided_depth_;
  const size_t forks = forks_.size();
  bool blurred = false;
  const Visit resumed = [&](Value item) {
    if (!step())
      return false;
    blurred |= !manager && (undecided_depth_ > depth || forks_.size() > forks);
    if (blurred)
      return true;
    const Guard guard(*this, scope, frame);
    Restore<const Visit*> yields(yield_, yield);
    Restore<Node> unused(discarded_, discarded);
    const bool more = visit(item);
    returned = return_value_;
    if (more)
      return true;
    stopped_early = true;
    if (!manager) {
      pending = std::exchange(exception_, Value());
      by_hand = explicit_raise_;
      raised_at = raised_at_;
    }
    return false;
  };
  const Guard guard(*this, scope_, frame_);
  Truth result = iterator.source(resumed);
  return_value_ = returned;
  if (blurred && result != Truth::failed) {
    if (result != Truth::unknown)
      last_unknown_ = unknown(Cause::Kind::branch, "whether a generator yields here is unknown");
    result = Truth::unknown;
  }
  if (pending && !stopped_) {
    exception_ = pending;
    explicit_raise_ = by_hand;
    raised_at_ = raised_at;
  }
  if (stopped_early && !manager) {
    // Whoever goes on with it would get the rest, which is not kept.
    touch(&iterator);
    iterator.expanded = true;
    iterator.poison = unknown(Cause::Kind::unsupported,
                              "what a loop leaves behind in an iterator is not interpreted");
  }
  if (unwinding())
    return Truth::failed;
  return stopped_early ? Truth::yes : result;
}

bool Interpreter::collect(Value iterable, std::vector<Value>& items, Value& problem) {
  problem = {};
  if (const Range* const range = iterable.as<Range>(); range && !charge_items(range->size()))
    return false;
  const Truth done = iterate(iterable, [&](Value item) {
    items.push_back(item);
    return items.size() <= limits_.items || charge_items(items.size());
  });
  if (done == Truth::unknown)
    problem = poison(undecided(iterable.is_unknown() ? iterable : last_unknown_));
  return done == Truth::yes;
}

Truth Interpreter::advance(Iterator& iterator, Value& item) {
  if (iterator.nth) {
    if (iterator.started)  // it has ended, and stays so
      return Truth::no;
    touch(&iterator);
    item = iterator.nth(iterator.next);
    if (unwinding())
      return Truth::failed;
    ++iterator.next;
    iterator.started = !item;
    return truth_of(static_cast<bool>(item));
  }
  if (!iterator.expanded && !expand(iterator))
    return Truth::failed;
  touch(&iterator);
  if (iterator.next < iterator.items.size()) {
    item = iterator.items[iterator.next++];
    return Truth::yes;
  }
  if (iterator.poison) {
    item = poison(iterator.poison);
    return Truth::unknown;
  }
  if (!iterator.failure)
    return Truth::no;
  raise(std::exchange(iterator.failure, Value()));
  return Truth::failed;
}

// Taken one by one, a generator would have to be put to sleep. Its items are computed at once
// instead, which shows only when it does something else meanwhile, or has no end.
bool Interpreter::expand(Iterator& iterator) {
  constexpr size_t kMaxItems = 10'000;
  touch(&iterator);
  if (iterator.started) {  // used up
    iterator.expanded = true;
    return true;
  }
  const size_t effects = effects_->count();
  const size_t writes = writes_;
  const Value exception = std::exchange(exception_, Value());
  begin_trial();
  std::vector<Value> items;
  Value problem;
  bool endless = false;
  const Truth done = iterate_once(iterator, [&](Value item) {
    items.push_back(item);
    endless = items.size() > kMaxItems;
    return !endless;
  });
  if (stopped_) {
    keep_trial();
    return false;
  }
  const Value failure = std::exchange(exception_, exception);
  if (done == Truth::unknown)
    problem = poison(undecided(last_unknown_));
  bool changed = effects_->count() != effects || writes != writes_;
  for (const Trial::Saved& saved : trials_.back()->saved)
    changed |= saved.object != &iterator && saved.object != iterator.own_scope;
  keep_trial();
  if (endless || changed) {
    stop(kUnsupported, "yield",
         endless ? "a generator without an end is not interpreted here"
                 : "a generator that changes something is not interpreted here");
    return false;
  }
  iterator.poison = problem;
  iterator.failure = failure;
  iterator.items = std::move(items);
  iterator.next = 0;
  iterator.expanded = true;
  return true;
}

}  // namespace retort::py
