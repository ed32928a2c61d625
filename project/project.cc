#include "project/project.h"

#include "common/path.h"
#include "rules/rules.h"
#include "versions/overrides.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {

VersionFolders version_folders(const Config& config) {
  VersionFolders folders;
  for (const std::string& path : config.version_locations.value)
    folders.folders.push_back({path, config.version_locations.origin.at});
  folders.recursive = config.recursive_version_locations.value;
  folders.sourceless = config.sourceless.value;
  return folders;
}

std::vector<std::string> paths_of(const VersionFolders& folders) {
  std::vector<std::string> paths;
  for (const VersionFolder& folder : folders.folders)
    paths.push_back(folder.path);
  return paths;
}

void check_chain(const Chain& chain, Occasion occasion, Diagnostics& diagnostics) {
  for (const ChainRule* const rule : rules::chain_rules())
    if (rule->occasion == occasion)
      rule->check(chain, diagnostics);
}

Chain link_chain(std::vector<Revision> revisions, Diagnostics& diagnostics) {
  Chain chain = link(std::move(revisions), diagnostics);
  check_chain(chain, Occasion::reading, diagnostics);
  return chain;
}

Chain read_chain(Run& run, const VersionFolders& folders) {
  return link_chain(read_revisions(run, folders), run.diagnostics);
}

Result<Project> open_project(Run& run, const ConfigRequest& request,
                             std::span<const std::string> environment) {
  Project project;
  project.config = TRY(read_config(run, request));
  for (const std::string& assignment : environment)
    set_given(project.config.given.environment, assignment);
  project.folders = version_folders(project.config);
  project.chain = read_chain(run, project.folders);
  return project;
}

CompileOptions compile_options(Run& run, const Project& project, std::vector<std::string> x) {
  CompileOptions options = compile_options(project.config, std::move(x));
  options.overrides = read_overrides(run, project.config, project.chain);
  return options;
}

Result<LoadedStatistics> load_statistics(Run& run, const std::string& path) {
  // What is no file may be a pipe.
  const bool is_file = path != "-" && run.disk.kind(path) == EntryKind::file;
  DiskResult<std::string> text = is_file ? run.disk.read(path) : read_stream(path);
  if (!text)
    return run.diagnostics.fail(
        "stats/unreadable", "", {run.sources.declare(shown_path(path)), {}},
        fmt::format("these statistics cannot be read: {}", text.error().reason));
  const FileId file =
      run.sources.add(path == "-" ? "standard input" : shown_path(path), *std::move(text));
  return LoadedStatistics{file, TRY(statistics::read(run, file, statistics::today()))};
}

bool is_broken(const std::vector<Diagnostic>& found) {
  return std::any_of(found.begin(), found.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.level == Level::error && diagnostic.rule == "chain/broken";
  });
}

}  // namespace retort
