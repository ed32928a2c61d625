// Branches on what is unknown: both are run, what they changed is taken back and compared. What
// comes out the same stays known; what differs becomes unknown; operations that differ are a hole.
#include "compiler/python/frame.h"

#include <algorithm>

namespace retort::py {

namespace {

// In the place of what two branches print, when that differs.
constexpr std::string_view kUndecidedText = "<unknown: which branch prints>\n";

}  // namespace

void Interpreter::touch(Object* object) {
  if (trials_.empty() || object->trial == trials_.back()->id)
    return;
  Trial& trial = *trials_.back();
  std::unique_ptr<Object> before = object->save();
  if (!before)
    return;
  heap_.count(256);
  trial.saved.push_back({object, std::move(before), object->trial});
  object->trial = trial.id;
}

void Interpreter::lose(Object* object, const Cause* cause) {
  touch(object);
  object->type = Type::unknown;
  object->cause = cause;
}

void Interpreter::begin_trial() {
  auto trial = std::make_unique<Trial>();
  trial->id = next_trial_++;
  trial->outer = heap_.trial;
  trial->effects = effects_->count();
  heap_.trial = trial->id;
  trials_.push_back(std::move(trial));
}

// Everything is as it was at begin_trial(); the outcome knows how it would have been.
Interpreter::Outcome Interpreter::take_back(Flow flow) {
  const std::unique_ptr<Trial> trial = std::move(trials_.back());
  trials_.pop_back();
  heap_.trial = trial->outer;
  Outcome outcome;
  outcome.flow = flow;
  if (flow == Flow::return_)
    outcome.value = return_value_;
  outcome.exception = std::exchange(exception_, Value());
  outcome.explicit_raise = explicit_raise_;
  outcome.raised_at = raised_at_;
  for (auto saved = trial->saved.rbegin(); saved != trial->saved.rend(); ++saved) {
    Object* const object = saved->object;
    std::unique_ptr<Object> after = object->save();
    // An object that lost its contents still has to say so.
    object->restore(*saved->before);
    object->trial = saved->trial_before;
    outcome.after.emplace_back(object, std::move(after));
  }
  outcome.effects = effects_->cut(trial->effects);
  outcome.written = std::move(trial->written);
  return outcome;
}

// The trial becomes what happened, as far as trials around it are concerned.
void Interpreter::keep_trial() {
  const std::unique_ptr<Trial> trial = std::move(trials_.back());
  trials_.pop_back();
  heap_.trial = trial->outer;
  if (!trial->written.empty())
    write(trial->written);
  Trial* const outer = trials_.empty() ? nullptr : trials_.back().get();
  for (Trial::Saved& saved : trial->saved) {
    saved.object->trial = trial->outer;
    if (outer && saved.trial_before != outer->id)
      outer->saved.push_back(std::move(saved));
  }
}

void Interpreter::write(std::string_view text) {
  ++writes_;
  if (!print)
    return;
  if (trials_.empty())
    print(text);
  else if (charge(text.size()))
    trials_.back()->written += text;
}

bool Interpreter::known_same(Value a, Value b) {
  if (!a || !b)
    return !a && !b;
  if (a.identical(b))
    return true;
  if (a.is_unknown() || b.is_unknown() || a.type() != b.type())
    return false;
  if (a.is(Type::string))
    return a.as<Str>()->text == b.as<Str>()->text;
  if (const Tuple* const left = a.as<Tuple>()) {
    const Tuple* const right = b.as<Tuple>();
    return std::equal(left->items.begin(), left->items.end(), right->items.begin(),
                      right->items.end(), [&](Value x, Value y) { return known_same(x, y); });
  }
  return false;
}

// Two outcomes become one: the other one, and the one that the innermost trial has led to.
void Interpreter::merge_trial(Outcome& other, const Cause* cause) {
  // What only this one changed is in the other one as it was before.
  for (const Trial::Saved& saved : trials_.back()->saved)
    if (std::none_of(other.after.begin(), other.after.end(),
                     [&](const auto& change) { return change.first == saved.object; }))
      other.after.emplace_back(saved.object, saved.before->save());
  merge(other, cause);
}

// What would have been in another outcome meets what is.
void Interpreter::merge(Outcome& other, const Cause* cause) {
  const auto merge_names = [&](Attributes& own, const Attributes& theirs) {
    std::vector<std::string_view> differ;
    for (const auto& [name, value] : own)
      if (!known_same(value, theirs.find(name)))
        differ.push_back(name);
    for (const auto& [name, value] : theirs)
      if (!own.find(name))
        differ.push_back(name);
    for (const std::string_view name : differ)
      own.set(name, unknown(cause));
  };
  const auto same_table = [&](const Table& own, const Table& theirs) {
    if (own.entries().size() != theirs.entries().size())
      return false;
    for (size_t i = 0; i < own.entries().size(); ++i) {
      const Table::Entry& a = own.entries()[i];
      const Table::Entry& b = theirs.entries()[i];
      if (a.alive != b.alive || !known_same(a.key, b.key) || !known_same(a.value, b.value))
        return false;
    }
    return true;
  };
  for (auto& [object, after] : other.after) {
    touch(object);
    if (object->type == Type::unknown)
      continue;
    if (after->type == Type::unknown) {
      lose(object, after->cause);
      continue;
    }
    bool same = false;
    switch (object->type) {
    case Type::scope:
      merge_names(static_cast<Scope*>(object)->names, static_cast<Scope&>(*after).names);
      continue;
    case Type::instance:
      merge_names(static_cast<Instance*>(object)->attributes,
                  static_cast<Instance&>(*after).attributes);
      continue;
    case Type::class_:
      merge_names(static_cast<Class*>(object)->attributes, static_cast<Class&>(*after).attributes);
      continue;
    case Type::function:
      merge_names(static_cast<Function*>(object)->attributes,
                  static_cast<Function&>(*after).attributes);
      continue;
    case Type::list: {
      const auto& own = static_cast<List*>(object)->items;
      const auto& theirs = static_cast<List&>(*after).items;
      same = std::equal(own.begin(), own.end(), theirs.begin(), theirs.end(),
                        [&](Value a, Value b) { return known_same(a, b); });
      break;
    }
    case Type::dict:
      same = same_table(static_cast<Dict*>(object)->table, static_cast<Dict&>(*after).table);
      break;
    case Type::set:
      same = same_table(static_cast<Set*>(object)->table, static_cast<Set&>(*after).table);
      break;
    default: break;
    }
    if (!same)
      lose(object, cause);
  }
}

Flow Interpreter::fork(Loc at, Value condition, const std::function<Flow()>& a,
                       const std::function<Flow()>& b, bool may_raise) {
  const Value reason = undecided(condition);
  const Cause* const cause = reason.object()->cause;
  const size_t base = forks_.size();
  const auto attempt = [&](const std::function<Flow()>& branch) {
    begin_trial();
    ++undecided_depth_;
    const Flow flow = branch();
    --undecided_depth_;
    // A fork inside of a branch that left for further out ends here.
    while (forks_.size() > base && !stopped_) {
      merge_trial(forks_.back()->left, forks_.back()->cause);
      unknown_hole("branch", at, "this branch cannot be decided", reason);
      forks_.pop_back();
      keep_trial();
    }
    return flow;
  };

  Flow flow_a = attempt(a);
  if (stopped_) {
    keep_trial();
    return Flow::raise;
  }
  Outcome left = take_back(flow_a);
  Flow flow_b = attempt(b);
  if (stopped_) {
    keep_trial();
    return Flow::raise;
  }
  if (left.flow == Flow::raise || flow_b == Flow::raise) {
    if (left.flow == Flow::raise && flow_b == Flow::raise) {
      keep_trial();
      return Flow::raise;
    }
    // A refusal: what counts is the outcome that gets through.
    if (!may_raise)
      unknown_hole("guard", at, "whether this revision refuses to run cannot be decided", reason);
    if (left.flow == Flow::raise) {
      keep_trial();
      return flow_b;
    }
    take_back(flow_b);
    return a();
  }

  if (left.flow != flow_b) {
    // One of them leaves a loop or the function. It is put aside until the other one gets there.
    if (left.flow == Flow::next) {
      left = take_back(flow_b);
      flow_a = left.flow;
      flow_b = attempt(a);
    }
    if (stopped_ || flow_b != Flow::next) {
      keep_trial();
      if (!stopped_)
        stop(kUnknown, "branch", "which way this goes on cannot be decided");
      return Flow::raise;
    }
    auto open = std::make_unique<Fork>();
    open->left = std::move(left);
    open->cause = cause;
    open->at = at;
    open->condition = reason;
    forks_.push_back(std::move(open));
    return Flow::next;
  }

  settle(left, at, reason);
  if (flow_b == Flow::return_ && !known_same(left.value, return_value_))
    return_value_ = unknown(cause);
  keep_trial();
  return flow_b;
}

// Two outcomes that end at the same place become one; the trial of the second is still open.
void Interpreter::settle(Outcome& other, Loc at, Value reason) {
  Trial& trial = *trials_.back();
  std::unique_ptr<Effects::Batch> own = effects_->cut(trial.effects);
  if (effects_->same(*other.effects, *own)) {
    effects_->append(std::move(own));
  } else if (effects_->is_told(*other.effects) && effects_->is_told(*own)) {
    effects_->append(std::move(own));
    effects_->append(std::move(other.effects));
  } else {
    unknown_hole("branch", at, "which operations run cannot be decided", reason);
    if (effects_->changes_rows_alone(*other.effects) && effects_->changes_rows_alone(*own)) {
      effects_->may_run(*other.effects, at);
      effects_->may_run(*own, at);
    }
  }
  if (other.written != trial.written)
    trial.written = kUndecidedText;
  merge_trial(other, reason.object()->cause);
}

// Closes the forks that were opened since `base`, now that a round, a loop or a function ends
// with `flow`.
Flow Interpreter::close_forks(size_t base, Flow flow, End end) {
  while (forks_.size() > base) {
    Fork& open = *forks_.back();
    if (stopped_) {
      keep_trial();
      forks_.pop_back();
      continue;
    }
    const Flow left = open.left.flow;
    if ((end == End::round && left != Flow::continue_) ||
        (end == End::loop && left == Flow::return_))
      break;  // it ends further out
    if (flow == Flow::raise) {
      const Value exception = std::exchange(exception_, Value());
      unknown_hole("guard", open.at, "whether this revision refuses to run cannot be decided",
                   open.condition);
      if (left == Flow::return_) {
        return_value_ = open.left.value;
        flow = Flow::return_;
      } else {
        exception_ = exception;
      }
    } else {
      Trial& trial = *trials_.back();
      std::unique_ptr<Effects::Batch> own = effects_->cut(trial.effects);
      if (!effects_->same(*open.left.effects, *own))
        unknown_hole("branch", open.at, "which operations run cannot be decided", open.condition);
      effects_->append(std::move(own));
      if (open.left.written != trial.written)
        trial.written = kUndecidedText;
      if (left == Flow::return_) {
        const Value result = flow == Flow::return_ ? return_value_ : Value::none();
        return_value_ = known_same(open.left.value, result) ? result : unknown(open.cause);
        flow = Flow::return_;
      } else if (flow != Flow::next && flow != left) {
        stop(kUnknown, "branch", "which way this goes on cannot be decided");
        flow = Flow::raise;
      }
      if (!stopped_)
        merge_trial(open.left, open.cause);
    }
    keep_trial();
    forks_.pop_back();
  }
  return flow;
}

void Interpreter::loop_hole(Loc at, Value reason, const Effects::Batch& rounds) {
  if (effects_->is_told(rounds))
    return;
  if (effects_->changes_rows_alone(rounds))
    effects_->may_run(rounds, at);
  unknown_hole("loop", at, "how often these operations run cannot be decided", reason)
      .note("write them as one statement, or where they are batches of a backfill, the step by "
            "hand in SQL");
}

// After a hole for the whole loop: what it did stays, and the ways out of it are forgotten.
Flow Interpreter::end_loop(size_t base) {
  while (forks_.size() > base) {
    Fork& open = *forks_.back();
    if (!stopped_)
      merge_trial(open.left, open.cause);
    keep_trial();
    forks_.pop_back();
  }
  return stopped_ ? Flow::raise : Flow::next;
}

// A loop whose number of rounds is unknown: what one round changes is unknown for the next one.
Flow Interpreter::repeat_undecided(Loc at, Value condition, const std::function<Flow()>& body,
                                   const std::function<Flow()>& after) {
  constexpr int kMaxRounds = 6;
  const Value reason = undecided(condition);
  const Cause* const cause = reason.object()->cause;
  bool may_return = false;
  for (int round = 0;; ++round) {
    if (round == kMaxRounds) {
      unknown_hole("loop", at, "what this loop leaves behind cannot be decided", reason);
      break;
    }
    const size_t base = forks_.size();
    begin_trial();
    ++undecided_depth_;
    Flow flow = body();
    --undecided_depth_;
    while (forks_.size() > base) {
      if (!stopped_) {
        may_return |= forks_.back()->left.flow == Flow::return_;
        merge_trial(forks_.back()->left, cause);
      }
      forks_.pop_back();
      keep_trial();
    }
    if (stopped_) {
      keep_trial();
      return Flow::raise;
    }
    may_return |= flow == Flow::return_;
    Outcome outcome = take_back(flow);
    if (outcome.flow == Flow::raise) {
      unknown_hole("guard", at, "whether this revision refuses to run cannot be decided", reason);
      break;
    }
    if (!effects_->is_told(*outcome.effects)) {
      loop_hole(at, reason, *outcome.effects);
      merge(outcome, cause);
      break;
    }
    if (round == 0)
      effects_->append(std::move(outcome.effects));
    if (!blurs(outcome))
      break;
    merge(outcome, cause);
  }
  if (may_return)
    return fork(
        at, condition,
        [&] {
          return_value_ = unknown(cause);
          return Flow::return_;
        },
        after);
  return after();
}

// Whether an outcome differs from what is, beyond what is unknown already.
bool Interpreter::blurs(const Outcome& outcome) {
  const auto names_differ = [&](const Attributes& own, const Attributes& theirs) {
    return std::any_of(theirs.begin(), theirs.end(), [&](const auto& row) {
      const Value value = own.find(row.first);
      return !(value && value.is_unknown()) && !known_same(value, row.second);
    });
  };
  return std::any_of(outcome.after.begin(), outcome.after.end(), [&](const auto& change) {
    const auto& [object, after] = change;
    if (object->type == Type::unknown)
      return false;
    if (object->type == Type::scope && after->type == Type::scope)
      return names_differ(static_cast<Scope*>(object)->names, static_cast<Scope&>(*after).names);
    if (object->type == Type::instance && after->type == Type::instance)
      return names_differ(static_cast<Instance*>(object)->attributes,
                          static_cast<Instance&>(*after).attributes);
    return true;
  });
}

Value Interpreter::either(Loc at, Value condition, const std::function<Value()>& a,
                          const std::function<Value()>& b) {
  Value of_a;
  Value of_b;
  const Flow flow = fork(
      at, condition,
      [&] {
        of_a = a();
        return of_a ? Flow::next : Flow::raise;
      },
      [&] {
        of_b = b();
        return of_b ? Flow::next : Flow::raise;
      });
  if (flow == Flow::raise)
    return {};
  if (!of_a || !of_b)
    return of_a ? of_a : of_b;
  return known_same(of_a, of_b) ? of_a : poison(undecided(condition));
}

}  // namespace retort::py
