// The ways back of a whole upgrade, from its revisions alone.
#pragma once

#include "bundle/rollback/rollback.h"

#include <span>
#include <vector>

namespace retort::rollback {

struct JudgedWays {
  std::vector<RevisionWayBack> ways;
  std::vector<Body> down;  // as the authors wrote them
};

// Both ways of each revision, as a database would see them that has what its ancestors made. What a
// body lacks is part of the judgement, and reported to nobody.
JudgedWays judge(Run& run, const Chain& chain, const CompileOptions& options,
                 std::span<const Step> up, const BackOptions& back);

}  // namespace retort::rollback
