// From folders to revisions: which files count, in which order, read in parallel.
#pragma once

#include "common/run.h"
#include "versions/revision.h"

#include <string>
#include <vector>

namespace retort {

struct VersionFolder {
  std::string path;
  Loc named_at;  // where the configuration names it, if it does
};

struct VersionFolders {
  std::vector<VersionFolder> folders;
  bool recursive = false;
  bool sourceless = false;  // Alembic would also load compiled files, which cannot be read here
};

// In Alembic's map order: folders as configured, file names by code point, a folder's own files
// before those of its sub-folders. What cannot be read is reported and left out.
std::vector<Revision> read_revisions(Run& run, const VersionFolders& where);

}  // namespace retort
