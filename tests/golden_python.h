// Runs the Python of a recorded example as a revision runs it.
#pragma once

#include "compiler/body.h"
#include "compiler/ddl/problem.h"

#include <string>
#include <string_view>

namespace retort::tests {

// The statements of `op.…` calls. A line `convention(uq="…")` says what env.py would.
Body run_python(std::string_view text);
Answer<Type> type_from_python(std::string_view text);

}  // namespace retort::tests
