#include "editors/server/fence.h"

#include "common/path.h"

#include <algorithm>

namespace retort::lsp {

static DiskError refusal() {
  return {false, "it lies outside of the folder that is open, and an editor reads no further"};
}

DiskResult<std::vector<Entry>> Fence::list(const std::string& folder) const {
  if (!is_inside(folder))
    return Unexpected{refusal()};
  return below_.list(folder);
}

DiskResult<std::string> Fence::read(const std::string& path) const {
  if (!is_inside(path))
    return Unexpected{refusal()};
  return below_.read(path);
}

std::string Fence::real_path(const std::string& path) const {
  std::string real = below_.real_path(path);
  return holds(real) ? real : absolute_path(path);
}

bool Fence::holds(const std::string& real_path) const {
  return std::any_of(folders_.begin(), folders_.end(), [&](const std::string& folder) {
    return real_path == folder || real_path.starts_with(join_path(folder, ""));
  });
}

}  // namespace retort::lsp
