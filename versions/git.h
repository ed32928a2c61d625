// Revision folders as git knows them: at a tag or commit, or as they would be after a merge.
// Reads objects through the git program; nothing is checked out.
#pragma once

#include "common/run.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace retort {

// The files below some folders at one commit, under their absolute paths.
using GitFiles = std::map<std::string, std::string>;

// `at` is the place in the arguments that asks for it, for messages.
Result<GitFiles> read_git_files(Run& run, const std::vector<std::string>& folders,
                                const std::string& commit, Loc at);

// One file at a commit, wherever it is in the repository; nothing when it is not there.
Result<std::optional<std::string>> read_git_file(Run& run, const std::string& path,
                                                 const std::string& commit, Loc at);

// The commit where the work tree's HEAD and `ref` last agreed; empty when they share nothing.
Result<std::string> merge_base(Run& run, const std::string& folder, const std::string& ref, Loc at);

// The last commit, with its day, that removed a file with this id in it; empty when none is known.
std::string removed_in(const std::vector<std::string>& folders, const std::string& id);

// A disk that holds just those files.
std::unique_ptr<Disk> disk_of(GitFiles files);

// The folders after merging `theirs` into the work tree, decided file by file: what one side left
// as it was at `base` is taken from the other side.
std::unique_ptr<Disk> merged_disk(const Disk& ours, const std::vector<std::string>& folders,
                                  const GitFiles& base, GitFiles theirs);

}  // namespace retort
