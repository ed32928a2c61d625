// What env.py says, read without running it: literal arguments of the `context.configure(…)` that
// offline mode uses, and the naming convention of its `target_metadata`.
#pragma once

#include "versions/config.h"

namespace retort {

// Fills settings that are still at their default. What is set but cannot be read is reported as
// `config/env-py`, at level info.
void read_env_py(Run& run, Config& config);

}  // namespace retort
