// Runs upgrade() or downgrade() in the interpreter and collects what its operations print.
#include "compiler/python_body.h"

#include "common/path.h"
#include "grammars/postgres/parse.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fmt/core.h>

namespace retort {
namespace {

// Directives print text that the grammar takes; what the user wrote may be anything.
void check_grammar(Body& body) {
  for (const BodyItem& item : body.items) {
    if (item.kind != BodyItem::Kind::statement)
      continue;
    std::optional<pg::Reject> reject = pg::check(item.sql);
    if (reject && reject->reason != pg::Reject::Reason::too_large)
      body.holes.push_back(
          {"sql/syntax", "", Level::error, item.at, std::move(reject->message), {}, {}});
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
  alembic::Operations operations({options.naming, {}});
  operations.offline = offline;
  std::optional<alembic::Database> database;
  if (before.catalog)
    operations.know(database.emplace(*before.catalog, before.own));
  alembic::Modules modules(operations, options.around);
  py::Interpreter in(compilation.run.sources, loader);
  in.set_effects(operations);
  in.find_module = [&](std::string_view dotted) { return modules.find(dotted); };
  in.stand_ins = {revision.id + (down ? " down" : " up"), created_at(revision.created)};
  const std::string stem(file_name(revision.path));
  const py::ModuleSource* const source =
      loader.adopt(revision.path, stem.substr(0, stem.rfind('.')), revision.file, tree);

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
  result.body.items = operations.take_items();
  result.body.assumptions = operations.take_assumptions();
  for (const Diagnostic& notice : in.notices())
    result.body.assumptions.push_back({notice.at, notice.message});
  result.body.holes = in.holes();
  result.asked_offline = operations.asked_offline;
  return result;
}

bool same_statements(const Body& a, const Body& b) {
  return std::equal(
      a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
      [](const BodyItem& x, const BodyItem& y) { return x.kind == y.kind && x.sql == y.sql; });
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
  check_grammar(online.body);
  return std::move(online.body);
}

}  // namespace retort
