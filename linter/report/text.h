// Findings as people read them: `file:line:column: level[rule]: message` and a code frame.
#pragma once

#include "common/diagnostic.h"

#include <span>
#include <string>

namespace retort {

struct TextStyle {
  bool color = false;
};

std::string to_text(std::span<const Diagnostic> diagnostics, const Sources& sources,
                    TextStyle style);

}  // namespace retort
