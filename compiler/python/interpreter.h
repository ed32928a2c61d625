// Runs the Python of revision files without any access to the machine: no file but the project's
// own sources, no clock, no network, no environment, no process.
//
//     ProjectLoader loader(run, {"/repo"});
//     Interpreter in(run.sources, loader);
//     in.define_module("alembic.op", op);             // a NativeModule
//     Module* revision = in.run_module(source);       // null: see holes()
//     in.call(in.member(revision, "upgrade"), {});
//     for (const Diagnostic& hole : in.holes()) …
//
// What cannot be known is an Unknown that poisons what it touches. When it decides a branch, both
// outcomes are tried and taken back (trials.h): if nothing that matters depends on it, evaluation
// goes on; otherwise there is a hole. Holes do not stop a run; a result with holes is incomplete.
//
// Call everything here on a large stack (common/parallel.h).
#pragma once

#include "common/diagnostic.h"
#include "compiler/python/objects.h"
#include "compiler/python/text.h"

#include <map>
#include <set>

namespace retort::py {

struct Limits {
  size_t steps = 1'000'000;  // statements, expressions and items of natives
  size_t calls = 200;        // nested
  size_t nesting = 1500;     // of statements and expressions, over all calls
  size_t text = size_t{8} << 20;
  size_t items = 1'000'000;  // of one container
  size_t memory = size_t{256} << 20;
};

// Modules of the project, and nothing else.
class Loader {
public:
  virtual ~Loader() = default;
  // What `dotted` names when `importer` asks for it; `level` counts leading dots. Null when the
  // project has no such file.
  virtual const ModuleSource* find(const ModuleSource& importer, std::string_view dotted,
                                   size_t level) = 0;
  // A folder of the project, with or without __init__.py.
  virtual bool is_folder(std::string_view dotted) = 0;
};

// What operations have done so far. The layer that knows operations keeps the list; the
// interpreter takes back what happened in a branch that may not happen.
class Effects {
public:
  struct Batch {
    virtual ~Batch() = default;
  };
  virtual ~Effects() = default;
  virtual size_t count() const = 0;
  virtual std::unique_ptr<Batch> cut(size_t from) = 0;  // takes away what came after
  virtual bool same(const Batch& a, const Batch& b) const = 0;
  virtual void append(std::unique_ptr<Batch> batch) = 0;
  // Nothing in it is written: holes say each of its operations.
  virtual bool is_told(const Batch& batch) const = 0;
  virtual bool changes_rows_alone(const Batch& batch) const = 0;
  // It changes rows alone, and runs any number of times; the hole at `at` says so.
  virtual void may_run(const Batch& batch, Loc at) = 0;
};

enum class Flow : uint8_t { next, break_, continue_, return_, raise };

class Interpreter {
public:
  Interpreter(const Sources& sources, Loader& loader, Limits limits = {});
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // --- for whoever runs a revision ------------------------------------------------------------
  void define_module(std::string_view dotted, NativeModule& module);
  // Asked for modules that are not defined; null when there is none of this name.
  std::function<NativeModule*(std::string_view dotted)> find_module;
  // A value of the user's configuration: `give("app.settings.SCHEMA", …)`, `give("os.environ.X")`,
  // `give("app.settings.load().SCHEMA")`.
  void give(std::string_view dotted, Value value);
  Value given(std::string_view dotted);  // nothing when it was not given
  bool is_given_below(std::string_view dotted) const;
  const std::set<std::string, std::less<>>& asked_for() const { return asked_for_; }
  void set_effects(Effects& effects) { effects_ = &effects; }
  // What stands for random values and the clock, so that the same revision compiles to the same
  // text; each use is noticed. Without it they are unknown.
  struct StandIns {
    std::string seed;
    int64_t now = 0;  // microseconds since 1970, UTC
    size_t made = 0;
    bool seeded = false;  // by random.seed()
  };
  std::optional<StandIns> stand_ins;
  std::function<void(std::string_view)> print;  // what print() would write; ignored when not set

  Module* module_of(const ModuleSource& source, Loc at);  // run when a name of it is asked for
  Module* run_module(const ModuleSource& source);         // null when it cannot be run to its end
  Value member(Module* module, std::string_view name);
  // The result; nothing when the function failed, which is then a hole.
  Value run(Value function, Args args);
  const std::vector<Diagnostic>& holes() const { return holes_; }
  // Facts that a reader should know though the text is complete, such as the order of a set.
  const std::vector<Diagnostic>& notices() const { return notices_; }

  // --- for natives ----------------------------------------------------------------------------
  Heap& heap() { return heap_; }
  const Sources& sources() const { return sources_; }
  const Limits& limits() const { return limits_; }
  Loc here() const { return here_; }

  Value text(std::string_view text);
  Value text(Text text);  // with its provenance
  Value bytes(std::string bytes);
  Value list(std::vector<Value> items);
  Value tuple(std::vector<Value> items);
  Value iterator(std::string_view type_name, std::vector<Value> items);
  Value lazy_iterator(std::string_view type_name, std::function<Truth(const Visit&)> source);
  Value counted_iterator(std::string_view type_name, std::function<Value(size_t)> nth);
  Value native(const NativeRow& row, Value self = {}, std::string_view owner = {});
  Value native_type(const NativeTypeInfo& info, std::string_view module = {});
  template <class T, class... A>
  T* make(A&&... args) {
    return heap_.make<T>(std::forward<A>(args)...);
  }

  Value unknown(Cause::Kind kind, std::string text, std::string cure = {});
  Value unknown(Cause cause);  // at a place of its own
  Value unknown(const Cause* cause, std::string path = {});
  bool is_foreign(Value value) const;
  // The unknown that results from touching this one, and what is known of it as a text.
  Value poison(Value value, std::string sketch = {});
  Value undecided(Value first, Value second = {});  // of whichever is unknown

  // Raises a Python exception and yields nothing.
  Value raise(std::string_view type, std::string message);
  Value raise(std::string_view type, Value argument);
  Value raise(Value exception);
  bool unwinding() const { return static_cast<bool>(exception_) || stopped_; }
  // Ends the run at a limit or at something that is not interpreted.
  Value stop(std::string_view rule, std::string_view variant, std::string message);
  Diagnostic& hole(std::string_view rule, std::string_view variant, Loc at, std::string message);
  // "cannot be decided: …", with a note at the cause of `value`.
  Diagnostic& unknown_hole(std::string_view variant, Loc at, const std::string& what, Value value);
  void notice(std::string_view variant, Loc at, std::string message);

  bool step();                // counts one; false at a limit
  bool charge(size_t bytes);  // before making something large
  bool charge_items(size_t count);

  Value get_attribute(Value object, std::string_view name);
  Value find_attribute(Value object, std::string_view name);  // nothing, no error, when absent
  bool set_attribute(Value object, std::string_view name, Value value);
  Value get_item(Value object, Value key);
  bool set_item(Value object, Value key, Value value);
  bool delete_item(Value object, Value key);
  bool replace_slice(List& list, const Slice& slice, Value value);  // nothing: delete
  Value get_slice(Value inside, const Slice& slice, size_t size);
  Value call_with(Value function, Args args);
  Value call(Value function, std::vector<Value> positional = {});
  Value call_method(Value object, std::string_view name, std::vector<Value> positional = {});
  // Puts arguments into the order of the parameters; false after a TypeError.
  bool bind(const std::vector<Parameter>& parameters, std::string_view name, const Args& args,
            bool method, std::vector<Value>& slots);
  Value binary(std::string_view op, Value left, Value right);
  Value unary(std::string_view op, Value operand);
  Value compare(std::string_view op, Value left, Value right);
  Truth equal(Value left, Value right);
  Truth less(Value left, Value right);
  Truth contains(Value container, Value item);
  Truth truth(Value value);
  std::optional<size_t> hash(Value value);  // nothing: raised, or unknown; see hash_problem
  Value hash_problem(Value value);
  Truth iterate(Value iterable, const Visit& visit);
  Truth iterate_once(Iterator& iterator, const Visit& visit);
  // yes: there is a next item; no: that was the end.
  Truth advance(Iterator& iterator, Value& item);
  void row_changed(Value row);                 // an unknown that a session watches
  void iteration_unknown(const Cause* cause);  // before a Foreign answers unknown to iterate()
  // All items; false with `problem` to return: an unknown, or nothing after an exception.
  bool collect(Value iterable, std::vector<Value>& items, Value& problem);
  // Whether it is true; false with `problem` as above.
  bool decide(Value value, bool& answer, Value& problem);
  bool decide(Truth truth, Value cause, bool& answer, Value& problem);
  Value length(Value value);
  Value repr(Value value);                           // a string, an unknown or nothing
  Value str(Value value);                            // the same
  Value format(Value value, std::string_view spec);  // the same
  std::string type_name(Value value);
  Value type_of(Value value);
  Truth is_instance(Value value, Value type);
  bool callable(Value value);
  Value plain(Value value);  // what an instance of a class that derives from str, int … holds
  // An integer for an index or count; false with `problem`.
  bool index(Value value, int64_t& number, Value& problem);
  bool sort(std::vector<Value>& items, Value key, bool reverse, Value& problem);

  // Dictionaries and sets. A key that is unknown makes the container unknown.
  Value dict_get(const Table& table, Value key);  // nothing when absent; see unwinding()
  bool dict_set(Dict& dict, Value key, Value value);
  bool set_add(Set& set, Value item);
  Truth table_has(const Table& table, Value key);
  Truth same_keys(const Table& left, const Table& right);
  Value set_operator(std::string_view op, const Set& left, const Set& right);
  void touch(Object* object);                     // call before changing an object
  void lose(Object* object, const Cause* cause);  // its contents are unknown from here on
  Dict* new_dict();
  Set* new_set(bool frozen = false);

  // Prints, unless it turns out that this branch is not taken.
  void write(std::string_view text);
  Value builtin(std::string_view name);
  // Exceptions, enum.Enum and its kin, NamedTuple; null when there is none of this name.
  Class* exception_class(std::string_view name);
  Class* make_class(std::string_view name, std::vector<Class*> bases);
  Value make_instance(Class& cls, Args args);
  Value import(std::string_view dotted, Loc at);  // the module itself, not its first package
  Value resolve(Value lazy);
  Class* current_class() const;
  Scope* current_scope() const { return scope_; }
  Value last_unknown() const { return last_unknown_; }
  bool is_plain_instance(Value value) const { return value.is(Type::instance); }
  Value super_attribute(Class& after, Value self, std::string_view name);
  int try_depth() const { return try_depth_; }  // statements in `try` with handlers around here

private:
  friend struct Evaluator;
  friend class Trials;
  struct Frame;
  struct Running;
  struct Fork;
  struct Trial;
  struct Outcome;
  struct Guard;

  // expressions.cc
  Value eval(Node node);
  Value eval_inner(Node node);
  Value eval_boolean(Node node);
  Value eval_comparison(Node node);
  Value eval_conditional(Node node);
  Value eval_collection(Node node);
  Value eval_dictionary(Node node);
  Value eval_subscript(Node node);
  Value eval_key(Node subscript);
  std::string_view heap_text(Node node) const { return node.text(); }
  Value eval_slice(Node node);
  Value eval_number(Node node);
  Value eval_named(Node node);
  Value eval_yield(Node node);
  Value eval_super(Node call, bool& handled);
  bool eval_items(Node node, std::vector<Value>& items, Value& problem);
  // literals.cc
  Value eval_string(Node node);
  Value eval_concatenated(Node node);
  bool append_literal(Node node, Text& out, Value& problem);
  bool append_formatted(Node node, Text& out, Value& problem);
  bool append_interpolation(Node node, Text& out, Value& problem);
  bool expand(Iterator& iterator);
  // match.cc
  Flow exec_match(Node statement);
  Flow exec_case(Node clause, Value subject);
  using Bindings = std::vector<std::pair<std::string_view, Value>>;
  Truth match_pattern(Node pattern, Value subject, Bindings& names);
  Truth match_literal(Node pattern, Value subject);
  Truth match_sequence(const std::vector<Node>& patterns, Value subject, Bindings& names);
  Truth match_mapping(Node pattern, Value subject, Bindings& names);
  Truth match_class(Node pattern, Value subject, Bindings& names);
  // comprehensions.cc
  Value eval_comprehension(Node node);
  Truth comprehend(Node clause, Value first, const std::function<bool()>& element);
  // names.cc
  Value lookup(std::string_view name);
  void assign_name(std::string_view name, Value value);
  bool delete_name(std::string_view name);
  const std::vector<std::string_view>& locals_of(Node function);
  Value suggest_name(std::string_view name);
  bool assign(Node target, Value value);
  bool unpack(Node target, Value value);
  bool remove(Node target);
  // statements.cc
  Flow exec_block(Node block);
  Flow exec(Node statement);
  Flow exec_inner(Node statement);
  Flow exec_expression(Node statement);
  Flow exec_assignment(Node assignment);
  Flow exec_augmented(Node assignment);
  Flow exec_if(Node statement, Node part);
  Flow exec_while(Node statement);
  Flow exec_for(Node statement);
  Flow exec_loop_body(Node body);
  Flow exec_try(Node statement);
  Flow exec_guarded(Node body, const std::vector<Node>& handlers, Node otherwise);
  Flow exec_handler(Node handler, Value exception);
  Flow exec_handlers(const std::vector<Node>& handlers);
  Truth matches(Value exception, Value type);
  Flow exec_with(Node statement, Node item);
  Flow exec_raise(Node statement);
  Flow exec_assert(Node statement);
  void define_function(Node node, Node decorated);
  void define_class(Node node, Node decorated);
  // calls.cc
  Value eval_call(Node node);
  bool eval_arguments(Node node, Args& args, Value& problem);
  Value call_inner(Value function, Args& args);
  Value call_function(Function& function, Args& args);
  Value call_native(Native& native, Args& args);
  Value call_class(Class& cls, Args& args);
  Value call_unknown(Value function, const Args& args);
  std::string call_path(Value function, const Args& args);
  Value named_unknown(Value value, std::string path);
  Value run_body(Function& function, std::vector<Value> slots, const Visit* yield);
  Function* make_function(Node node, std::string_view name);
  bool read_parameters(Node parameters, std::vector<Parameter>& out);
  Value decorate(Node decorated, Value value);
  // classes.cc
  Value build_class(Node node);
  bool read_base(Value base, Class& cls);
  bool finish_class(Class& cls);
  Value class_attribute(Class& cls, std::string_view name);
  Value instance_attribute(Instance& instance, std::string_view name);
  Value function_attribute(Function& function, std::string_view name);
  Value descriptor_method(Value self, std::string_view name);
  Value named_tuple_method(Instance* self, std::string_view name);
  Value bind_attribute(Value attribute, Value self, Class* cls);
  Value call_init(Class& cls, Instance& instance, const Args& args);
  bool init_fields(Class& cls, Instance& instance, const Args& args);
  Value special(Value value, std::string_view name);  // a method of the class of an instance
  bool make_members(Class& cls);
  Value make_enumeration(Class& base, Value name, Value members);
  Value enum_lookup(Class& cls, Value value);
  Value make_member(Class& cls, std::string_view name, Value value);
  Value next_member_value(Class& cls, std::string_view name);
  bool linearise(Class& cls);
  // imports.cc
  Flow exec_import(Node statement);
  Flow exec_import_from(Node statement);
  Module* module_named(std::string_view dotted, Loc at);
  Value with_given(Value value, const std::string& dotted);
  Value module_member(Module& module, std::string_view name, Loc at);
  bool ensure_run(Module& module);
  bool import_all(Value module);
  Value foreign_name(const std::string& dotted, Cause::Kind kind);
  bool run_failed();
  bool run_statements(Module& module, bool strict);
  // trials.cc
  Flow fork(Loc at, Value condition, const std::function<Flow()>& a, const std::function<Flow()>& b,
            bool may_raise = false);
  void loop_hole(Loc at, Value reason, const Effects::Batch& rounds);
  Flow end_loop(size_t base);
  Flow repeat_undecided(Loc at, Value condition, const std::function<Flow()>& body,
                        const std::function<Flow()>& after);
  Value either(Loc at, Value condition, const std::function<Value()>& a,
               const std::function<Value()>& b);
  void begin_trial();
  Outcome take_back(Flow flow);
  void keep_trial();
  void merge(Outcome& other, const Cause* cause);
  void merge_trial(Outcome& other, const Cause* cause);
  enum class End : uint8_t { round, loop, call };
  Flow close_forks(size_t base, Flow flow, End end);
  bool known_same(Value a, Value b);
  void settle(Outcome& other, Loc at, Value reason);
  bool blurs(const Outcome& outcome);
  // operators
  Value arithmetic(std::string_view op, Value left, Value right);
  Value integer_operator(std::string_view op, int64_t left, int64_t right);
  Value float_operator(std::string_view op, double left, double right);
  Value call_operator(std::string_view op, Value left, Value right, bool& handled);
  Value in_place(std::string_view op, Value left, Value right);
  Value join_unknown(Value left, Value right);
  Value concatenate(Value left, Value right);
  bool is_endless(const Function& function);
  Value repeat(Value value, int64_t times);
  Value compare_order(std::string_view op, Value left, Value right);

  Value repr_inner(Value value, int depth);
  Value instance_repr(Instance& instance, int depth);
  Truth equal_inner(Value left, Value right, int depth);
  Value type_attribute(const NativeTypeInfo& info, Value self, std::string_view name);

  Loc loc(Node node) const;

  const Sources& sources_;
  Loader& loader_;
  Limits limits_;
  Heap heap_;
  std::vector<std::unique_ptr<Cause>> causes_;
  std::vector<Diagnostic> holes_;
  std::vector<Diagnostic> notices_;
  size_t hole_count_ = 0;
  std::map<std::string, NativeModule*, std::less<>> native_modules_;
  std::map<std::string, Value, std::less<>> given_;
  std::set<std::string, std::less<>> asked_for_;
  std::map<std::string, Value, std::less<>> modules_;
  std::map<const ModuleSource*, Module*> file_modules_;
  std::map<std::string_view, Value> builtins_;
  std::map<std::string_view, Class*> exceptions_;
  std::map<const NativeTypeInfo*, Value> native_types_;
  // By where the text of a function is.
  std::map<const char*, std::vector<std::string_view>> locals_;
  std::vector<std::unique_ptr<NativeModule>> own_modules_;
  Effects* effects_ = nullptr;
  std::unique_ptr<Effects> no_effects_;

  Frame* frame_ = nullptr;
  Running* running_ = nullptr;  // the innermost
  Scope* scope_ = nullptr;
  Loc here_;
  size_t steps_ = 0;
  size_t step_end_ = SIZE_MAX;  // where the statement of an imported module is given up
  size_t calls_ = 0;
  size_t nesting_ = 0;
  int try_depth_ = 0;
  Value exception_;  // on its way up
  bool explicit_raise_ = false;
  Loc raised_at_;
  bool stopped_ = false;
  Value return_value_;
  Value handled_;  // the exception that the innermost running handler handles
  size_t writes_ = 0;
  size_t doubts_ = 0;  // operations on unknown values, which may have raised
  std::vector<std::unique_ptr<Trial>> trials_;
  uint32_t next_trial_ = 1;
  std::vector<std::unique_ptr<Fork>> forks_;
  size_t undecided_depth_ = 0;  // branches that may not happen, around what runs
  const Visit* yield_ = nullptr;
  Value empty_tuple_;
  bool unused_ = false;   // the result of the call at hand is not used
  bool probing_ = false;  // a function is run to see whether it matters
  Node discarded_;        // the expression whose value a statement does not use
  Value problem_;         // what made a comprehension unknown
  Value last_unknown_;    // what made iterate() answer unknown
};

// The value or return it: for what may be an unknown or nothing.
#define KNOWN(name, expression)                                                                    \
  const Value name = (expression);                                                                 \
  if (!name || name.is_unknown())                                                                  \
  return name

}  // namespace retort::py
