// Two versions of retort.lock: what was released is a record, to which lines are only added.
#pragma once

#include "versions/lock_file.h"

#include <string>
#include <vector>

namespace retort {

struct Rewritten {
  const LockEntry* entry = nullptr;  // of `base`
  std::string how;                   // "its line is gone"
};

// What `ours` has made of the released lines that it started from. `base` is the lock where this
// branch left the other one, `tip` the lock that the other one has now: what was released there
// meanwhile is marked in `ours`, as it was at `base`.
std::vector<Rewritten> compare_history(const LockFile& base, const LockFile& tip, LockFile& ours);

}  // namespace retort
