// Which rows a way up destroys, and whether they can be kept: found out from the statements, the
// catalog before it, behind it, and behind the way back.
#pragma once

#include "bundle/rollback/keep.h"
#include "bundle/rollback/walk.h"
#include "bundle/rollback/way_back_class.h"

#include <string>
#include <vector>

namespace retort::rollback {

// The three states, all in one catalog: two marks, and what it is now.
struct Moments {
  size_t before = 0;
  size_t after = 0;
};

struct Verdict {
  size_t statement = 0;  // of the way up
  WayBackClass kind = WayBackClass::exact;
  std::string reason;
};

struct Keeps {
  Kept kept;
  std::vector<Verdict> verdicts;
  std::vector<std::string> lost;
  std::vector<std::string> notes;
  std::vector<catalog::Id> not_kept;  // tables whose rows only a dump has
};

Keeps find_keeps(Past& past, const Moments& moments, const Way& up, const Way& back,
                 const std::string& revision);

}  // namespace retort::rollback
