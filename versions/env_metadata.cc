#include "versions/env_metadata.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

using py::Field;
using py::Node;
using Kind = PyThing::Kind;
using NodeKind = py::Kind;

constexpr int kMaxTreeDepth = 200;
constexpr int kMaxBases = 24;

PyThing thing_like(const PyThing& other, Node node) {
  return {Kind::expression, other.module, node, other.function, {}};
}

bool is_call(const PyThing& thing) {
  return thing.kind == Kind::expression && thing.node.kind() == NodeKind::call;
}

// All its subclasses have the same MetaData; those of sqlalchemy's bases have one each.
constexpr std::string_view kSharedOwner = "sqlmodel.SQLModel";
constexpr std::string_view kSharedMetadata = "sqlmodel.SQLModel.metadata";

// Libraries whose classes are known to have a MetaData without a convention, or none at all.
bool is_known_library(std::string_view foreign) {
  constexpr std::string_view kLibraries[] = {"sqlalchemy.", "flask_sqlalchemy.", "typing.", "abc."};
  return std::any_of(std::begin(kLibraries), std::end(kLibraries),
                     [&](std::string_view library) { return foreign.starts_with(library); });
}

// The same for names whose import is not seen, as behind `from … import *`.
bool is_known_base(std::string_view name) {
  constexpr std::string_view kNames[] = {"object", "DeclarativeBase", "DeclarativeBaseNoMeta",
                                         "MappedAsDataclass", "AsyncAttrs"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

class NamingConvention {
public:
  NamingConvention(Run& run, Config& config, PyNames& names, const PyModule& env, Node function)
      : run_(run), config_(config), names_(names), env_(env), function_(function) {}

  void read(Node target) {
    const PyThing written{Kind::expression, &env_, target, function_, {}};
    const PyThing metadata = names_.resolve(written);
    if (const std::optional<PyThing> assigned = assigned_convention(written, metadata))
      return read_templates(*assigned);
    if (has_no_convention(metadata))
      return;
    const bool is_metadata =
        is_call(metadata) && last_part(dotted(metadata.node.child(Field::function))) == "MetaData";
    if (!is_metadata)
      return not_told(
          written.at(),
          fmt::format("`{}` could not be followed to a `MetaData(…)`: set `naming_convention` in "
                      "retort.toml if it has one",
                      target.text()));
    if (const Node convention = keyword(metadata.node, "naming_convention"))
      read_templates(thing_like(metadata, convention));
  }

private:
  // --- `….naming_convention = …` ----------------------------------------------------------------

  // One MetaData, whichever way it is named: the call that makes it, or the object that has it.
  struct Identity {
    const PyModule* module = nullptr;
    Span at;
    std::string foreign;

    bool operator==(const Identity&) const = default;
  };

  std::optional<Identity> identity(PyThing metadata) {
    metadata = names_.resolve(metadata);
    if (metadata.kind == Kind::expression && metadata.node.kind() == NodeKind::attribute &&
        metadata.node.child(Field::attribute).text() == "metadata")
      metadata = owner_of(metadata);
    if (metadata.kind == Kind::unknown)
      return std::nullopt;
    if (metadata.foreign == kSharedOwner)
      metadata.foreign = kSharedMetadata;
    return Identity{metadata.module, metadata.node.span(), metadata.foreign};
  }

  // What `x.metadata` belongs to: the first class of a family, Flask-SQLAlchemy's `db`.
  PyThing owner_of(const PyThing& metadata) {
    PyThing owner = names_.resolve(thing_like(metadata, metadata.node.child(Field::object)));
    if (owner.kind == Kind::expression && owner.node.kind() == NodeKind::attribute &&
        owner.node.child(Field::attribute).text() == "Model")
      owner = names_.resolve(thing_like(owner, owner.node.child(Field::object)));
    if (is_call(owner))
      if (const Node model = keyword(owner.node, "model_class"))
        if (const PyThing found = names_.resolve(thing_like(owner, model));
            found.kind == Kind::class_definition)
          owner = found;
    for (int i = 0; owner.kind == Kind::class_definition && i < kMaxBases; ++i) {
      const PyThing parent = parent_class(owner);
      if (parent.kind == Kind::unknown)
        break;
      owner = parent;
    }
    return owner;
  }

  // The one that it shares a MetaData with, if any.
  PyThing parent_class(const PyThing& definition) {
    for (const Node base : definition.node.child(Field::superclasses).children())
      if (base.kind() != NodeKind::keyword_argument)
        if (PyThing parent = names_.resolve(thing_like(definition, base));
            parent.kind == Kind::class_definition || parent.foreign == kSharedOwner)
          return parent;
    return {};
  }

  // The last assignment that always happens; env.py's come after those of what it imports.
  std::optional<PyThing> assigned_convention(const PyThing& written, const PyThing& metadata) {
    wanted_ = identity(metadata);
    wanted_text_ = written.node.text();
    assigned_.reset();
    std::vector<const PyModule*> modules = {&env_};
    const auto add = [&](const PyModule* module) {
      if (module && std::find(modules.begin(), modules.end(), module) == modules.end())
        modules.push_back(module);
    };
    add(names_.resolve(thing_like(metadata, metadata.node.child(Field::object))).module);
    add(wanted_ ? wanted_->module : nullptr);
    if (wanted_ && wanted_->foreign == kSharedMetadata)  // anybody may have set it
      for (const Node statement : env_.tree.root().children())
        if (statement.kind() == NodeKind::import_from_statement)
          for (const Node name : statement.children())
            if (name.field() == Field::name)
              add(names_.resolve({Kind::expression, &env_, bound_name(name), {}, {}}).module);
    for (auto module = modules.rbegin(); module != modules.rend(); ++module)
      find_assignments(**module, (*module)->tree.root(), {}, true, 0);
    return assigned_;
  }

  static Node bound_name(Node imported) {  // `a`, or `b` of `a as b`
    return imported.kind() == NodeKind::aliased_import ? imported.child(Field::alias)
                                                       : imported.first_child();
  }

  void find_assignments(const PyModule& module, Node node, Node function, bool always, int depth) {
    if (depth > kMaxTreeDepth)
      return;
    switch (node.kind()) {
    case NodeKind::function_definition:
      always = always && &module == &env_ && node.span() == function_.span();
      function = node;
      break;
    case NodeKind::class_definition:
    case NodeKind::if_statement:
    case NodeKind::try_statement:
    case NodeKind::for_statement:
    case NodeKind::while_statement: always = false; break;
    case NodeKind::assignment:
      if (node.child(Field::left).child(Field::attribute).text() == "naming_convention")
        take_assignment(module, node, function, always);
      return;
    default: break;
    }
    for (const Node child : node.children())
      find_assignments(module, child, function, always, depth + 1);
  }

  void take_assignment(const PyModule& module, Node assignment, Node function, bool always) {
    const Node left = assignment.child(Field::left);
    const Node object = left.child(Field::object);
    const std::optional<Identity> named =
        identity({Kind::expression, &module, object, function, {}});
    const bool same = named ? named == wanted_ : &module == &env_ && object.text() == wanted_text_;
    if (!same)
      return;
    if (always)
      assigned_ = {Kind::expression, &module, assignment.child(Field::right), function, {}};
    else
      not_told({module.file, left.span()},
               fmt::format("`{}` may be set here or not: set `naming_convention` in retort.toml",
                           left.text()));
  }

  // --- nothing to find --------------------------------------------------------------------------

  // True when it is certain; a `metadata` that nobody replaced has no convention.
  bool has_no_convention(const PyThing& metadata) {
    if (metadata.kind == Kind::foreign)
      return metadata.foreign.starts_with("sqlalchemy.");
    if (metadata.kind != Kind::expression)
      return false;
    switch (metadata.node.kind()) {
    case NodeKind::none:
    case NodeKind::list:  // Alembic looks for the convention on a single MetaData
    case NodeKind::tuple: return true;
    case NodeKind::attribute: break;
    default: return false;
    }
    if (metadata.node.child(Field::attribute).text() != "metadata")
      return false;
    return is_plain_owner(names_.resolve(thing_like(metadata, metadata.node.child(Field::object))),
                          0);
  }

  bool is_plain_owner(const PyThing& owner, int depth) {
    if (depth > kMaxBases)
      return false;
    switch (owner.kind) {
    case Kind::class_definition: return is_plain_class(owner, depth);
    case Kind::foreign: return is_known_library(owner.foreign);
    case Kind::expression: break;
    case Kind::module:
    case Kind::unknown: return false;
    }
    if (owner.node.kind() == NodeKind::call)
      return is_plain_call(owner, depth);
    // Flask-SQLAlchemy's `db.Model`
    return owner.node.kind() == NodeKind::attribute &&
           owner.node.child(Field::attribute).text() == "Model" &&
           is_plain_owner(names_.resolve(thing_like(owner, owner.node.child(Field::object))),
                          depth + 1);
  }

  // All classes that it is made of can be seen or are known, and none has a `metadata`; one that
  // is seen and has it would have been found instead.
  bool is_plain_class(const PyThing& definition, int depth) {
    bool plain = true;
    for (const Node base : definition.node.child(Field::superclasses).children())
      plain = plain && (base.kind() == NodeKind::keyword_argument ||
                        is_plain_base(thing_like(definition, base), depth + 1));
    return plain;
  }

  bool is_plain_base(const PyThing& written, int depth) {
    const PyThing base = names_.resolve(written);
    return base.kind == Kind::unknown ? is_known_base(last_part(dotted(written.node)))
                                      : is_plain_owner(base, depth);
  }

  bool is_plain_call(const PyThing& call, int depth) {
    if (const Node model = keyword(call.node, "model_class");
        model && !is_plain_base(thing_like(call, model), depth + 1))
      return false;
    const Node function = call.node.child(Field::function);
    std::string name = dotted(function);
    const PyThing callee = names_.resolve(thing_like(call, function));
    if (callee.kind == Kind::class_definition)  // a SQLAlchemy(…) of the repository's own
      return callee.node.text().find("metadata") == std::string_view::npos &&
             is_plain_class(callee, depth + 1);
    if (callee.kind == Kind::foreign) {
      if (!is_known_library(callee.foreign))
        return false;
      name = callee.foreign;
    }
    const std::string_view last = last_part(name);
    return last == "declarative_base" || last == "automap_base" || last == "registry" ||
           last == "SQLAlchemy";
  }

  // --- the value --------------------------------------------------------------------------------

  void not_told(Loc at, std::string message) {
    config_.naming_unknown = true;
    report_env_py(run_, at, std::move(message));
  }

  void read_templates(const PyThing& convention) {
    const PyThing found = names_.resolve(convention);
    if (found.kind == Kind::expression && found.node.kind() == NodeKind::none)
      return;
    if (found.kind != Kind::expression || found.node.kind() != NodeKind::dictionary)
      return not_told(convention.at(),
                      "`naming_convention` is not a literal: set it in retort.toml");
    Templates templates;
    for (const Node pair : found.node.children()) {
      const auto key = names_.text(names_.resolve(thing_like(found, pair.child(Field::key))));
      const PyThing value = thing_like(found, pair.child(Field::value));
      const auto text = names_.text(names_.resolve(value));
      constexpr std::string_view kKeys[] = {"ck", "fk", "ix", "pk", "uq"};
      if (key && text && std::find(std::begin(kKeys), std::end(kKeys), *key) != std::end(kKeys))
        templates[*key] = *text;
      else
        not_told(
            {found.module->file, pair.span()},
            "this entry of the naming convention is no pair of literals for `ix`, `uq`, `ck`, `fk` "
            "or `pk`: names that use it are not known");
    }
    config_.naming_convention = {std::move(templates), {Origin::Kind::env_py, found.at()}};
  }

  Run& run_;
  Config& config_;
  PyNames& names_;
  const PyModule& env_;
  Node function_;
  std::optional<Identity> wanted_;
  std::string_view wanted_text_;
  std::optional<PyThing> assigned_;
};

}  // namespace

void report_env_py(Run& run, Loc at, std::string message) {
  run.diagnostics.report(Level::info, "config/env-py", "", at, std::move(message));
}

void read_naming_convention(Run& run, Config& config, PyNames& names, const PyModule& env,
                            Node configure, Node function) {
  if (!config.naming_convention.is_default())
    return;
  if (const Node target = keyword(configure, "target_metadata"))
    NamingConvention(run, config, names, env, function).read(target);
}

}  // namespace retort
