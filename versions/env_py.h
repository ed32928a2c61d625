// What env.py says, read without running it: literal arguments of the `context.configure(…)` that
// offline mode uses, the naming convention of its `target_metadata`, and the lock_timeout that it
// sets.
#pragma once

#include "versions/config.h"

namespace retort {

// Fills settings that are still at their default. What is set but cannot be read is reported as
// `config/env-py`, at level info.
void read_env_py(Run& run, Config& config);

}  // namespace retort
