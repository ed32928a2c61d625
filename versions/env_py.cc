#include "versions/env_py.h"

#include "common/path.h"
#include "common/text.h"
#include "versions/env_metadata.h"
#include "versions/python_names.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

using py::Field;
using py::Node;
using NodeKind = py::Kind;

// Arguments that change Alembic's offline output and have no setting here.
constexpr std::string_view kNotFollowed[] = {"starting_rev", "output_buffer", "on_version_apply"};

struct Call {
  Node node;
  Node function;  // the one it stands in, or none
};

class EnvPy {
public:
  EnvPy(Run& run, Config& config, std::vector<std::string> folders)
      : run_(run), config_(config), names_(run, std::move(folders)) {}

  void read(const std::string& path) {
    env_ = names_.load(path);
    if (!env_)
      return;
    const Node root = env_->tree.root();
    read_lock_timeout(root, 0);
    find_configures(root, {}, 0);
    const std::optional<Call> call = offline_configure(root);
    if (!call)
      return;
    read_arguments(*call);
    read_naming_convention(run_, config_, names_, *env_, call->node, call->function);
  }

private:
  using Kind = PyThing::Kind;

  // --- which call -------------------------------------------------------------------------------

  static bool is_configure(Node node) {
    if (node.kind() != NodeKind::call)
      return false;
    const std::string name = dotted(node.child(Field::function));
    const size_t dot = name.rfind('.');
    return dot != std::string::npos && name.substr(dot) == ".configure" &&
           last_part(std::string_view(name).substr(0, dot)).find("context") !=
               std::string_view::npos;
  }

  void find_configures(Node node, Node function, int depth) {
    if (depth > kMaxTreeDepth)
      return;
    if (node.kind() == NodeKind::function_definition)
      function = node;
    if (is_configure(node))
      configures_.push_back({node, function});
    if (node.kind() == NodeKind::if_statement && !offline_if_ &&
        node.child(Field::condition).text().find("is_offline_mode") != std::string_view::npos)
      offline_if_ = node;
    for (const Node child : node.children())
      find_configures(child, function, depth + 1);
  }

  // The call below `if context.is_offline_mode()` or in a function that is called there; else the
  // one in `run_migrations_offline`; else the only one.
  std::optional<Call> offline_configure(Node root) {
    if (const Node branch = offline_branch())
      if (const auto call = first_in(branch, root, 0))
        return call;
    for (const Call& call : configures_)
      if (call.function.child(Field::name).text() == "run_migrations_offline")
        return call;
    if (configures_.size() == 1)
      return configures_.front();
    if (!configures_.empty())
      report(
          configures_.front().node,
          fmt::format("{} and none is plainly for offline mode: set what they say in retort.toml",
                      counted(configures_.size(), "`context.configure` call")));
    return std::nullopt;
  }

  Node offline_branch() const {
    if (offline_if_.child(Field::condition).kind() != NodeKind::not_operator)
      return offline_if_.child(Field::consequence);
    return offline_if_.child(Field::alternative);
  }

  std::optional<Call> first_in(Node part, Node root, int depth) {
    for (const Call& call : configures_)
      if (contains(part.span(), call.node.span()))
        return call;
    if (depth > 3)
      return std::nullopt;
    std::vector<std::string_view> called;
    collect_called(part, called, 0);
    for (const std::string_view name : called)
      if (const Node function = function_named(root, name, 0);
          function && function.span() != part.span())
        if (const auto call = first_in(function, root, depth + 1))
          return call;
    return std::nullopt;
  }

  static bool contains(Span outer, Span inner) {
    return outer.begin <= inner.begin && inner.end <= outer.end;
  }

  static void collect_called(Node node, std::vector<std::string_view>& names, int depth) {
    if (depth > kMaxTreeDepth)
      return;
    if (node.kind() == NodeKind::call && node.child(Field::function).kind() == NodeKind::identifier)
      names.push_back(node.child(Field::function).text());
    for (const Node child : node.children())
      collect_called(child, names, depth + 1);
  }

  static Node function_named(Node node, std::string_view name, int depth) {
    for (Node child : node.children()) {
      if (child.kind() == NodeKind::decorated_definition)
        child = child.child(Field::definition);
      if (child.kind() == NodeKind::function_definition && child.child(Field::name).text() == name)
        return child;
      if (depth < 8 && (child.kind() == NodeKind::if_statement || child.kind() == NodeKind::block))
        if (const Node found = function_named(child, name, depth + 1))
          return found;
    }
    return {};
  }

  // --- its arguments ----------------------------------------------------------------------------

  void read_arguments(const Call& call) {
    for (const Node argument : call.node.child(Field::arguments).children()) {
      if (argument.kind() == NodeKind::keyword_argument)
        read_argument(argument.child(Field::name).text(),
                      thing(argument.child(Field::value), call.function));
      else if (argument.kind() == NodeKind::dictionary_splat)
        read_splat(argument, call.function);
    }
  }

  void read_splat(Node argument, Node function) {
    const PyThing options = names_.resolve(thing(argument.first_child(), function));
    if (options.kind != Kind::expression || options.node.kind() != NodeKind::dictionary)
      return report(argument, fmt::format("`{}` is not a literal: set what it says in retort.toml",
                                          argument.text()));
    for (const Node pair : options.node.children()) {
      const auto key =
          names_.text({Kind::expression, options.module, pair.child(Field::key), {}, {}});
      if (key)
        read_argument(
            *key,
            {Kind::expression, options.module, pair.child(Field::value), options.function, {}});
    }
  }

  void read_argument(std::string_view name, const PyThing& value) {
    if (std::find(std::begin(kNotFollowed), std::end(kNotFollowed), name) != std::end(kNotFollowed))
      return report(value.node,
                    fmt::format("`{}` changes Alembic's script and is not followed", name));
    for (Setting<bool>* const setting :
         {named(name, "version_table_pk", config_.version_table_pk),
          named(name, "transaction_per_migration", config_.transaction_per_migration),
          named(name, "transactional_ddl", config_.transactional_ddl),
          named(name, "include_schemas", config_.include_schemas)})
      if (setting && setting->is_default())
        return read_boolean(name, value, *setting);
    for (Setting<std::string>* const setting :
         {named(name, "version_table", config_.version_table),
          named(name, "version_table_schema", config_.version_table_schema)})
      if (setting && setting->is_default())
        return read_text(name, value, *setting);
  }

  template <class T>
  static Setting<T>* named(std::string_view name, std::string_view wanted, Setting<T>& setting) {
    return name == wanted ? &setting : nullptr;
  }

  void read_boolean(std::string_view name, const PyThing& value, Setting<bool>& setting) {
    const PyThing found = names_.resolve(value);
    const NodeKind kind = found.kind == Kind::expression ? found.node.kind() : NodeKind::other;
    if (kind == NodeKind::none)
      return;
    if (kind != NodeKind::true_ && kind != NodeKind::false_)
      return not_literal(name, value);
    setting = {kind == NodeKind::true_, {Origin::Kind::env_py, found.at()}};
  }

  void read_text(std::string_view name, const PyThing& value, Setting<std::string>& setting) {
    PyThing found = names_.resolve(value);
    if (const auto option = ini_option(found)) {
      if (option->first) {
        setting = {*option->first, {Origin::Kind::env_py, found.at()}};
        return;
      }
      found = names_.resolve(option->second);
    }
    if (found.kind == Kind::expression && found.node.kind() == NodeKind::none)
      return;
    std::optional<std::string> text = names_.text(found);
    if (!text)
      return not_literal(name, value);
    setting = {*std::move(text), {Origin::Kind::env_py, found.at()}};
  }

  // `config.get_main_option("name", default)`: the ini's value, or the default to be resolved.
  using Option = std::pair<std::optional<std::string>, PyThing>;
  std::optional<Option> ini_option(const PyThing& found) {
    if (found.kind != Kind::expression || found.node.kind() != NodeKind::call ||
        last_part(dotted(found.node.child(Field::function))) != "get_main_option")
      return std::nullopt;
    std::vector<Node> arguments;
    for (const Node argument : found.node.child(Field::arguments).children())
      arguments.push_back(
          argument.kind() == NodeKind::keyword_argument ? argument.child(Field::value) : argument);
    if (arguments.empty())
      return std::nullopt;
    const auto key = names_.text(names_.resolve(thing_like(found, arguments[0])));
    if (!key)
      return std::nullopt;
    if (config_.ini) {
      Diagnostics problems;  // a value that cannot be substituted counts as not readable
      const auto value = config_.ini->get(problems, config_.section, lower(*key));
      if (!value)
        return std::nullopt;
      if (*value)
        return Option{(*value)->text, {}};
    }
    if (arguments.size() < 2)
      return std::nullopt;
    return Option{std::nullopt, thing_like(found, arguments[1])};
  }

  // --- what it sets for the session -------------------------------------------------------------

  // `SET lock_timeout = 4000` in a string, or `-c lock_timeout=4000` among the connection's
  // options.
  void read_lock_timeout(Node node, int depth) {
    if (depth > kMaxTreeDepth || !config_.lock_timeout.is_default())
      return;
    if (node.kind() == NodeKind::string) {
      std::string value = setting_in(node.text(), "lock_timeout");
      if (!value.empty())
        config_.lock_timeout = {std::move(value),
                                {Origin::Kind::env_py, {env_->file, node.span()}}};
      return;
    }
    for (const Node child : node.children())
      read_lock_timeout(child, depth + 1);
  }

  static std::string setting_in(std::string_view text, std::string_view name) {
    const size_t at = text.find(name);
    if (at == std::string_view::npos)
      return {};
    std::string_view rest = trim(text.substr(at + name.size()));
    if (rest.starts_with("="))
      rest.remove_prefix(1);
    else if (lower(rest.substr(0, 3)) == "to ")
      rest.remove_prefix(3);
    else
      return {};
    rest = trim(rest);
    if (rest.starts_with('\''))
      rest.remove_prefix(1);
    rest = rest.substr(0, rest.find_first_of("'\" ;"));
    return rest == "0" ? std::string() : std::string(rest);
  }

  // --- helpers ----------------------------------------------------------------------------------

  PyThing thing(Node node, Node function) const {
    return {Kind::expression, env_, node, function, {}};
  }
  static PyThing thing_like(const PyThing& other, Node node) {
    return {Kind::expression, other.module, node, other.function, {}};
  }

  void not_literal(std::string_view name, const PyThing& value) {
    report_env_py(run_, value.at(),
                  fmt::format("`{}` is not a literal: set it in retort.toml", name));
  }
  void report(Node node, std::string message) {
    report_env_py(run_, {env_->file, node.span()}, std::move(message));
  }

  static constexpr int kMaxTreeDepth = 200;

  Run& run_;
  Config& config_;
  PyNames names_;
  const PyModule* env_ = nullptr;
  std::vector<Call> configures_;
  Node offline_if_;
};

}  // namespace

void read_env_py(Run& run, Config& config) {
  const std::string& script = config.script_location.value;
  const std::string path = join_path(script, "env.py");
  if (script.empty() || run.disk.kind(path) != EntryKind::file)
    return;
  // Applications are imported from where Alembic runs, or sit above their migrations.
  Strings folders = config.import_folders;
  for (std::string folder = script; folder != "/" && folder != "."; folder = parent_path(folder)) {
    folders.push_back(folder);
    if (run.disk.exists(join_path(folder, ".git")))
      break;
  }
  EnvPy(run, config, std::move(folders)).read(path);
}

}  // namespace retort
