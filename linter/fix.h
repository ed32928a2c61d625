// Fixes as new text, and as a patch.
#pragma once

#include "linter/finding.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// The text of a file after the fixes of these findings; of two that overlap the first one counts.
// `least` safe: only those that are; `review`: all.
std::string apply_fixes(const Sources& sources, std::span<const Finding> findings, Safety allowed,
                        std::string_view path);

// Every file that fixes change, by path, with its new text.
std::map<std::string, std::string> fixed_files(const Sources& sources,
                                               std::span<const Finding> findings, Safety allowed);

// Whose fixes are among them: one that touches another has to wait for the next run.
std::vector<bool> mended(const Sources& sources, std::span<const Finding> findings, Safety allowed);

// What turns one text into the other, as `diff -u` prints it.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace retort
