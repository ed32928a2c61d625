// `retort verify`: SQL that asks a live database whether it is what the revisions say.
#include "compiler/verification/verification.h"

#include "cli/command.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/project.h"
#include "common/parallel.h"
#include "common/text.h"
#include "compiler/script/version_table.h"
#include "linter/unit.h"
#include "linter/unmade.h"
#include "versions/env_py.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

// What is applied when the script is to pass, and which part of it is asked about.
struct Wanted {
  RevisionSet before;  // applied, and not asked about where there is a range
  RevisionSet range;
  Rows rows;  // of the version table
  bool whole = true;
};

Result<Wanted> wanted(Run& run, const Project& project, const Arguments& arguments) {
  const Chain& chain = project.chain;
  const Surroundings around = TRY(surroundings(run, project, arguments));
  const std::string said = arguments.revisions.empty() ? "heads" : arguments.revisions[0];
  Wanted result{RevisionSet(chain.size()), RevisionSet(chain.size()), {}, true};
  Ranges ranges(chain, run, around);
  std::vector<Step> steps;
  if (said.find(':') != std::string::npos) {
    result.whole = false;
    steps = TRY(ranges.upgrade(said));
    result.rows = TRY(ranges.upgrade_start(said));
  } else if (chain.size() != 0 && !TRY(ranges.revisions(said)).empty()) {
    steps = TRY(ranges.upgrade(":" + said));
  }
  result.before = chain.ancestors(result.rows, Edges::all);
  for (const Step& step : steps) {
    result.range.insert(step.revision);
    result.rows = next(chain, result.rows, step).rows;
  }
  return result;
}

// What no revision makes is there all the same; so are the schemas of the search path.
verification::Found found(std::span<const Unit> units, const Config& config) {
  Unmade unmade = retort::unmade({}, units);
  verification::Found result{std::move(unmade.names), std::move(unmade.schemas),
                             config.search_path.value};
  std::set<std::string> made;
  for (const Unit& unit : units)
    for (const LintStatement& statement : unit.up.statements)
      for (const forms::Form& form : statement.forms)
        if (const auto* const schema = std::get_if<forms::CreateSchema>(&form))
          made.insert(schema->schema);
  for (const std::string& schema : config.search_path.value)
    if (!made.contains(schema) && !schema.starts_with("$"))
      result.schemas.insert(schema);
  return result;
}

verification::Witness replayed(std::span<const Unit> units, const Wanted& wanted,
                               const Config& config) {
  verification::Witness witness(found(units, config));
  const auto replay = [&](const RevisionSet& revisions) {
    for (const Unit& unit : units) {
      if (!revisions.contains(*unit.index))
        continue;
      witness.begin(unit.up.holes.empty());
      for (const LintStatement& statement : unit.up.statements)
        witness.statement(statement.forms);
      witness.end();
    }
  };
  replay(wanted.before);
  witness.mark();
  replay(wanted.range);
  return witness;
}

// As scripts look it up.
std::string version_schema(const Config& config) {
  const bool by_path =
      config.version_table_schema.value.empty() && !config.search_path.value.empty();
  return by_path ? config.search_path.value.front() : config.version_table_schema.value;
}

std::string title(const Arguments& arguments, const std::vector<std::string>& rows) {
  const std::string at = rows.empty() ? "base" : join(rows, ", ");
  if (arguments.revisions.empty() || arguments.revisions[0].find(':') == std::string::npos)
    return "the database at " + at;
  return fmt::format("what {} touches, at {}", arguments.revisions[0], at);
}

int write(Run& run, const Arguments& arguments, Output& output, std::string_view text) {
  if (arguments.output_file.empty() || arguments.output_file == "-") {
    output.write(text);
    return chain_exit_code(run);
  }
  const DiskResult<Nothing> written = write_file(arguments.output_file, text);
  if (written)
    return chain_exit_code(run);
  run.diagnostics.report(Level::error, "output/unwritable", "",
                         {run.sources.declare(arguments.output_file), {}},
                         fmt::format("the script cannot be written: {}", written.error().reason));
  return kUsage;
}

}  // namespace

int verify(Run& run, const Arguments& arguments, Output& output) {
  Result<Project> project = open_project(run, arguments);
  if (!project)
    return kUsage;
  read_env_py(run, project->config);
  if (run.diagnostics.has_errors())
    return chain_exit_code(run);
  const Chain& chain = project->chain;
  const Result<Wanted> what = wanted(run, *project, arguments);
  if (!what)
    return kUsage;
  const CompileOptions options = compile_options(run, *project, arguments);
  if (run.diagnostics.has_errors())
    return kUsage;
  const std::vector<std::string> rows = ids_of(chain, what->rows);
  std::string text;
  on_large_stack([&] {
    verification::Witness witness =
        replayed(units_of(run, chain, options, RevisionSet(chain.size()), &what->before), *what,
                 project->config);
    text = verification::script(witness,
                                {.title = title(arguments, rows),
                                 .rows = rows,
                                 .version_schema = version_schema(project->config),
                                 .version_table = project->config.version_table.value},
                                what->whole ? verification::Scope::everything
                                            : verification::Scope::touched);
    if (witness.doubts().unknown != 0)
      run.diagnostics
          .report(
              Level::warning, "compile/not-checked", "", {},
              "not all that these revisions do is known: what may have been touched is left out")
          .note("the lines `not checked` at the top of the script say what that is");
  });
  return write(run, arguments, output, text);
}

}  // namespace retort
