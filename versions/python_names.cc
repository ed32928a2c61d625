#include "versions/python_names.h"

#include "common/path.h"
#include "grammars/python/string_node.h"

#include <algorithm>

namespace retort {
namespace {

using py::Field;
using py::Node;
using NodeKind = py::Kind;

// An application that needs more is not read statically.
constexpr int kMaxDepth = 24;
constexpr size_t kMaxModules = 64;
constexpr size_t kMaxQuestions = 2000;

// A statement that binds a name.
struct Binding {
  Node statement;
  bool always = true;  // at the top of its block, not below an `if` or `try`
};

bool names_module(Node name, std::string_view wanted) {  // in `import a.b` or `import a.b as c`
  if (name.kind() == NodeKind::aliased_import)
    return name.child(Field::alias).text() == wanted;
  return name.first_child().text() == wanted;
}

bool names_member(Node name, std::string_view wanted) {  // in `from m import a` or `a as b`
  return (name.kind() == NodeKind::aliased_import ? name.child(Field::alias) : name).text() ==
         wanted;
}

bool binds(Node statement, std::string_view name) {
  switch (statement.kind()) {
  case NodeKind::assignment: return statement.child(Field::left).text() == name;
  case NodeKind::class_definition:
  case NodeKind::function_definition: return statement.child(Field::name).text() == name;
  case NodeKind::import_statement:
  case NodeKind::import_from_statement:
    for (const Node child : statement.children())
      if (child.field() == Field::name &&
          (statement.kind() == NodeKind::import_statement ? names_module(child, name)
                                                          : names_member(child, name)))
        return true;
    return false;
  default: return false;
  }
}

void collect(Node block, std::string_view name, bool always, int depth,
             std::vector<Binding>& bindings, std::vector<Node>& wildcards) {
  for (Node statement : block.children()) {
    if (statement.kind() == NodeKind::decorated_definition)
      statement = statement.child(Field::definition);
    if (statement.kind() == NodeKind::expression_statement)
      statement = statement.first_child();
    if (binds(statement, name)) {
      bindings.push_back({statement, always});
      continue;
    }
    switch (statement.kind()) {
    case NodeKind::import_from_statement:
      for (const Node child : statement.children())
        if (child.kind() == NodeKind::wildcard_import)
          wildcards.push_back(statement);
      break;
    case NodeKind::if_statement:
    case NodeKind::try_statement:
    case NodeKind::with_statement:
    case NodeKind::for_statement:
    case NodeKind::while_statement:
    case NodeKind::else_clause:
    case NodeKind::elif_clause:
    case NodeKind::except_clause:
    case NodeKind::finally_clause:
    case NodeKind::block:
      if (depth < 32)
        collect(statement, name, always && statement.kind() == NodeKind::with_statement, depth + 1,
                bindings, wildcards);
      break;
    default: break;
    }
  }
}

bool is_import(Node statement) {
  return statement.kind() == NodeKind::import_statement ||
         statement.kind() == NodeKind::import_from_statement;
}

}  // namespace

Node keyword(Node call, std::string_view name) {
  for (const Node argument : call.child(Field::arguments).children())
    if (argument.kind() == NodeKind::keyword_argument && argument.child(Field::name).text() == name)
      return argument.child(Field::value);
  return {};
}

std::string dotted(Node node) {
  if (node.kind() == NodeKind::identifier)
    return std::string(node.text());
  if (node.kind() != NodeKind::attribute)
    return {};
  std::string owner;
  std::vector<std::string_view> parts;
  for (; node.kind() == NodeKind::attribute; node = node.child(Field::object))
    parts.push_back(node.child(Field::attribute).text());
  if (node.kind() != NodeKind::identifier)
    return {};
  owner = node.text();
  for (auto part = parts.rbegin(); part != parts.rend(); ++part)
    (owner += '.') += *part;
  return owner;
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

const PyModule* PyNames::load(const std::string& path) {
  for (const auto& module : modules_)
    if (module->path == path)
      return module.get();
  if (modules_.size() >= kMaxModules)
    return nullptr;
  const DiskResult<FileId> file = run_.load(path);
  if (!file)
    return nullptr;
  modules_.push_back(
      std::make_unique<PyModule>(PyModule{path, *file, py::parse(run_.sources.text(*file))}));
  return modules_.back().get();
}

std::optional<std::string> PyNames::text(const PyThing& thing) {
  if (thing.kind != Kind::expression)
    return std::nullopt;
  std::optional<py::StringValue> value = py::string_value(thing.node, thing.module->tree.source());
  if (!value || value->bytes || value->has_holes)
    return std::nullopt;
  return std::move(value->text);
}

PyThing PyNames::resolve(const PyThing& thing, int depth) {
  if (thing.kind != Kind::expression)
    return thing;
  if (depth > kMaxDepth || ++questions_ > kMaxQuestions)
    return {};
  PyThing inner = thing;
  switch (thing.node.kind()) {
  case NodeKind::identifier: return lookup(thing, thing.node.text(), depth + 1);
  case NodeKind::parenthesized_expression:
    inner.node = thing.node.first_child();
    return resolve(inner, depth + 1);
  case NodeKind::attribute: {
    inner.node = thing.node.child(Field::object);
    const PyThing member =
        attribute(resolve(inner, depth + 1), thing.node.child(Field::attribute).text(), depth + 1);
    return member.kind == Kind::unknown ? thing : member;
  }
  default: return thing;
  }
}

// Of a module, of a class of the repository, or a keyword that a `MetaData(…)` was made with.
PyThing PyNames::attribute(const PyThing& owner, std::string_view name, int depth) {
  if (depth > kMaxDepth)
    return {};
  if (owner.kind == Kind::module) {
    PyThing member = in_module(*owner.module, name, depth);
    if (member.kind != Kind::unknown || !file_name(owner.module->path).starts_with("__init__."))
      return member;
    const PyModule* const module = module_in(parent_path(owner.module->path), name);
    return module ? PyThing{Kind::module, module, {}, {}, {}} : PyThing{};
  }
  if (owner.kind == Kind::foreign)  // or a folder without __init__.py
    return import_module({}, owner.foreign + "." + std::string(name), 0);
  if (owner.kind == Kind::class_definition) {
    PyThing member = bound(*owner.module, owner.node.child(Field::body), {}, name, depth);
    if (member.kind != Kind::unknown)
      return member;
    for (const Node base : owner.node.child(Field::superclasses).children()) {
      if (base.kind() == NodeKind::keyword_argument)
        continue;
      const PyThing parent = resolve({Kind::expression, owner.module, base, {}, {}}, depth);
      if (parent.kind == Kind::foreign)  // its members cannot be seen
        continue;
      if (member = attribute(parent, name, depth + 1); member.kind != Kind::unknown)
        return member;
    }
    return {};
  }
  if (owner.kind == Kind::expression && owner.node.kind() == NodeKind::call) {
    if (const Node value = keyword(owner.node, name))
      return resolve({Kind::expression, owner.module, value, owner.function, {}}, depth + 1);
    // Flask-SQLAlchemy's `db` has the metadata of its model class.
    if (const Node model = keyword(owner.node, "model_class"); model && name == "metadata")
      return attribute(
          resolve({Kind::expression, owner.module, model, owner.function, {}}, depth + 1), name,
          depth + 1);
  }
  return {};
}

PyThing PyNames::lookup(const PyThing& scope, std::string_view name, int depth) {
  if (scope.function) {
    for (const Node parameter : scope.function.child(Field::parameters).children())
      if (parameter.text() == name || parameter.child(Field::name).text() == name)
        return {};
    PyThing local =
        bound(*scope.module, scope.function.child(Field::body), scope.function, name, depth);
    if (local.kind != Kind::unknown)
      return local;
  }
  return in_module(*scope.module, name, depth);
}

PyThing PyNames::in_module(const PyModule& module, std::string_view name, int depth) {
  return bound(module, module.tree.root(), {}, name, depth);
}

// The last binding that always happens counts; imports that exclude each other are tried in turn.
PyThing PyNames::bound(const PyModule& module, Node block, Node function, std::string_view name,
                       int depth) {
  if (depth > kMaxDepth || ++questions_ > kMaxQuestions)
    return {};
  std::vector<Binding> bindings;
  std::vector<Node> wildcards;
  collect(block, name, true, 0, bindings, wildcards);
  if (bindings.empty()) {
    for (const Node statement : wildcards)
      if (PyThing found = imported(module, statement, name, depth);
          found.kind != Kind::unknown && found.kind != Kind::foreign)
        return found;
    return {};
  }
  const bool all_imports =
      std::all_of(bindings.begin(), bindings.end(),
                  [](const Binding& binding) { return is_import(binding.statement); });
  if (all_imports) {
    PyThing found;
    for (const Binding& binding : bindings)
      if (found = imported(module, binding.statement, name, depth); found.module)
        return found;
    return found;
  }
  const Binding& last = bindings.back();
  if (!last.always && bindings.size() > 1)
    return {};
  if (is_import(last.statement))
    return imported(module, last.statement, name, depth);
  if (last.statement.kind() == NodeKind::class_definition)
    return {Kind::class_definition, &module, last.statement, {}, {}};
  if (last.statement.kind() != NodeKind::assignment)
    return {};
  Node value = last.statement.child(Field::right);
  while (value.kind() == NodeKind::assignment)  // a = b = value
    value = value.child(Field::right);
  return value ? resolve({Kind::expression, &module, value, function, {}}, depth + 1) : PyThing{};
}

PyThing PyNames::imported(const PyModule& module, Node statement, std::string_view name,
                          int depth) {
  if (statement.kind() == NodeKind::import_statement) {
    for (const Node child : statement.children())
      if (child.field() == Field::name && names_module(child, name)) {
        const bool renamed = child.kind() == NodeKind::aliased_import;
        // `import a.b` binds `a`.
        const std::string_view path =
            renamed ? child.child(Field::name).text() : child.first_child().text();
        return import_module(module, path, 0);
      }
    return {};
  }
  const Node from = statement.child(Field::module_name);
  std::string_view path = from.text();
  size_t level = 0;
  if (from.kind() == NodeKind::relative_import)
    while (path.starts_with('.')) {
      path.remove_prefix(1);
      ++level;
    }
  const PyThing source = import_module(module, path, level);
  for (const Node child : statement.children()) {
    if (child.kind() == NodeKind::wildcard_import)
      return attribute(source, name, depth + 1);
    if (child.field() == Field::name && names_member(child, name)) {
      const bool renamed = child.kind() == NodeKind::aliased_import;
      return attribute(source, renamed ? child.child(Field::name).text() : name, depth + 1);
    }
  }
  return {};
}

PyThing PyNames::import_module(const PyModule& from, std::string_view name, size_t level) {
  const auto thing = [&](const PyModule* module) -> PyThing {
    if (module)
      return {Kind::module, module, {}, {}, {}};
    return {Kind::foreign, nullptr, {}, {}, std::string(name)};
  };
  if (level > 0) {
    std::string folder = parent_path(from.path);
    for (size_t i = 1; i < level; ++i)
      folder = parent_path(folder);
    return thing(module_in(folder, name));
  }
  for (const std::string& folder : folders_)
    if (const PyModule* const module = module_in(folder, name))
      return thing(module);
  return thing(nullptr);
}

const PyModule* PyNames::module_in(const std::string& folder, std::string_view name) {
  std::string path = folder;
  if (!name.empty()) {
    std::string inside(name);
    std::replace(inside.begin(), inside.end(), '.', '/');
    path = join_path(folder, inside);
  }
  for (const std::string& file : {path + "/__init__.py", path + ".py"})
    if ((!name.empty() || file.ends_with("/__init__.py")) &&
        run_.disk.kind(file) == EntryKind::file)
      return load(file);
  return nullptr;
}

}  // namespace retort
