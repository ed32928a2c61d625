// What the user wants of the findings: levels, what is ignored where, what is allowed in place.
#pragma once

#include "linter/finding.h"
#include "linter/rule.h"
#include "linter/settings.h"

#include <span>
#include <string_view>
#include <vector>

namespace retort {

// The rules that are to run: what is selected, without what is ignored.
std::vector<const Rule*> enabled(std::span<const Rule* const> rules, const LintSettings& settings);

// Whether the rule runs, be it for one variant.
bool is_selected(std::string_view rule, bool by_default, const LintSettings& settings);

// Why bodies are not complete, as findings.
void add_holes(std::span<const Unit> units, const Sources& sources, std::vector<Finding>& findings);

// Puts findings into their final form and order; who needs fingerprints sets them afterwards.
// `known` are the names of all rules.
void finish(std::vector<Finding>& findings, std::span<const Unit> units, const Sources& sources,
            const LintSettings& settings, std::span<const std::string_view> known);

}  // namespace retort
