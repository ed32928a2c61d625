// Findings as people read them: `file:line:column: level[rule]: message` and a code frame.
#pragma once

#include "common/diagnostic.h"

#include <array>
#include <span>
#include <string>

namespace retort {

void append_text(std::string& text, const Diagnostic& diagnostic, const Sources& sources,
                 bool color);
std::string to_text(std::span<const Diagnostic> diagnostics, const Sources& sources, bool color);

// Where a step of a fix belongs, if not where the finding is: "in the next revision".
std::string_view place_of_step(const Fix& fix, size_t number);

// "2 errors, 1 warning", or empty.
std::string summary(std::span<const Diagnostic> diagnostics);
using LevelCounts = std::array<size_t, 3>;  // by level
std::string summary(const LevelCounts& counts);

}  // namespace retort
