#include "compiler/integrity/history.h"

#include <algorithm>

namespace retort {

static std::string how_rewritten(const LockEntry& then, const LockEntry* now) {
  if (!now)
    return "its line is gone";
  if (!now->released())
    return "its line says that it was not";
  if (now->release != then.release)
    return "its line says that it was as " + now->release;
  if (now->state != then.state)
    return "its line has other hashes or parents now";
  const bool kept = now->accepted.size() >= then.accepted.size() &&
                    std::equal(then.accepted.begin(), then.accepted.end(), now->accepted.begin());
  return kept ? "" : "a line of what was accepted is gone";
}

std::vector<Rewritten> compare_history(const LockFile& base, const LockFile& tip, LockFile& ours) {
  std::vector<Rewritten> result;
  for (const LockEntry& then : base.entries) {
    LockEntry* const now = ours.find(then.id);
    if (then.released()) {
      if (std::string how = how_rewritten(then, now); !how.empty())
        result.push_back({&then, std::move(how)});
      continue;
    }
    const LockEntry* const there = tip.find(then.id);
    if (!now || now->released() || !there || !there->released())
      continue;
    now->release = there->release;
    if (now->state != there->state)  // else both have made the same of it
      now->state = then.state;
  }
  return result;
}

}  // namespace retort
