#include "project/integrity.h"

#include "common/path.h"

#include <fmt/core.h>

namespace retort {

std::string lock_path(const Config& config) {
  if (!config.lock.value.empty())
    return config.lock.value;
  return join_path(parent_path(config.version_locations.value.front()), "retort.lock");
}

Result<std::optional<LockFile>> read_lock(Run& run, const std::string& path) {
  const DiskResult<FileId> file = run.load(path);
  if (!file && file.error().missing)
    return std::optional<LockFile>();
  if (!file)
    return run.diagnostics.fail("integrity/unreadable", "",
                                {run.sources.declare(shown_path(path)), {}},
                                fmt::format("the lock cannot be read: {}", file.error().reason));
  return std::optional(TRY(parse_lock(run.sources, *file, run.diagnostics)));
}

RevisionSet released(const Chain& chain, const Integrity& integrity) {
  RevisionSet result(chain.size());
  for (RevIndex i = 0; i < chain.size(); ++i)
    if (const LockEntry* const entry = integrity.lock.find(chain[i].id); entry && entry->released())
      result.insert(i);
  return result;
}

}  // namespace retort
