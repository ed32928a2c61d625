// The naming convention of env.py's `target_metadata`, followed through the repository.
#pragma once

#include "versions/config.h"
#include "versions/python_names.h"

namespace retort {

// `configure` is the `context.configure(…)` call of `env`, `function` the one it stands in. Fills
// the setting if it is a literal; says what could not be followed.
void read_naming_convention(Run& run, Config& config, PyNames& names, const PyModule& env,
                            py::Node configure, py::Node function);

// `config/env-py`, at level info: what env.py says but cannot be known without running it.
void report_env_py(Run& run, Loc at, std::string message);

}  // namespace retort
