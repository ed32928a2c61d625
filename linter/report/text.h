// Findings as people read them: `file:line:column: level[rule]: message` and a code frame.
#pragma once

#include "common/diagnostic.h"

#include <span>
#include <string>

namespace retort {

std::string to_text(std::span<const Diagnostic> diagnostics, const Sources& sources, bool color);

// Where a step of a fix belongs, if not where the finding is: "in the next revision".
std::string_view place_of_step(const Fix& fix, size_t number);

// "2 errors, 1 warning", or empty.
std::string summary(std::span<const Diagnostic> diagnostics);

}  // namespace retort
