// `debug --print forms|locks|catalog`: of the steps of a range, or of bare SQL files in their
// order.
#include "cli/debug_forms.h"

#include "cli/command.h"
#include "cli/output.h"
#include "compiler/statement_facts.h"
#include "compiler/step.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

constexpr int kDefaultServer = 15;

void print_forms(const Run& run, const std::vector<StatementForms>& statements, Output& output) {
  for (const StatementForms& statement : statements) {
    const Position at = run.sources.position(statement.at.file, statement.at.span.begin);
    output.write(
        fmt::format("{}:{}:{}\n", run.sources.path(statement.at.file), at.line, at.column));
    for (const forms::Form& form : statement.forms)
      output.write("  " + forms::to_text(form) + "\n");
  }
}

void print_facts(const Run& run, const StatementForms& statement, const facts::Facts& facts,
                 Output& output) {
  const Position at = run.sources.position(statement.at.file, statement.at.span.begin);
  output.write(fmt::format("{}:{}:{}\n{}", run.sources.path(statement.at.file), at.line, at.column,
                           facts::to_text(facts)));
}

}  // namespace

bool is_sql_file(const Arguments& arguments) {
  return std::any_of(arguments.revisions.begin(), arguments.revisions.end(),
                     [](const std::string& path) { return path.ends_with(".sql"); });
}

int print_file_forms(Run& run, const Arguments& arguments, Output& output) {
  on_large_stack([&] {
    catalog::Replay replayed;
    facts::Walk walk(kDefaultServer);
    for (const std::string& path : arguments.revisions) {
      const DiskResult<FileId> file = run.load(path);
      if (!file) {
        run.diagnostics.report(Level::error, "chain/broken", "unreadable",
                               {run.sources.declare(path), {}},
                               fmt::format("the file cannot be read: {}", file.error().reason));
        continue;
      }
      SqlSection section;
      section.file = *file;
      section.span = {0, static_cast<uint32_t>(run.sources.text(*file).size())};
      const std::vector<StatementForms> statements =
          forms_of(read_statements(run.sources, section, run.diagnostics));
      if (arguments.phase == "forms") {
        print_forms(run, statements, output);
      } else if (arguments.phase == "locks") {
        walk.begin();
        for (const StatementForms& statement : statements) {
          print_facts(run, statement, walk.look(statement.forms), output);
          walk.take();
        }
      } else
        replay(replayed, statements, run.diagnostics);
    }
    if (arguments.phase == "catalog")
      output.write(catalog::print(replayed.catalog()));
  });
  return run.diagnostics.has_errors() ? kFindings : kDone;
}

int print_chain_forms(Run& run, const Project& project, const Arguments& arguments,
                      Output& output) {
  const Chain& chain = project.chain;
  const Result<Surroundings> around = surroundings(run, project, arguments);
  if (!around)
    return kUsage;
  Ranges ranges(chain, run, *around);
  const std::string range = arguments.revisions.empty() ? ":heads" : arguments.revisions[0];
  const Result<std::vector<Step>> steps =
      arguments.downgrade ? ranges.downgrade(range) : ranges.upgrade(range);
  if (!steps)
    return kUsage;
  const std::vector<Body> bodies =
      compile_steps(run, chain, compile_options(run, project, arguments), *steps);
  if (arguments.phase == "locks") {
    facts::Walk walk(project.config.servers.value.front());
    replay_before(run, chain, compile_options(run, project, arguments), *steps, walk);
    each_facts(run.sources, *steps, bodies, walk, run.threads,
               [&](size_t, size_t, const StatementForms& statement, const facts::Facts& facts) {
                 print_facts(run, statement, facts, output);
               });
    return run.diagnostics.has_errors() ? kFindings : kDone;
  }
  std::vector<std::vector<StatementForms>> statements(bodies.size());
  parallel_for(bodies.size(), run.threads,
               [&](size_t i) { statements[i] = forms_of(run.sources, bodies[i]); });
  catalog::Replay replayed;
  replayed.catalog().server = project.config.servers.value.front();
  // Only a chain that is replayed from its bases begins at an empty database.
  replayed.catalog().incomplete =
      arguments.downgrade || (!steps->empty() && !chain.parents((*steps)[0].revision).empty());
  for (size_t i = 0; i < bodies.size(); ++i) {
    if (arguments.phase == "forms") {
      print_forms(run, statements[i], output);
      continue;
    }
    replay(replayed, statements[i], run.diagnostics);
    if (!bodies[i].complete())
      replayed.catalog().opaque = true;  // what the hole would have done is not known
  }
  if (arguments.phase == "catalog")
    output.write(catalog::print(replayed.catalog()));
  return run.diagnostics.has_errors() ? kFindings : kDone;
}

}  // namespace retort
