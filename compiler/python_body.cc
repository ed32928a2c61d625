// Runs upgrade() or downgrade() in the interpreter and collects what its operations print.
#include "compiler/python_body.h"

#include "common/path.h"
#include "compiler/alembic/plugins/plugins.h"
#include "compiler/checked.h"
#include "compiler/given_values.h"
#include "compiler/statement_forms.h"
#include "compiler/written.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fmt/core.h>

namespace retort {
namespace {

// Where the user wrote what stands at a place of the statement. In one that is put together only a
// word that occurs once can be told.
Loc place_in(const Sources& sources, const BodyItem& item, Span at) {
  Loc whole = item.at;
  if (whole.file == FileId::none)
    return whole;
  const auto size = static_cast<uint32_t>(item.sql.size());
  if (at.empty() && size > 0)
    at = {std::min(at.begin, size) - (at.begin >= size ? 1 : 0), std::min(at.begin + 1, size)};
  if (find_written(sources, item.sql, whole))
    return {whole.file, {whole.span.begin + at.begin, whole.span.begin + at.end}};
  if (const std::optional<Written> written = Written::find(sources, item.sql, item.at))
    return written->place(at);
  const std::string_view text = sources.text(item.at);
  const std::string_view word = std::string_view(item.sql).substr(at.begin, at.size());
  const size_t found = text.find(word);
  if (word.empty() || found == std::string_view::npos ||
      text.find(word, found + 1) != std::string_view::npos)
    return item.at;
  const uint32_t begin = item.at.span.begin + static_cast<uint32_t>(found);
  return {item.at.file, {begin, begin + at.size()}};
}

bool has_unnamed_constraint(const std::vector<forms::Form>& forms) {
  const auto unnamed = [](const forms::Constraint& constraint) {
    return constraint.name.empty() && constraint.using_index.empty();
  };
  const auto within = [&](const auto& constraints) {
    return std::any_of(constraints.begin(), constraints.end(), unnamed);
  };
  return std::any_of(forms.begin(), forms.end(), [&](const forms::Form& form) {
    if (const auto* const add = std::get_if<forms::AddConstraint>(&form))
      return unnamed(add->constraint);
    if (const auto* const add = std::get_if<forms::AddColumn>(&form))
      return within(add->column.constraints);
    const auto* const create = std::get_if<forms::CreateTable>(&form);
    return create && (within(create->constraints) ||
                      std::any_of(create->columns.begin(), create->columns.end(),
                                  [&](const forms::Column& c) { return within(c.constraints); }));
  });
}

// Directives print text that the grammar takes; what the user wrote may be anything.
void check_grammar(const Sources& sources, const CompileOptions& options, Body& body) {
  for (BodyItem& item : body.items) {
    if (item.kind != BodyItem::Kind::statement)
      continue;
    const bool by_convention = options.naming_unknown && item.op != "execute";
    Wanted wanted = options.wanted();
    wanted.forms |= by_convention;
    Checked checked = check_statement(item.sql, wanted);
    if (by_convention && checked.forms && has_unnamed_constraint(*checked.forms))
      body.assumptions.push_back({item.at, std::string(kUnknownConvention)});
    if (options.forms)
      item.forms = std::move(checked.forms);
    std::optional<pg::Reject>& reject = checked.reject;
    if (!reject || reject->reason == pg::Reject::Reason::too_large)
      continue;
    body.holes.push_back({"sql/syntax",
                          "",
                          Level::error,
                          place_in(sources, item, reject->at),
                          std::move(reject->message),
                          {},
                          {}});
    if (!reject->advice().empty())
      body.holes.back().note(std::string(reject->advice()));
  }
}

// `2021-02-24 18:08:30.123456` as microseconds since 1970; 0 when the revision does not say.
int64_t created_at(std::string_view created) {
  const std::string text(created);
  int part[6] = {};
  double second = 0;
  if (std::sscanf(text.c_str(), "%d-%d-%d%*1[ T]%d:%d:%lf", &part[0], &part[1], &part[2], &part[3],
                  &part[4], &second) < 3 ||
      part[0] < 1970 || part[0] > 9999 || part[1] < 1 || part[1] > 12 || part[2] < 1 ||
      part[2] > 31)
    return 0;
  const std::chrono::year_month_day day{std::chrono::year(part[0]),
                                        std::chrono::month(static_cast<unsigned>(part[1])),
                                        std::chrono::day(static_cast<unsigned>(part[2]))};
  if (!day.ok() || part[3] > 23 || part[4] > 59 || second >= 60)
    return 0;
  const int64_t days = std::chrono::sys_days(day).time_since_epoch().count();
  const int64_t minutes = days * 24 * 60 + part[3] * 60 + part[4];
  return minutes * 60'000'000 + static_cast<int64_t>(std::llround(second * 1e6));
}

// Modules that `importer` imports, as dotted names with their leading dots counted.
std::vector<const py::ModuleSource*> imports_of(py::ProjectLoader& loader,
                                                const py::ModuleSource& importer) {
  std::vector<const py::ModuleSource*> found;
  const auto add = [&](std::string dotted) {
    const size_t level = std::min(dotted.find_first_not_of('.'), dotted.size());
    if (const py::ModuleSource* const source =
            loader.find(importer, std::string_view(dotted).substr(level), level))
      found.push_back(source);
  };
  for (const py::Node statement : importer.tree->root().children()) {
    const bool from = statement.kind() == py::Kind::import_from_statement;
    if (!from && statement.kind() != py::Kind::import_statement)
      continue;
    const std::string module(from ? statement.child(py::Field::module_name).text()
                                  : std::string_view());
    if (from)
      add(module);
    for (const py::Node child : statement.children()) {
      if (child.field() != py::Field::name)
        continue;
      const py::Node name =
          child.kind() == py::Kind::aliased_import ? child.child(py::Field::name) : child;
      add(!from                   ? std::string(name.text())
          : module.ends_with('.') ? module + std::string(name.text())
                                  : module + "." + std::string(name.text()));
    }
  }
  return found;
}

// Runs what may register the operation: modules that the revision or env.py imports, env.py
// itself, a plug-in that comes along.
void find_operation(py::Interpreter& in, py::ProjectLoader& loader,
                    const py::ModuleSource& revision, const std::string& env_py,
                    std::string_view operation) {
  std::vector<const py::ModuleSource*> candidates = imports_of(loader, revision);
  if (const py::ModuleSource* const env = env_py.empty() ? nullptr : loader.load(env_py, "env")) {
    const std::vector<const py::ModuleSource*> more = imports_of(loader, *env);
    candidates.insert(candidates.end(), more.begin(), more.end());
    candidates.push_back(env);
  }
  for (const py::ModuleSource* const candidate : candidates)
    if (in.sources().text(candidate->file).find("register_operation") != std::string_view::npos)
      (void)in.find_attribute(in.module_of(*candidate, in.here()), "__name__");
  if (const alembic::Plugin* const plugin = alembic::plugin_of_operation(operation))
    (void)in.find_attribute(in.import(plugin->package, in.here()), "__name__");
}

// The text of a plug-in that comes along is none that the user could look into.
void blame_caller(const Sources& sources, Loc call, Diagnostic& hole) {
  const auto is_text = [&](Loc at) {
    return at.file != FileId::none && sources.path(at.file).starts_with('<');
  };
  if (is_text(hole.at))
    hole.at = call;
  for (Note& note : hole.notes)
    if (is_text(note.at))
      note.at = {};
}

// One run in one interpreter. With `offline` the revision is told that it runs under --sql.
struct Evaluation {
  Body body;
  bool asked_offline = false;
};

Evaluation evaluate(Compilation& compilation, const Revision& revision, const py::Tree& tree,
                    bool down, bool offline, const Before& before) {
  const std::string_view name = down ? "downgrade" : "upgrade";
  const CompileOptions& options = compilation.options;
  py::ProjectLoader loader(compilation.files);
  alembic::Operations operations({options.naming, options.naming_unknown, {}});
  operations.offline = offline;
  std::optional<alembic::Database> database;
  if (before.catalog)
    operations.know(database.emplace(*before.catalog, before.own));
  alembic::Modules modules(operations, options.around);
  py::Interpreter in(compilation.run.sources, loader);
  in.set_effects(operations);
  in.find_module = [&](std::string_view dotted) { return modules.find(dotted); };
  modules.load_text = [&](std::string_view module, std::string_view text) {
    return loader.load_text(module, text);
  };
  in.stand_ins = {revision.id + (down ? " down" : " up"), created_at(revision.created)};
  const std::string stem(file_name(revision.path));
  const py::ModuleSource* const source =
      loader.adopt(revision.path, stem.substr(0, stem.rfind('.')), revision.file, tree);
  modules.registry.search = [&](py::Interpreter&, std::string_view operation) {
    find_operation(in, loader, *source, options.env_py, operation);
  };
  operations.revision_module = [&](py::Interpreter&, std::string_view id) -> py::Value {
    const std::optional<RevIndex> other = compilation.chain.find(id);
    const py::ModuleSource* const found =
        other ? loader.load(compilation.chain[*other].path, std::string(id)) : nullptr;
    return found ? py::Value(in.module_of(*found, in.here())) : py::Value();
  };
  give_values(in, options.given, operations);

  Evaluation result;
  if (py::Module* const module = in.run_module(*source)) {
    const py::Value function = in.member(module, name);
    const auto* const written = function.as<py::Function>();
    if (function.is_unknown()) {
      in.unknown_hole("function", {revision.file, revision.id_at},
                      fmt::format("what `{}` does cannot be known", name), function);
    } else if (written && (written->is_async || written->generator)) {
      in.hole("compile/unsupported", "function", {revision.file, written->node.span()},
              fmt::format("`{}` is {}, which runs nothing when it is called", name,
                          written->is_async ? "asynchronous" : "a generator"));
    } else if (function) {
      py::Args args;
      if (written)
        args = given_arguments(in, *written, modules.op(in));
      args.at = {revision.file, revision.id_at};
      in.run(function, std::move(args));
      operations.end(in);
    } else if (in.holes().empty()) {
      in.hole("compile/no-function", "", {revision.file, revision.id_at},
              fmt::format("the file has no function `{}`", name))
          .note("Alembic ends with an AttributeError before it prints the first step");
    }
  }
  if (database) {
    const bool asked = operations.asked_database;
    (void)operations.database();  // up to the end
    operations.asked_database = asked;
    for (const std::string& table : database->open_choices())
      in.hole("compile/refused", "unnamed", {revision.file, revision.id_at},
              fmt::format("which of several constraints without a name is dropped from table `{}` "
                          "is not clear",
                          table));
  }
  result.body.asks = operations.asked_database;
  operations.take_items(result.body);
  result.body.assumptions = operations.take_assumptions();
  for (const Diagnostic& notice : in.notices())
    result.body.assumptions.push_back({notice.at, notice.message});
  result.body.holes = in.holes();
  for (size_t i = 0; i < result.body.holes.size(); ++i)
    for (auto call = operations.calls.rbegin(); call != operations.calls.rend(); ++call)
      if (call->first <= i) {
        blame_caller(compilation.run.sources, call->second, result.body.holes[i]);
        break;
      }
  result.asked_offline = operations.asked_offline;
  const std::lock_guard lock(compilation.asking);
  compilation.asked_for.insert(in.asked_for().begin(), in.asked_for().end());
  return result;
}

bool same_statements(const Body& a, const Body& b) {
  return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
                    [](const BodyItem& x, const BodyItem& y) {
                      return x.kind == y.kind && x.sql == y.sql && x.joint == y.joint;
                    });
}

}  // namespace

Body python_body(Compilation& compilation, const Revision& revision, bool down,
                 const Before& before) {
  const py::Tree tree = py::parse(compilation.run.sources.text(revision.file));
  Evaluation online = evaluate(compilation, revision, tree, down, false, before);
  if (online.asked_offline) {
    // A script is what an online run would do. Where that cannot be known, what the author says for
    // offline mode is the next best.
    Evaluation offline = evaluate(compilation, revision, tree, down, true, before);
    const Loc at = {revision.file, revision.id_at};
    if (!online.body.complete() && offline.body.complete()) {
      online = std::move(offline);
      online.body.assumptions.push_back(
          {at, "the revision runs as in offline mode, since its online part cannot be compiled"});
    } else if (online.body.complete()) {
      const bool differs = !same_statements(online.body, offline.body) ||
                           offline.body.complete() != online.body.complete();
      online.body.assumptions.push_back(
          {at, differs ? "the revision runs as against a database; in offline mode it would do "
                         "something else"
                       : "the revision does the same online and offline"});
    }
  }
  check_grammar(compilation.run.sources, compilation.options, online.body);
  return std::move(online.body);
}

}  // namespace retort
