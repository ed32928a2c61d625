#include "cli/command.h"
#include "cli/graph.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/project.h"
#include "common/path.h"
#include "versions/git.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

void write_heads(const Chain& chain, Run& run, const Arguments& arguments, Output& output) {
  // Alembic lists the versioned heads; those that another branch depends on are marked.
  const std::vector<RevIndex>& heads =
      arguments.resolve_dependencies ? chain.real_heads() : chain.heads();
  if (arguments.format == OutputFormat::json) {
    output.write(to_json("retort.heads/1", chain, run, heads, nullptr));
    return;
  }
  const ListingStyle style{.labels = true, .color = output.color()};
  for (const RevIndex head : heads)
    output.write(arguments.verbose ? long_form(chain, head, style)
                                   : short_form(chain, head, style) + "\n");
}

// The folders as they would be after a merge with `--against`.
Result<std::unique_ptr<Disk>> merge_of(Run& run, const Project& project, const std::string& ref) {
  const Loc at{run.sources.add_argument("--against", ref), {0, static_cast<uint32_t>(ref.size())}};
  std::vector<std::string> folders;
  for (const VersionFolder& folder : project.folders.folders)
    folders.push_back(folder.path);
  const std::string base = TRY(merge_base(run, folders[0], ref, at));
  const GitFiles before = base.empty() ? GitFiles{} : TRY(read_git_files(run, folders, base, at));
  return merged_disk(run.disk, folders, before, TRY(read_git_files(run, folders, ref, at)));
}

// `context` is a note on every finding, unless empty.
int check_heads(const Chain& chain, Run& run, const std::string& context) {
  Diagnostics findings;
  check_chain(chain, Occasion::checking, findings);
  if (!context.empty())
    findings.note_all(context);
  run.diagnostics.append(std::move(findings));
  return chain_exit_code(run);
}

}  // namespace

int heads(Run& run, const Arguments& arguments, Output& output) {
  Result<Project> project = open_project(run, arguments);
  if (!project)
    return kUsage;
  if (arguments.against.empty()) {
    const int code = arguments.check ? check_heads(project->chain, run, "") : chain_exit_code(run);
    write_heads(project->chain, run, arguments, output);
    return code;
  }
  if (!arguments.check) {
    run.diagnostics.report(Level::error, "usage/options", "", {}, "--against goes with --check");
    return kUsage;
  }
  Result<std::unique_ptr<Disk>> disk = merge_of(run, *project, arguments.against);
  if (!disk)
    return kUsage;
  // The merge is a chain of its own; its findings replace those of the work tree.
  Run merged{.disk = **disk, .threads = run.threads, .sources = {}, .diagnostics = {}};
  VersionFolders folders = project->folders;
  for (VersionFolder& folder : folders.folders)
    folder = {run.disk.real_path(folder.path), {}};
  const Chain chain = read_chain(merged, folders);
  const int code = check_heads(chain, merged,
                               fmt::format("after merging this branch with {}", arguments.against));
  write_heads(chain, merged, arguments, output);
  run.sources = std::move(merged.sources);
  run.diagnostics = std::move(merged.diagnostics);
  return code;
}

}  // namespace retort
