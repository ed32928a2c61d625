// `retort verify`: SQL that asks a live database whether it is what the revisions say.
#include "cli/command.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/project.h"
#include "cli/verification.h"
#include "common/parallel.h"
#include "common/text.h"
#include "compiler/script/version_table.h"
#include "linter/unit.h"
#include "versions/env_py.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

Result<VerifiedPart> wanted(Run& run, const Project& project, const Arguments& arguments) {
  const Chain& chain = project.chain;
  const Surroundings around = TRY(surroundings(run, project, arguments));
  const std::string said = arguments.revisions.empty() ? "heads" : arguments.revisions[0];
  VerifiedPart result{RevisionSet(chain.size()), RevisionSet(chain.size()), {}, true};
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
  for (const Step& step : steps)
    result.range.insert(step.revision);
  result.rows = rows_behind(chain, result.rows, steps);
  return result;
}

std::string title(const Arguments& arguments, const std::vector<std::string>& rows) {
  const std::string at = rows.empty() ? "base" : join(rows, ", ");
  if (arguments.revisions.empty() || arguments.revisions[0].find(':') == std::string::npos)
    return "the database at " + at;
  return fmt::format("what {} touches, at {}", arguments.revisions[0], at);
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
  const Result<VerifiedPart> what = wanted(run, *project, arguments);
  if (!what)
    return kUsage;
  const CompileOptions options = compile_options(run, *project, arguments);
  if (run.diagnostics.has_errors())
    return kUsage;
  const std::vector<std::string> rows = ids_of(chain, what->rows);
  std::string text;
  on_large_stack([&] {
    text = verification_of(units_of(run, chain, options, RevisionSet(chain.size()), &what->before),
                           *what, *project, title(arguments, rows), &run.diagnostics);
  });
  return write_script(run, arguments, output, text);
}

}  // namespace retort
