// The commands that print scripts: upgrade, downgrade, stamp, ensure_version.
#include "cli/command.h"
#include "cli/output.h"
#include "cli/phases.h"
#include "cli/project.h"
#include "compiler/script/plain.h"
#include "compiler/step.h"
#include "versions/env_py.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

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

// The steps of one phase.
Result<Nothing> take_phase(Run& run, const Chain& chain, Phase wanted, std::vector<Step>& steps,
                           Rows& rows) {
  const auto border =
      steps.begin() + static_cast<std::ptrdiff_t>(TRY(first_after_deploy(run, chain, steps)));
  if (wanted == Phase::before) {
    steps.erase(border, steps.end());
  } else {
    rows = rows_behind(chain, rows, std::span(steps.begin(), border));
    steps.erase(steps.begin(), border);
  }
  if (steps.empty()) {
    run.diagnostics.report(Level::error, "range/phase", "", {},
                           fmt::format("nothing in this range goes {} the deploy",
                                       wanted == Phase::before ? "before" : "after"));
    return run.diagnostics.failed();
  }
  return Nothing{};
}

int write_files(Run& run, const Arguments& arguments, const std::vector<NewFile>& files) {
  const DiskResult<Nothing> written = write_folder(arguments.output_file, files);
  if (written)
    return chain_exit_code(run);
  run.diagnostics.report(Level::error, "output/unwritable", "",
                         {run.sources.declare(arguments.output_file), {}},
                         fmt::format("the scripts cannot be written: {}", written.error().reason));
  return kUsage;
}

int write_guarded(Run& run, const Arguments& arguments, Output& output, const Project& project,
                  std::span<const ScriptStep> steps, const Rows& rows, int least_server) {
  GuardOptions options{arguments.client, arguments.transactions, least_server};
  if (arguments.split == Split::revision)
    options.transactions = Transactions::per_revision;
  const GuardedScript script(project.chain, steps, rows, project.config, run.sources, options);
  if (const BodyItem* const item = script.rolls_back()) {
    run.diagnostics
        .report(Level::error, "compile/rolls-back", "", item->at,
                "this rolls its transaction back, and with it what the script notes in it")
        .note("take it out; `--plain` prints it as it stands");
    return kHoles;
  }
  if (arguments.split != Split::none)
    return write_files(run, arguments, script.files(arguments.split));
  return write_script(run, arguments, output, script.text());
}

// Options that contradict each other.
Result<Nothing> check_options(Run& run, const Arguments& arguments) {
  std::string_view problem;
  const bool split = arguments.split != Split::none;
  if (arguments.plain && (split || arguments.transactions_given || arguments.client == Client::any))
    problem = "`--plain` prints what Alembic prints: `--client`, `--split` and `--tx` are for "
              "guarded scripts";
  else if (split && (arguments.output_file.empty() || arguments.output_file == "-"))
    problem = "`--split` makes several files: `-o` names their folder";
  else if (arguments.split == Split::revision && arguments.transactions_given &&
           arguments.transactions == Transactions::all)
    problem = "`--tx all` makes one transaction, which `--split revision` would cut";
  if (problem.empty())
    return Nothing{};
  return run.diagnostics.fail("usage/options", "", {}, std::string(problem));
}

int print_steps(Run& run, const Arguments& arguments, Output& output, bool down) {
  if (!check_options(run, arguments))
    return kUsage;
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
  Result<std::vector<Step>> steps = down ? ranges.downgrade(range) : ranges.upgrade(range);
  if (!steps)
    return kUsage;
  Result<Rows> rows = down ? ranges.downgrade_start(range) : ranges.upgrade_start(range);
  if (!rows)
    return kUsage;
  if (arguments.phase_wanted && !take_phase(run, chain, *arguments.phase_wanted, *steps, *rows))
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
  const std::vector<ScriptStep> script = script_steps(chain, *rows, *steps, bodies);
  if (arguments.plain)
    return write_script(run, arguments, output,
                        plain_script(chain, script, project->config, run.sources));
  return write_guarded(run, arguments, output, *project, script, *rows,
                       least_server(chain, *steps));
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
  const std::vector<ScriptStep> script = script_steps(chain, whole.rows, steps);
  if (arguments.plain || script.empty())
    return write_script(run, arguments, output,
                        plain_script(chain, script, project->config, run.sources));
  return write_guarded(run, arguments, output, *project, script, whole.rows, 0);
}

int ensure_version(Run& run, const Arguments& arguments, Output& output) {
  Result<Config> config = read_config(run, arguments.config);
  if (!config)
    return kUsage;
  read_env_py(run, *config);
  return write_script(run, arguments, output, plain_version_table(*config));
}

}  // namespace retort
