// The commands that print scripts: upgrade, downgrade, stamp, ensure_version.
#include "cli/command.h"
#include "cli/output.h"
#include "cli/project.h"
#include "compiler/script/plain.h"
#include "compiler/step.h"
#include "versions/env_py.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

int write_script(Run& run, const Arguments& arguments, Output& output, std::string_view text) {
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

// The holes as they are printed: errors, or warnings where they are allowed.
void report_holes(Run& run, std::span<const Body> bodies, Level level) {
  for (const Body& body : bodies)
    for (const Diagnostic& hole : body.holes)
      run.diagnostics.report(level, hole.rule, hole.variant, hole.at, hole.message).notes =
          hole.notes;
}

// With what env.py says of the version table and of transactions. When errors were reported no
// script follows: one from what is left of a broken chain would be wrong.
Result<Project> open_for_script(Run& run, const Arguments& arguments) {
  Project project = TRY(open_project(run, arguments));
  read_env_py(run, project.config);
  return project;
}

int print_steps(Run& run, const Arguments& arguments, Output& output, bool down) {
  const Result<Project> project = open_for_script(run, arguments);
  if (!project)
    return kUsage;
  if (run.diagnostics.has_errors())
    return chain_exit_code(run);
  const Chain& chain = project->chain;
  const Result<Surroundings> around = surroundings(run, *project, arguments);
  if (!around)
    return kUsage;
  const std::string range = arguments.revisions.empty() ? ":heads" : arguments.revisions[0];
  Ranges ranges(chain, run, *around);
  const Result<std::vector<Step>> steps = down ? ranges.downgrade(range) : ranges.upgrade(range);
  if (!steps)
    return kUsage;
  const Result<Rows> rows = down ? ranges.downgrade_start(range) : ranges.upgrade_start(range);
  if (!rows)
    return kUsage;
  const CompileOptions options = compile_options(run, *project, arguments);
  if (run.diagnostics.has_errors())
    return kUsage;
  const std::vector<Body> bodies = compile_steps(run, chain, options, *steps, Order::script, *rows);
  const bool complete =
      std::all_of(bodies.begin(), bodies.end(), [](const Body& body) { return body.complete(); });
  report_holes(run, bodies, arguments.allow_holes ? Level::warning : Level::error);
  if (!complete && !arguments.allow_holes)
    return kHoles;
  return write_script(run, arguments, output,
                      plain_script(chain, script_steps(chain, *rows, *steps, bodies),
                                   project->config, run.sources));
}

}  // namespace

int upgrade(Run& run, const Arguments& arguments, Output& output) {
  return print_steps(run, arguments, output, false);
}

int downgrade(Run& run, const Arguments& arguments, Output& output) {
  return print_steps(run, arguments, output, true);
}

int stamp(Run& run, const Arguments& arguments, Output& output) {
  const Result<Project> project = open_for_script(run, arguments);
  if (!project)
    return kUsage;
  if (run.diagnostics.has_errors())
    return chain_exit_code(run);
  const Chain& chain = project->chain;
  const Result<Surroundings> around = surroundings(run, *project, arguments);
  if (!around)
    return kUsage;
  // Alembic takes a START from any of the revisions.
  Stamp whole;
  bool started = false;
  for (const std::string& revision : arguments.revisions) {
    const Result<Stamp> part = Ranges(chain, run, *around).stamp(revision);
    if (!part)
      return kUsage;
    if (part->has_start && started && part->rows != whole.rows) {
      run.diagnostics.report(Level::error, "range/unresolved", "start", {},
                             "all revisions must be stamped from the same START");
      return kUsage;
    }
    if (part->has_start)
      whole.rows = part->rows;
    started |= part->has_start;
    whole.to.insert(whole.to.end(), part->to.begin(), part->to.end());
    whole.named.insert(whole.named.end(), part->named.begin(), part->named.end());
  }
  const std::vector<StampStep> steps = stamp_steps(chain, whole.rows, whole);
  return write_script(
      run, arguments, output,
      plain_script(chain, script_steps(chain, whole.rows, steps), project->config, run.sources));
}

int ensure_version(Run& run, const Arguments& arguments, Output& output) {
  Result<Config> config = read_config(run, arguments.config);
  if (!config)
    return kUsage;
  read_env_py(run, *config);
  return write_script(run, arguments, output, plain_version_table(*config));
}

}  // namespace retort
