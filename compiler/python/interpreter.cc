// Values made and refused: unknowns, exceptions, limits, holes.
#include "compiler/python/interpreter.h"

#include "common/text.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <fmt/format.h>

namespace retort::py {
namespace {

constexpr size_t kMaxHoles = 200;

struct NoEffects : Effects {
  size_t count() const override { return 0; }
  std::unique_ptr<Batch> cut(size_t) override { return std::make_unique<Batch>(); }
  bool same(const Batch&, const Batch&) const override { return true; }
  void append(std::unique_ptr<Batch>) override {}
  bool is_told(const Batch&) const override { return true; }
  bool changes_rows_alone(const Batch&) const override { return true; }
  void may_run(const Batch&, Loc) override {}
};

}  // namespace

Interpreter::Interpreter(const Sources& sources, Loader& loader, Limits limits)
    : sources_(sources), loader_(loader), limits_(limits),
      no_effects_(std::make_unique<NoEffects>()) {
  effects_ = no_effects_.get();
  empty_tuple_ = make<Tuple>();
}

Interpreter::~Interpreter() = default;

void Interpreter::define_module(std::string_view dotted, NativeModule& module) {
  native_modules_[std::string(dotted)] = &module;
}

void Interpreter::give(std::string_view dotted, Value value) {
  given_[std::string(dotted)] = value;
}

Value Interpreter::given(std::string_view dotted) {
  const auto found = given_.find(dotted);
  if (found == given_.end())
    return {};
  asked_for_.insert(found->first);
  return found->second;
}

bool Interpreter::is_given_below(std::string_view dotted) const {
  const std::string below = std::string(dotted) + ".";
  const auto first = given_.lower_bound(below);
  return first != given_.end() && first->first.starts_with(below);
}

Loc Interpreter::loc(Node node) const {
  const Module* const module = scope_ ? scope_->module : nullptr;
  return {module && module->source ? module->source->file : FileId::none, node.span()};
}

Module* Interpreter::run_module(const ModuleSource& source) {
  Module* const module = module_of(source, {});
  if (module->state == Module::State::fresh) {
    module->state = Module::State::running;
    const bool good = run_statements(*module, true);
    module->state = Module::State::done;
    if (!good)
      return nullptr;
  }
  return module;
}

Value Interpreter::member(Module* module, std::string_view name) {
  return resolve(module->scope->names.find(name));
}

Value Interpreter::run(Value function, Args args) {
  const Value result = call_with(function, std::move(args));
  if (!result)
    run_failed();
  stopped_ = false;
  return result;
}

// The exception that nobody caught becomes a hole.
bool Interpreter::run_failed() {
  if (!exception_)
    return false;
  const Value shown = std::exchange(exception_, Value());
  const bool by_hand = explicit_raise_;
  const Value message = str(shown);
  std::string text = type_name(shown);
  if (const Str* const words = message.as<Str>(); words && !words->text.empty())
    text += ": " + words->text;
  exception_ = {};
  hole(kRaises, by_hand ? "raise" : "error", raised_at_,
       (by_hand ? "this revision raises " : "this revision would fail: ") + text);
  return true;
}

// --- values -----------------------------------------------------------------------------------

Value Interpreter::text(std::string_view text) {
  if (!charge(text.size()))
    return {};
  Str* const string = make<Str>();
  string->text = text;
  string->at = here_;
  return string;
}

Value Interpreter::text(Text text) {
  if (!charge(text.text.size() + text.pieces.size() * sizeof(Piece)))
    return {};
  if (text.gap)
    return poison(text.gap, std::move(text.text));
  Str* const string = make<Str>();
  string->text = std::move(text.text);
  string->at = text.at.file == FileId::none ? here_ : text.at;
  if (text.exact && text.file != FileId::none && !text.pieces.empty()) {
    if (text.file != string->at.file)
      string->at = {text.file, text.pieces.front().origin};
    string->pieces = std::move(text.pieces);
  }
  return string;
}

Value Interpreter::bytes(std::string bytes) {
  if (!charge(bytes.size()))
    return {};
  Bytes* const result = make<Bytes>();
  result->bytes = std::move(bytes);
  return result;
}

Value Interpreter::list(std::vector<Value> items) {
  if (!charge_items(items.size()))
    return {};
  List* const result = make<List>();
  result->items = std::move(items);
  return result;
}

Value Interpreter::tuple(std::vector<Value> items) {
  if (items.empty())
    return empty_tuple_;
  if (!charge_items(items.size()))
    return {};
  Tuple* const result = make<Tuple>();
  result->items = std::move(items);
  return result;
}

Value Interpreter::iterator(std::string_view type_name, std::vector<Value> items) {
  if (!charge_items(items.size()))
    return {};
  Iterator* const result = make<Iterator>();
  result->type_name = type_name;
  result->items = std::move(items);
  result->expanded = true;
  return result;
}

Value Interpreter::lazy_iterator(std::string_view type_name,
                                 std::function<Truth(const Visit&)> source) {
  Iterator* const result = make<Iterator>();
  result->type_name = type_name;
  result->source = std::move(source);
  return result;
}

Value Interpreter::counted_iterator(std::string_view type_name, std::function<Value(size_t)> nth) {
  Iterator* const result = make<Iterator>();
  result->type_name = type_name;
  result->nth = std::move(nth);
  return result;
}

Value Interpreter::native_type(const NativeTypeInfo& info, std::string_view module) {
  Value& known = native_types_[&info];
  if (!known) {
    NativeType* const type = make<NativeType>();
    type->info = &info;
    type->module = module;
    known = type;
  }
  return known;
}

// --- unknowns ---------------------------------------------------------------------------------

Value Interpreter::unknown(Cause::Kind kind, std::string text, std::string cure) {
  return unknown(Cause{kind, std::move(text), here_, {}, std::move(cure)});
}

Value Interpreter::unknown(Cause cause) {
  causes_.push_back(std::make_unique<Cause>(std::move(cause)));
  heap_.count(sizeof(Cause) + causes_.back()->text.size());
  return unknown(causes_.back().get());
}

Value Interpreter::unknown(const Cause* cause, std::string path) {
  Unknown* const result = make<Unknown>();
  result->cause = cause;
  result->path = std::move(path);
  return result;
}

Value Interpreter::poison(Value value, std::string sketch) {
  ++doubts_;
  if (!value.object() || !value.object()->cause)
    return unknown(Cause::Kind::unsupported, "the answer to this depends on more than is known");
  const Cause* cause = value.object()->cause;
  if (const Unknown* const named = dynamic_cast<const Unknown*>(value.object());
      named && !named->path.empty() && cause->path != named->path) {
    causes_.push_back(std::make_unique<Cause>(*cause));
    causes_.back()->path = named->path;
    heap_.count(sizeof(Cause) + cause->text.size() + named->path.size());
    cause = causes_.back().get();
  }
  const Value result = unknown(cause);
  static_cast<Unknown*>(result.object())->foreign = is_foreign(value);
  heap_.count(sketch.size());
  static_cast<Unknown*>(result.object())->sketch = std::move(sketch);
  return result;
}

// The same unknown under the name by which the user's configuration may give it.
Value Interpreter::named_unknown(Value value, std::string path) {
  const Unknown* const known = dynamic_cast<const Unknown*>(value.object());
  const Value result = unknown(value.object()->cause, std::move(path));
  static_cast<Unknown*>(result.object())->foreign = known && known->foreign;
  return result;
}

bool Interpreter::is_foreign(Value value) const {
  // A list that was lost is of type unknown too, but no Unknown.
  const Unknown* const known = dynamic_cast<const Unknown*>(value.object());
  return known && known->foreign;
}

Value Interpreter::undecided(Value first, Value second) {
  if (!first || (first.is_unknown() && first.object()->cause))
    return first ? poison(first) : first;
  if (!second || (second.is_unknown() && second.object()->cause))
    return second ? poison(second) : unknown(Cause::Kind::unsupported, "this cannot be compared");
  return unknown(Cause::Kind::branch, "a part of this value is unknown");
}

// --- what goes wrong --------------------------------------------------------------------------

Value Interpreter::raise(std::string_view type, std::string message) {
  if (unwinding())
    return {};
  return raise(type, text(message));
}

Value Interpreter::raise(std::string_view type, Value argument) {
  if (unwinding() || !argument)
    return {};
  Instance* const instance = make<Instance>();
  instance->cls = exception_class(type);
  instance->at = here_;
  instance->attributes.set("args", tuple({argument}));
  return raise(Value(instance));
}

Value Interpreter::raise(Value exception) {
  if (unwinding())
    return {};
  exception_ = exception;
  explicit_raise_ = false;
  raised_at_ = here_;
  return {};
}

Diagnostic& Interpreter::hole(std::string_view rule, std::string_view variant, Loc at,
                              std::string message) {
  ++hole_count_;
  if (holes_.size() < kMaxHoles)
    holes_.push_back({rule, variant, Level::error, at, std::move(message), {}, {}});
  else
    holes_.back().message = std::move(message);
  return holes_.back();
}

Diagnostic& Interpreter::unknown_hole(std::string_view variant, Loc at, const std::string& what,
                                      Value value) {
  // A call that decides a branch is one question.
  if (variant == "branch" && !holes_.empty() && holes_.back().at == at &&
      holes_.back().rule == kUnknown && holes_.back().variant == "call")
    holes_.pop_back();
  Diagnostic& diagnostic = hole(kUnknown, variant, at, what);
  const Object* const object = value.object();
  if (!object || !object->cause)
    return diagnostic;
  const Cause& cause = *object->cause;
  diagnostic.note(cause.at, cause.text);
  const Unknown* const named = dynamic_cast<const Unknown*>(object);
  const std::string& path = named && !named->path.empty() ? named->path : cause.path;
  if (!cause.cure.empty())
    diagnostic.note(cause.cure);
  else if (!path.empty() && variant != "call" && variant != "function" &&
           cause.kind != Cause::Kind::cosmetic)
    diagnostic.note(fmt::format(
        "set `\"{}\"` below `[values]` in retort.toml{}", path,
        variant == "argument" && path.ends_with(')') ? ", a type as `{ sql_type = \"…\" }`" : ""));
  return diagnostic;
}

void Interpreter::notice(std::string_view variant, Loc at, std::string message) {
  for (const Diagnostic& known : notices_)
    if (known.at == at && known.variant == variant)
      return;
  if (notices_.size() < kMaxHoles)
    notices_.push_back({kUnknown, variant, Level::info, at, std::move(message), {}, {}});
}

Value Interpreter::stop(std::string_view rule, std::string_view variant, std::string message) {
  if (!stopped_) {
    stopped_ = true;
    exception_ = {};
    hole(rule, variant, here_, std::move(message));
  }
  return {};
}

bool Interpreter::step() {
  if (++steps_ > std::min(limits_.steps, step_end_))
    stop(kLimit, "steps", fmt::format("this takes more than {} steps", limits_.steps));
  else if (heap_.used() > limits_.memory)
    stop(kLimit, "memory",
         fmt::format("this takes more than {} MiB of memory", limits_.memory >> 20));
  return !stopped_;
}

bool Interpreter::charge(size_t bytes) {
  if (bytes > limits_.text) {
    stop(kLimit, "text", fmt::format("this text is longer than {} MiB", limits_.text >> 20));
    return false;
  }
  heap_.count(bytes);
  if (heap_.used() > limits_.memory)
    step();
  return !stopped_;
}

bool Interpreter::charge_items(size_t count) {
  if (count > limits_.items) {
    stop(kLimit, "items", fmt::format("this has more than {} items", limits_.items));
    return false;
  }
  heap_.count(count * sizeof(Value));
  if (heap_.used() > limits_.memory)
    step();
  return !stopped_;
}

}  // namespace retort::py
