// The one order in which revisions are walked, newest first. `downgrade` and `history` take it as
// it is, `upgrade` backwards.
#pragma once

#include "versions/chain.h"

namespace retort {

// Sorts `wanted` from `starts` downwards: a straight line is followed as far as possible, a merge
// goes down its first parent's line first, and no revision comes before its descendants.
std::vector<RevIndex> newest_first(const Chain& chain, RevisionSet wanted,
                                   std::span<const RevIndex> starts);

}  // namespace retort
