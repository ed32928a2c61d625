// A configured chain, as every front end opens it: configuration, revisions, graph, statistics.
#pragma once

#include "common/run.h"
#include "compiler/compilation.h"
#include "compiler/statistics/statistics.h"
#include "linter/rule.h"
#include "versions/chain.h"
#include "versions/config.h"
#include "versions/read.h"

#include <span>
#include <string>
#include <vector>

namespace retort {

struct Project {
  Config config;
  VersionFolders folders;
  Chain chain;
};

// Fails only when there is nothing to read; a broken chain is reported and its rest usable.
// `environment` are assignments, NAME=VALUE.
Result<Project> open_project(Run& run, const ConfigRequest& request,
                             std::span<const std::string> environment = {});

VersionFolders version_folders(const Config& config);
// What the rules about the graph say on an occasion.
void check_chain(const Chain& chain, Occasion occasion, Diagnostics& diagnostics);
// Links revisions, and reports what is wrong with the chain.
Chain link_chain(std::vector<Revision> revisions, Diagnostics& diagnostics);
// The chain of some folders as the run's disk has them: the real one, a git tree, a merge.
Chain read_chain(Run& run, const VersionFolders& folders);
std::vector<std::string> paths_of(const VersionFolders& folders);

// What compiling its revisions depends on. `x` are those for context.get_x_argument().
CompileOptions compile_options(Run& run, const Project& project, std::vector<std::string> x = {});

// Statistics of production, with the file that they stand in; `-` is standard input.
struct LoadedStatistics {
  FileId file;
  statistics::Statistics statistics;
};
Result<LoadedStatistics> load_statistics(Run& run, const std::string& path);

// The chain could not be read as a whole: what it lacks is among what was reported.
bool is_broken(const std::vector<Diagnostic>& found);

}  // namespace retort
