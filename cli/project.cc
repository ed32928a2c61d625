#include "cli/project.h"

#include "cli/command.h"
#include "cli/output.h"
#include "common/disk.h"
#include "common/path.h"
#include "common/text.h"
#include "compiler/script/version_table.h"
#include "versions/env_py.h"
#include "versions/git.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

Result<std::vector<std::string>> heads_at(Run& run, const VersionFolders& folders,
                                          std::string_view ref, Loc at) {
  const std::unique_ptr<Disk> disk =
      disk_of(TRY(read_git_files(run, paths_of(folders), std::string(ref), at)));
  Run elsewhere{.disk = *disk, .threads = run.threads, .sources = {}, .diagnostics = {}};
  VersionFolders there = folders;
  for (VersionFolder& folder : there.folders)
    folder = {run.disk.real_path(folder.path), {}};
  const Chain chain = read_chain(elsewhere, there);
  if (elsewhere.diagnostics.has_errors()) {
    Diagnostic diagnostic{
        "range/git", "", Level::error, at, fmt::format("the chain at `{}` cannot be read", ref),
        {},          {}};
    for (const Diagnostic& cause : elsewhere.diagnostics.all())
      if (cause.level == Level::error)
        diagnostic.note(fmt::format("there: {}", cause.message));
    return run.diagnostics.fail(std::move(diagnostic));
  }
  std::vector<std::string> ids;
  for (const RevIndex head : chain.real_heads())
    ids.push_back(chain[head].id);
  return ids;
}

}  // namespace

Result<Project> open_project(Run& run, const Arguments& arguments) {
  return open_project(run, arguments.config, arguments.environment);
}

CompileOptions compile_options(Run& run, const Project& project, const Arguments& arguments) {
  return compile_options(run, project, arguments.x);
}

Result<FileId> load_stream(Run& run, const std::string& path) {
  DiskResult<std::string> text = read_stream(path);
  if (!text)
    return run.diagnostics.fail("current/unreadable", "", {run.sources.declare(path), {}},
                                fmt::format("this cannot be read: {}", text.error().reason));
  return run.sources.add(path == "-" ? "standard input" : path, *std::move(text));
}

Result<CurrentRows> read_rows(Run& run, const Config& config, FileId file) {
  Config complete = config;
  read_env_py(run, complete);
  VersionTableName name{complete.version_table_schema.value, complete.version_table.value};
  if (name.schema.empty() && !complete.search_path.value.empty())
    name.schema = complete.search_path.value.front();
  CurrentRows rows = TRY(read_current(run.sources, file, name, run.diagnostics));
  if (rows.unfinished)
    run.diagnostics
        .report(
            Level::warning, "current/unfinished", "", {file, rows.unfinished->at},
            fmt::format("the script that wrote this log did not come to its end: it stopped in {}",
                        rows.unfinished->step))
        .note("run the same script again: it goes on where it stopped");
  return rows;
}

namespace {

void report_unknown(Run& run, const Project& project, FileId file, const Reference& id) {
  std::vector<std::string_view> known;
  for (RevIndex i = 0; i < project.chain.size(); ++i)
    known.push_back(project.chain[i].id);
  Diagnostic& diagnostic =
      run.diagnostics.report(Level::error, "current/unknown-id", "", {file, id.at},
                             fmt::format("the chain has no revision `{}`", id.id));
  const std::string_view meant = nearest(id.id, known);
  const std::string removed =
      meant.empty() ? removed_in(paths_of(project.folders), id.id) : std::string();
  if (!meant.empty())
    diagnostic.note(fmt::format("did you mean `{}`?", meant));
  else if (!removed.empty())
    diagnostic.note(fmt::format("its file was removed in commit {}", removed));
  else
    diagnostic.note("its file may have been removed, or the database belongs to another chain");
}

void report_impossible(Run& run, const Project& project, FileId file,
                       const FoundRows::Impossible& found) {
  const Chain& chain = project.chain;
  Config config = project.config;
  read_env_py(run, config);
  run.diagnostics
      .report(Level::warning, "current/impossible", "", {file, {}},
              fmt::format("the database claims `{}` and also `{}`, which is part of it",
                          chain[found.part_of].id, chain[found.row].id))
      .note(fmt::format("Alembic never leaves such rows; the one of `{}` should go",
                        chain[found.row].id))
      .note(VersionTable(config).statement(chain, {RowChange::Kind::remove, found.row, 0}) + ";");
}

}  // namespace

FoundRows find_rows(Run& run, const Project& project, FileId file, std::span<const Reference> ids) {
  const Chain& chain = project.chain;
  FoundRows found;
  for (const Reference& id : ids) {
    const std::optional<RevIndex> row = chain.find_id(id.id);
    if (!row) {
      found.unknown.push_back(id.id);
      report_unknown(run, project, file, id);
    } else if (std::find(found.rows.begin(), found.rows.end(), *row) == found.rows.end()) {
      found.rows.push_back(*row);
    }
  }
  for (const RevIndex upper : found.rows) {
    const RevisionSet below = chain.ancestors(std::span(&upper, 1), Edges::all);
    for (const RevIndex lower : found.rows)
      if (lower != upper && below.contains(lower)) {
        found.impossible.push_back({lower, upper});
        report_impossible(run, project, file, found.impossible.back());
      }
  }
  return found;
}

Result<Surroundings> surroundings(Run& run, const Project& project, const Arguments& arguments) {
  Surroundings result;
  result.heads_at = [&run, &project](std::string_view ref, Loc at) {
    return heads_at(run, project.folders, ref, at);
  };
  if (arguments.current.empty())
    return result;
  if (!arguments.current.starts_with('@')) {
    result.current = TRY(Ranges(project.chain, run).revisions(arguments.current));
    return result;
  }
  const FileId file = TRY(load_stream(run, arguments.current.substr(1)));
  const CurrentRows rows = TRY(read_rows(run, project.config, file));
  FoundRows found = find_rows(run, project, file, rows.ids);
  if (!found.unknown.empty())
    return run.diagnostics.failed();
  result.current = std::move(found.rows);
  return result;
}

Result<RevisionSet> changed_since(Run& run, const Project& project, const std::string& ref) {
  const Loc at{run.sources.add_argument("--since", ref), {0, static_cast<uint32_t>(ref.size())}};
  const std::vector<std::string> folders = paths_of(project.folders);
  const std::string base = TRY(merge_base(run, folders[0], ref, at));
  const GitFiles before = base.empty() ? GitFiles{} : TRY(read_git_files(run, folders, base, at));
  std::map<std::string, const std::string*> by_real_path;
  for (const auto& [path, text] : before)
    by_real_path[run.disk.real_path(path)] = &text;
  RevisionSet changed(project.chain.size());
  for (RevIndex i = 0; i < project.chain.size(); ++i) {
    const Revision& revision = project.chain[i];
    const auto old = by_real_path.find(revision.path);
    if (old == by_real_path.end() || *old->second != run.sources.text(revision.file))
      changed.insert(i);
  }
  return changed;
}

int chain_exit_code(const Run& run) {
  if (!run.diagnostics.has_errors())
    return kDone;
  return is_broken(run.diagnostics.all()) ? kUnreadableChain : kFindings;
}

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

}  // namespace retort
