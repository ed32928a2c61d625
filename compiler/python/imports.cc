// Imports: nothing is loaded before a name of it is touched.
#include "common/text.h"
#include "compiler/python/frame.h"
#include "compiler/python/natives.h"

#include <fmt/format.h>

namespace retort::py {
namespace {

// Packages whose calls change nothing that matters here: loggers, progress bars, consoles.
constexpr std::string_view kCosmetic[] = {
    "logging", "loguru", "structlog",      "tqdm",        "rich",      "click",    "warnings",
    "typer",   "pprint", "alive_progress", "progressbar", "termcolor", "colorama", "traceback"};

std::string top_of(std::string_view dotted) {
  return std::string(dotted.substr(0, dotted.find('.')));
}

}  // namespace

Flow Interpreter::exec_import(Node statement) {
  for (const Node child : statement.children()) {
    const bool renamed = child.kind() == Kind::aliased_import;
    const std::string dotted(renamed ? child.child(Field::name).text() : child.text());
    here_ = loc(child);
    const Value module = import(dotted, here_);
    if (!module)
      return Flow::raise;
    if (renamed) {
      assign_name(child.child(Field::alias).text(), module);
      continue;
    }
    const Value top = import(top_of(dotted), here_);
    if (!top)
      return Flow::raise;
    assign_name(child.first_child().text(), top);
  }
  return Flow::next;
}

Flow Interpreter::exec_import_from(Node statement) {
  const Node from = statement.child(Field::module_name);
  std::string_view path = from.text();
  size_t level = 0;
  if (from.kind() == Kind::relative_import)
    for (; path.starts_with('.'); path.remove_prefix(1))
      ++level;
  path = trim(path);
  here_ = loc(from);
  Value module;
  if (level == 0) {
    module = import(path, here_);
  } else {
    const ModuleSource* const own = scope_->module->source;
    const ModuleSource* const found = own ? loader_.find(*own, path, level) : nullptr;
    module =
        found
            ? Value(module_of(*found, here_))
            : unknown(Cause::Kind::import,
                      fmt::format("imported from `{}`, which is not in the project", from.text()));
  }
  if (!module)
    return Flow::raise;
  if (module.is_unknown())
    ++doubts_;
  for (const Node child : statement.children()) {
    if (child.kind() == Kind::wildcard_import) {
      if (!import_all(module))
        return Flow::raise;
      continue;
    }
    if (child.field() != Field::name)
      continue;
    const bool renamed = child.kind() == Kind::aliased_import;
    const std::string_view name = renamed ? child.child(Field::name).text() : child.text();
    const std::string_view bound = renamed ? child.child(Field::alias).text() : name;
    here_ = loc(child);
    if (module.is_unknown()) {
      const Value value = find_attribute(module, name);
      // Its own place: this is the line that a reader looks for.
      assign_name(bound, value.is_unknown()
                             ? foreign_name(static_cast<Unknown*>(value.object())->path,
                                            value.object()->cause->kind)
                             : value);
      continue;
    }
    Lazy* const lazy = make<Lazy>();
    lazy->module = module;
    lazy->name = name;
    lazy->at = here_;
    assign_name(bound, lazy);
  }
  return Flow::next;
}

Value Interpreter::foreign_name(const std::string& dotted, Cause::Kind kind) {
  const Value value = unknown(
      kind, kind == Cause::Kind::cosmetic
                ? fmt::format("`{}` is not interpreted", dotted)
                : fmt::format("`{}` is imported from package `{}`", dotted, top_of(dotted)));
  Unknown* const made = static_cast<Unknown*>(value.object());
  made->path = dotted;
  made->foreign = kind == Cause::Kind::import;
  return value;
}

bool Interpreter::import_all(Value module_value) {
  if (module_value.is_unknown()) {
    touch(scope_);
    scope_->star = module_value.object()->cause;
    return true;
  }
  Module& module = *module_value.as<Module>();
  if (module.native) {
    scope_->star = unknown(Cause::Kind::unsupported,
                           fmt::format("`from {} import *` is not interpreted", module.name))
                       .object()
                       ->cause;
    return true;
  }
  if (!ensure_run(module))
    return false;
  if (module.scope->star)
    scope_->star = module.scope->star;
  const Value all = module.scope->names.find("__all__");
  if (all) {
    std::vector<Value> names;
    Value problem;
    if (!collect(all, names, problem))
      return static_cast<bool>(problem);
    for (const Value name : names)
      if (const Str* const text = name.as<Str>())
        assign_name(text->text, module_member(module, text->text, here_));
    return !unwinding();
  }
  for (const auto& [name, value] : module.scope->names)
    if (!name.starts_with('_'))
      assign_name(name, value);
  return true;
}

Value Interpreter::import(std::string_view dotted, Loc at) {
  if (const auto known = modules_.find(dotted); known != modules_.end())
    return known->second;
  Restore<uint32_t> outside(heap_.trial, 0);
  Module* const module = module_named(dotted, at);
  Value value = module;
  if (!module) {
    Cause::Kind kind = Cause::Kind::import;
    for (const std::string_view name : kCosmetic)
      if (name == top_of(dotted))
        kind = Cause::Kind::cosmetic;
    value = foreign_name(std::string(dotted), kind);
    ++doubts_;
    return value;  // each import has its own place
  }
  modules_[std::string(dotted)] = value;
  return value;
}

Module* Interpreter::module_named(std::string_view dotted, Loc at) {
  NativeModule* native = nullptr;
  if (const auto found = native_modules_.find(dotted); found != native_modules_.end()) {
    native = found->second;
  } else if (NativeModule* const provided = find_module ? find_module(dotted) : nullptr) {
    native = provided;
  } else if (std::unique_ptr<NativeModule> own = standard_module(dotted)) {
    native = own.get();
    own_modules_.push_back(std::move(own));
  }
  // A package of which only modules below are known.
  const std::string below = std::string(dotted) + ".";
  const auto next = native_modules_.lower_bound(below);
  const bool is_parent = next != native_modules_.end() && next->first.starts_with(below);
  if (!native && !is_parent) {
    const ModuleSource* const own = scope_ && scope_->module ? scope_->module->source : nullptr;
    if (const ModuleSource* const source = own ? loader_.find(*own, dotted, 0) : nullptr)
      return module_of(*source, at);
    if (!loader_.is_folder(dotted))
      return nullptr;
  }
  Module* const module = make<Module>();
  module->name = heap_.intern(dotted);
  module->native = native;
  module->state = Module::State::done;
  module->imported_at = at;
  return module;
}

Module* Interpreter::module_of(const ModuleSource& source, Loc at) {
  Module*& module = file_modules_[&source];
  if (!module) {
    Restore<uint32_t> outside(heap_.trial, 0);
    module = make<Module>();
    module->name = source.name;
    module->source = &source;
    module->imported_at = at;
    module->scope = make<Scope>();
    module->scope->kind = Scope::Kind::module_;
    module->scope->module = module;
    module->scope->names.set("__name__", text(source.name));
    module->scope->names.set(
        "__file__", unknown(Cause::Kind::environment, "`__file__` depends on the machine"));
  }
  return module;
}

Value Interpreter::module_member(Module& module, std::string_view name, Loc at) {
  if (const Value known = given_.empty() ? module.natives.find(name) : Value())
    return known;
  const std::string dotted = std::string(module.name) + "." + std::string(name);
  if (const Value known = given(dotted))
    return known;
  // What a function returns was given: whoever calls it finds that, see call_unknown().
  if (const auto next = given_.lower_bound(dotted + "(");
      next != given_.end() && next->first.starts_with(dotted + "("))
    return foreign_name(dotted, Cause::Kind::import);
  if (module.source) {
    if (!ensure_run(module))
      return {};
    Value value = module.scope->names.find(name);
    if (value.is(Type::lazy)) {
      // Meanwhile the name is not there: it may lead back to this very module, as `from . import x`
      // does in a package, or two modules may import from each other.
      const Value lazy = value;
      module.scope->names.erase(name);
      value = resolve(lazy);
      module.scope->names.set(name, value ? value : lazy);
    }
    if (unwinding())
      return {};
    if (value)
      return with_given(value, dotted);
    if (const ModuleSource* const below =
            module.source->package ? loader_.find(*module.source, name, 1) : nullptr)
      return module_of(*below, at);
    if (module.source->package)
      if (Module* const below = module_named(dotted, at)) {
        modules_[dotted] = below;
        return below;
      }
    return module.scope->star ? unknown(module.scope->star) : Value();
  }
  if (module.native) {
    const Value value = module.native->get(*this, name);
    if (value.is(Type::native))
      module.natives.set(heap_.intern(name), value);
    if (value || unwinding())
      return value;
  }
  if (Module* const below = module_named(dotted, at)) {
    modules_[dotted] = below;
    return below;
  }
  if (module.native)
    return unknown(Cause::Kind::unsupported, fmt::format("`{}` is not interpreted", dotted));
  return foreign_name(dotted, Cause::Kind::import);
}

// What a module of the project defines, with what the user's configuration knows of it.
Value Interpreter::with_given(Value value, const std::string& dotted) {
  const std::string below = dotted + ".";
  const bool is_given = is_given_below(dotted);
  if (const Unknown* const known = dynamic_cast<const Unknown*>(value.object())) {
    // What the module merely imports keeps the name that it has there.
    const bool made_here = known->path.empty() || known->path.find('(') != std::string::npos;
    return made_here || is_given ? named_unknown(value, dotted) : value;
  }
  Attributes* const attributes = value.is(Type::instance) ? &value.as<Instance>()->attributes
                                 : value.is(Type::class_) ? &value.as<Class>()->attributes
                                                          : nullptr;
  for (auto next = given_.lower_bound(below);
       attributes && next != given_.end() && next->first.starts_with(below); ++next) {
    asked_for_.insert(next->first);
    attributes->set(heap_.intern(std::string_view(next->first).substr(below.size())), next->second);
  }
  return value;
}

Value Interpreter::resolve(Value value) {
  const Lazy* const lazy = value.as<Lazy>();
  if (!lazy)
    return value;
  Module& module = *lazy->module.as<Module>();
  Restore<Loc> at(here_, lazy->at);
  const Value member = module_member(module, lazy->name, lazy->at);
  if (member || unwinding())
    return member;
  return raise("ImportError",
               fmt::format("cannot import name '{}' from '{}'", lazy->name, module.name));
}

// A module of the project, other than the revision: what fails in it is unknown, the rest is good.
bool Interpreter::ensure_run(Module& module) {
  if (module.state != Module::State::fresh)
    return true;
  module.state = Module::State::running;
  if (calls_ >= limits_.calls) {
    stop(kLimit, "calls", "imports are nested too deeply");
    return false;
  }
  ++calls_;
  const size_t holes = holes_.size();
  {
    // What it defines outlives any branch that happened to import it.
    std::vector<std::unique_ptr<Trial>> trials = std::move(trials_);
    std::vector<std::unique_ptr<Fork>> forks = std::move(forks_);
    trials_.clear();
    forks_.clear();
    Restore<uint32_t> outside(heap_.trial, 0);
    Restore<Loc> at(here_);
    Restore<Value> handled(handled_, Value());
    Restore<const Visit*> yields(yield_, nullptr);
    const size_t effects = effects_->count();
    run_statements(module, false);
    (void)effects_->cut(effects);
    trials_ = std::move(trials);
    forks_ = std::move(forks);
  }
  if (!stopped_ && holes_.size() > holes)
    holes_.resize(holes);  // they matter when one of the values does, which then says so
  --calls_;
  module.state = Module::State::done;
  return !stopped_;
}

bool Interpreter::run_statements(Module& module, bool strict) {
  const Tree& tree = *module.source->tree;
  Frame frame;
  frame.module = &module;
  const Guard guard(*this, module.scope, &frame);
  if (strict && !tree.errors().empty()) {
    here_ = {module.source->file, tree.errors().front()};
    stop(kUnsupported, "syntax", "this is no Python");
    stopped_ = false;
    return false;
  }
  const size_t base = forks_.size();
  for (const Node statement : tree.root().children()) {
    // What an imported module does while it loads seldom matters: one statement of it must not use
    // up what the revision has.
    Restore<size_t> end(step_end_,
                        strict ? step_end_ : std::min(step_end_, steps_ + limits_.steps / 20));
    const size_t holes = holes_.size();
    const size_t calls = calls_;
    const size_t nesting = nesting_;
    const Flow flow = exec(statement);
    if (flow == Flow::next)
      continue;
    (void)close_forks(base, flow, End::call);
    if (stopped_ && !strict && steps_ < limits_.steps && heap_.used() < limits_.memory) {
      stopped_ = false;
      holes_.resize(std::min(holes, holes_.size()));
      calls_ = calls;
      nesting_ = nesting;
      exception_ = make_instance(*exception_class("RecursionError"), {});
    }
    if (stopped_ || strict) {
      if (strict)
        (void)run_failed();
      return false;
    }
    // The names that this statement would have bound are unknown.
    const Value shown = exception_;
    exception_ = {};
    const Cause* const cause =
        unknown(Cause::Kind::branch, fmt::format("this statement raises {}", type_name(shown)))
            .object()
            ->cause;
    std::vector<Node> todo = {statement};
    while (!todo.empty()) {
      const Node node = todo.back();
      todo.pop_back();
      if (node.kind() == Kind::identifier && !module.scope->names.find(node.text()))
        module.scope->names.set(node.text(), unknown(cause));
      for (const Node child : node.children())
        if (child.kind() != Kind::block && child.kind() != Kind::call)
          todo.push_back(child);
    }
  }
  (void)close_forks(base, Flow::next, End::call);
  return !stopped_;
}

}  // namespace retort::py
