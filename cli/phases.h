// What goes before the code is deployed, and what after it.
#pragma once

#include "common/run.h"
#include "versions/range.h"

#include <span>

namespace retort {

// The first step for after the deploy; all behind it go with it. A step for before the deploy among
// them is reported: the order of the chain decides.
Result<size_t> first_after_deploy(Run& run, const Chain& chain, std::span<const Step> steps);

}  // namespace retort
