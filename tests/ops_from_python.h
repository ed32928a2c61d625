// Fills the structs of compiler/ops from the Python of a recorded example and runs them.
#pragma once

#include "compiler/ops/ops.h"

#include <string_view>

namespace retort::tests {

Answer<Statements> run_python(std::string_view text);
Answer<Type> type_from_python(std::string_view text);

}  // namespace retort::tests
