// What nearly every command begins with: configuration, revisions, graph.
#pragma once

#include "cli/arguments.h"
#include "common/run.h"
#include "compiler/compilation.h"
#include "compiler/statistics/statistics.h"
#include "versions/chain.h"
#include "versions/config.h"
#include "versions/current.h"
#include "versions/range.h"
#include "versions/read.h"

namespace retort {

struct Project {
  Config config;
  VersionFolders folders;
  Chain chain;
};

// What compiling its revisions depends on.
CompileOptions compile_options(Run& run, const Project& project, const Arguments& arguments);

// Fails only when there is nothing to read; a broken chain is reported and its rest usable.
Result<Project> open_project(Run& run, const Arguments& arguments);

// The chain of some folders as the run's disk has them: the real one, a git tree, a merge.
Chain read_chain(Run& run, const VersionFolders& folders);

// What ranges may name: --current and git references.
Result<Surroundings> surroundings(Run& run, const Project& project, const Arguments& arguments);

// What a file, a pipe or (`-`) standard input says of a database.
Result<FileId> load_stream(Run& run, const std::string& path);

// The rows of the version table in such a file; env.py may name the table. A log whose script did
// not come to its end is warned of.
Result<CurrentRows> read_rows(Run& run, const Config& config, FileId file);

// The revisions that rows of the version table stand for. Ids that the chain does not have are
// errors, rows that cannot be together are warnings.
struct FoundRows {
  std::vector<RevIndex> rows;
  std::vector<std::string> unknown;
  struct Impossible {
    RevIndex row = 0;
    RevIndex part_of = 0;  // another row, which it is an ancestor of
  };
  std::vector<Impossible> impossible;
};
FoundRows find_rows(Run& run, const Project& project, FileId file, std::span<const Reference> ids);

// Statistics of production, with the file that they stand in; `-` is standard input.
struct LoadedStatistics {
  FileId file;
  statistics::Statistics statistics;
};
Result<LoadedStatistics> load_statistics(Run& run, const std::string& path);
// The revisions that this branch adds or changes.
Result<RevisionSet> changed_since(Run& run, const Project& project, const std::string& ref);

// The exit code of a command that did its job: 3 when the chain it worked on was broken, 1 when it
// has other errors.
int chain_exit_code(const Run& run);

}  // namespace retort
