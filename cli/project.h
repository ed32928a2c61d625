// What commands make of their arguments: the project, ranges, the rows of a database.
#pragma once

#include "cli/arguments.h"
#include "project/project.h"
#include "versions/current.h"
#include "versions/range.h"

namespace retort {

class Output;

// What compiling its revisions depends on.
CompileOptions compile_options(Run& run, const Project& project, const Arguments& arguments);

Result<Project> open_project(Run& run, const Arguments& arguments);

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

// The revisions that this branch adds or changes.
Result<RevisionSet> changed_since(Run& run, const Project& project, const std::string& ref);

// The exit code of a command that did its job: 3 when the chain it worked on was broken, 1 when it
// has other errors.
int chain_exit_code(const Run& run);

// To the file that `-o` names, or to standard output. The exit code of the command.
int write_script(Run& run, const Arguments& arguments, Output& output, std::string_view text);

}  // namespace retort
