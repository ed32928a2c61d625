// retort.lock of a project.
#pragma once

#include "compiler/integrity/verdict.h"
#include "project/project.h"

#include <optional>
#include <string>

namespace retort {

std::string lock_path(const Config& config);

// Nothing where there is no lock; a damaged one is reported.
Result<std::optional<LockFile>> read_lock(Run& run, const std::string& path);

// The revisions that the lock calls released.
RevisionSet released(const Chain& chain, const Integrity& integrity);

}  // namespace retort
