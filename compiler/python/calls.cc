// Calls: arguments, binding, and what each kind of callable does.
#include "common/text.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::py {
namespace {

bool same_node(Node a, Node b) {
  return a && b && a.kind() == b.kind() && a.span() == b.span() &&
         a.text().data() == b.text().data();
}

// Containers that foreign code could change, and functions that it could call.
template <class Seen>
void reach(Value value, size_t& budget, const Seen& seen) {
  if (budget == 0)
    return;
  --budget;
  seen(value);
  const auto each = [&](const std::vector<Value>& items) {
    for (const Value item : items)
      reach(item, budget, seen);
  };
  if (const List* const list = value.as<List>())
    each(list->items);
  else if (const Tuple* const tuple = value.as<Tuple>())
    each(tuple->items);
  else if (const Dict* const dict = value.as<Dict>())
    for (const Table::Entry& entry : dict->table.entries())
      if (entry.alive)
        reach(entry.value, budget, seen);
}

}  // namespace

Value Interpreter::eval_call(Node node) {
  bool handled = false;
  if (node.child(Field::function).text() == "super") {
    const Value value = eval_super(node, handled);
    if (handled)
      return value;
  }
  const Value function = eval(node.child(Field::function));
  if (!function)
    return {};
  Args args;
  Value problem;
  if (!eval_arguments(node.child(Field::arguments), args, problem))
    return problem;
  here_ = args.at = loc(node);
  if (function.is_unknown()) {
    Restore<bool> unused(unused_, same_node(node, discarded_));
    return call_unknown(function, args);
  }
  return call_inner(function, args);
}

bool Interpreter::eval_arguments(Node node, Args& args, Value& problem) {
  if (node.kind() == Kind::generator_expression) {
    args.positional.push_back(eval(node));
    return static_cast<bool>(args.positional.back());
  }
  for (const Node child : node.children()) {
    switch (child.kind()) {
    case Kind::keyword_argument: {
      const Value value = eval(child.child(Field::value));
      if (!value)
        return false;
      args.keywords.push_back({child.child(Field::name).text(), value});
      break;
    }
    case Kind::list_splat: {
      const Value value = eval(child.first_child());
      if (!value)
        return false;
      here_ = loc(child);
      if (!collect(value, args.positional, problem)) {
        if (!problem)
          return false;
        // How many there are is unknown, so the call is.
        unknown_hole("call", loc(child), "the arguments of this call are unknown", problem);
        return false;
      }
      break;
    }
    case Kind::dictionary_splat: {
      const Value value = eval(child.first_child());
      if (!value)
        return false;
      here_ = loc(child);
      const Value source = plain(value);
      if (source.is_unknown()) {
        unknown_hole("call", loc(child), "the arguments of this call are unknown", source);
        problem = poison(source);
        return false;
      }
      const Dict* const dict = source.as<Dict>();
      if (!dict) {
        raise("TypeError",
              fmt::format("argument after ** must be a mapping, not {}", type_name(value)));
        return false;
      }
      for (const Table::Entry& entry : dict->table.entries()) {
        if (!entry.alive)
          continue;
        const Str* const name = plain(entry.key).as<Str>();
        if (!name) {
          raise("TypeError", "keywords must be strings");
          return false;
        }
        args.keywords.push_back({name->text, entry.value});
      }
      break;
    }
    default: {
      const Value value = eval(child);
      if (!value)
        return false;
      args.positional.push_back(value);
    }
    }
  }
  return true;
}

Value Interpreter::call_with(Value function, Args args) {
  if (unwinding())
    return {};
  if (args.at.file == FileId::none)
    args.at = here_;
  if (function.is_unknown())
    return call_unknown(function, args);
  return call_inner(function, args);
}

Value Interpreter::call(Value function, std::vector<Value> positional) {
  Args args;
  args.positional = std::move(positional);
  return call_with(function, std::move(args));
}

Value Interpreter::call_method(Value object, std::string_view name, std::vector<Value> positional) {
  const Value method = get_attribute(object, name);
  return method ? call(method, std::move(positional)) : method;
}

Value Interpreter::call_inner(Value function, Args& args) {
  if (!step())
    return {};
  switch (function.type()) {
  case Type::function: return call_function(*function.as<Function>(), args);
  case Type::native: return call_native(*function.as<Native>(), args);
  case Type::method: {
    const Method& method = *function.as<Method>();
    args.positional.insert(args.positional.begin(), method.self);
    if (method.function.is_unknown())
      return call_unknown(method.function, args);
    return call_inner(method.function, args);
  }
  case Type::native_type: {
    const NativeTypeInfo& info = *function.as<NativeType>()->info;
    if (!info.make.code)
      return raise("TypeError", fmt::format("cannot create '{}' instances", info.name));
    Native native;
    native.row = &info.make;
    native.parameters = parse_signature(*this, info.make.signature);
    return call_native(native, args);
  }
  case Type::class_: return call_class(*function.as<Class>(), args);
  case Type::foreign: {
    Foreign* const foreign = function.as<Foreign>();
    if (!foreign->callable())
      break;
    const Value result = foreign->call(*this, args);
    here_ = args.at;
    return result || unwinding() ? result : Value::none();
  }
  case Type::instance:
    if (const Value method = special(function, "__call__"))
      return call_with(method, std::move(args));
    break;
  case Type::descriptor:
    if (function.as<Descriptor>()->kind == Descriptor::Kind::static_method)
      return call_with(function.as<Descriptor>()->function, std::move(args));
    break;
  case Type::unknown: return call_unknown(function, args);
  default: break;
  }
  return raise("TypeError", fmt::format("'{}' object is not callable", type_name(function)));
}

// Whatever it is called with.
constexpr std::string_view kAnyCall = "(...)";

// `decouple.config('SCHEMA')`, and `settings.SCHEMA` for `settings.get("SCHEMA")`; empty when the
// call has no such name.
std::string Interpreter::call_path(Value function, const Args& args) {
  constexpr std::string_view kGet = ".get";
  const Unknown* const known = dynamic_cast<const Unknown*>(function.object());
  if (!known || known->path.empty())
    return {};
  const std::string& path = known->path;
  const Str* const key = args.positional.empty() ? nullptr : args.positional[0].as<Str>();
  if (key && path.ends_with(kGet))
    return path.substr(0, path.size() - kGet.size() + 1) + key->text;
  std::string shown;
  for (const Value value : args.positional) {
    if (value.is_unknown())
      return {};
    if (!value.is(Type::string) && !value.is_number() && !value.is_none())
      return path + std::string(kAnyCall);
    shown += (shown.empty() ? "" : ", ") + repr(value).as<Str>()->text;
  }
  return path + "(" + shown + ")";
}

// What a method of it leaves as it is, as in `statement.where(…)` and `text.strip()`: the word that
// says what one statement does.
static std::string first_word(std::string_view sketch) {
  const size_t begin = sketch.find_first_not_of(" \t\r\n");
  if (begin == sketch.npos || sketch.find(';') != sketch.npos)
    return {};
  return std::string(sketch.substr(begin, sketch.find_first_of(" \t\r\n", begin) - begin));
}

// What foreign code does is unknown: it may change containers, call functions, use a connection.
Value Interpreter::call_unknown(Value function, const Args& args) {
  const Cause::Kind kind = function.object()->cause->kind;
  if (kind == Cause::Kind::cosmetic)
    return unknown(function.object()->cause);
  ++doubts_;
  std::string path = call_path(function, args);
  if (const Value known = given(path))
    return known;
  if (const Unknown* const named = dynamic_cast<const Unknown*>(function.object());
      named && !named->path.empty()) {
    const std::string any = named->path + std::string(kAnyCall);
    if (const Value known = given(any))
      return known;
    if (is_given_below(any))
      path = any;
  }
  size_t budget = 1000;
  bool effectful = false;
  std::vector<Value> functions;
  const auto look = [&](Value value) {
    switch (value.type()) {
    case Type::list:
    case Type::dict:
    case Type::set:
      if (!(value.is(Type::set) && value.as<Set>()->frozen))
        lose(value.object(), function.object()->cause);
      break;
    case Type::foreign: effectful |= value.as<Foreign>()->effectful(); break;
    case Type::function: functions.push_back(value); break;
    case Type::method: functions.push_back(value); break;
    default: break;
    }
  };
  // Contents first: a lost container shows nothing any more.
  std::vector<Value> all;
  const auto gather = [&](Value value) { all.push_back(value); };
  for (const Value value : args.positional)
    reach(value, budget, gather);
  for (const Keyword& keyword : args.keywords)
    reach(keyword.value, budget, gather);
  for (const Value value : all)
    look(value);
  if (effectful) {
    unknown_hole("call", args.at, "what this call does to the database is unknown", function);
  } else if (unused_ && is_foreign(function)) {
    unknown_hole("call", args.at, "what this call does is unknown", function);
  }
  for (const Value callback : functions) {
    const Function* const code = callback.is(Type::method)
                                     ? callback.as<Method>()->function.as<Function>()
                                     : callback.as<Function>();
    if (!code || probing_)
      continue;
    // Unknown code may call it: that must not matter.
    Restore<bool> probing(probing_, true);
    begin_trial();
    Args inner;
    for (const Parameter& parameter : code->parameters)
      if (!parameter.fallback && parameter.kind != Parameter::Kind::star &&
          parameter.kind != Parameter::Kind::double_star &&
          parameter.kind != Parameter::Kind::keyword_only)
        inner.positional.push_back(unknown(function.object()->cause));
    if (callback.is(Type::method) && !inner.positional.empty())
      inner.positional.pop_back();
    const size_t holes = holes_.size();
    (void)call_with(callback, std::move(inner));
    exception_ = {};
    const bool stopped = stopped_;
    Outcome outcome = take_back(Flow::next);
    if (stopped)
      return {};
    const std::unique_ptr<Effects::Batch> nothing = effects_->cut(effects_->count());
    if (!effects_->same(*outcome.effects, *nothing) || holes_.size() != holes)
      unknown_hole("call", args.at,
                   "whether this call runs the operations of a function is unknown", function);
    merge(outcome, function.object()->cause);
  }
  here_ = args.at;
  const Value result = named_unknown(function, std::move(path));
  static_cast<Unknown*>(result.object())->sketch = first_word(sketch_of(function));
  return result;
}

Value Interpreter::call_native(Native& native, Args& args) {
  const Loc at = args.at;
  if (native.self)
    args.self = native.self;
  if (!bind(native.parameters, native.row->name, args, false, args.slots))
    return {};
  here_ = at;
  const Value result = native.row->code(*this, args);
  here_ = at;
  if (!result && !unwinding())
    return Value::none();
  return result;
}

Value Interpreter::call_function(Function& function, Args& args) {
  if (function.is_async)
    return unknown(Cause::Kind::unsupported, "asynchronous functions are not interpreted");
  std::vector<Value> slots;
  if (!bind(function.parameters, function.name, args, false, slots))
    return {};
  if (!function.generator)
    return run_body(function, std::move(slots), nullptr);
  const Value result = lazy_iterator("generator", [this, &function, slots](const Visit& visit) {
    const Value end = run_body(function, slots, &visit);
    if (end)
      return Truth::yes;
    if (const Instance* const left = exception_.as<Instance>();
        left && left->cls->name == "GeneratorExit") {
      exception_ = {};
      return Truth::yes;
    }
    return Truth::failed;
  });
  result.as<Iterator>()->generator = &function;
  return result;
}

// Recursion over data: each call was made in a branch of the one before that may not happen. Those
// behind the first two are one call of something that is not known.
bool Interpreter::is_endless(const Function& function) {
  constexpr int kRounds = 2;
  int rounds = 0;
  size_t undecided = undecided_depth_;
  for (const Running* call = running_; call; call = call->outer)
    if (call->function == &function && call->undecided < undecided) {
      ++rounds;
      undecided = call->undecided;
    }
  if (rounds < kRounds)
    return false;
  for (Running* call = running_; call; call = call->outer)
    call->endless |= call->function == &function;
  return true;
}

Value Interpreter::run_body(Function& function, std::vector<Value> slots, const Visit* yield) {
  if (is_endless(function)) {
    Args args;
    args.at = here_;
    args.positional = std::move(slots);
    return call_unknown(
        unknown(Cause::Kind::data, fmt::format("how often `{}` calls itself depends "
                                               "on data",
                                               function.name)),
        args);
  }
  if (calls_ >= limits_.calls)
    return stop(kLimit, "calls", fmt::format("calls are nested more than {} deep", limits_.calls));
  Scope* const scope = make<Scope>();
  scope->parent = function.scope;
  scope->module = function.scope->module;
  if (function.node.kind() != Kind::lambda)
    scope->locals = &locals_of(function.node);
  for (size_t i = 0; i < slots.size(); ++i)
    if (!function.parameters[i].name.empty())
      scope->names.set(function.parameters[i].name, slots[i]);
  Frame frame;
  frame.function = &function;
  frame.self = slots.empty() ? Value() : slots[0];
  const Guard guard(*this, scope, &frame);
  Running running{&function, running_, undecided_depth_, effects_->count()};
  Restore<Running*> runs(running_, &running);
  Restore<const Visit*> yields(yield_, yield);
  Restore<Node> discarded(discarded_, Node());
  Restore<bool> unused(unused_, false);
  ++calls_;
  Value result;
  const Node body = function.node.child(Field::body);
  if (function.node.kind() == Kind::lambda) {
    result = eval(body);
  } else {
    const size_t base = forks_.size();
    const Flow flow = close_forks(base, exec_block(body), End::call);
    if (flow != Flow::raise)
      result = flow == Flow::return_ ? return_value_ : Value::none();
  }
  --calls_;
  if (running.endless && effects_->count() != running.effects && !unwinding())
    hole(kUnknown, "call", loc(function.node),
         fmt::format("how often the operations of `{}` run cannot be decided", function.name));
  return unwinding() ? Value() : result;
}

}  // namespace retort::py
