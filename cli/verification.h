// The SQL of `retort verify`, for the command and for bundles.
#pragma once

#include "cli/project.h"
#include "compiler/script/version_table.h"
#include "linter/unit.h"

#include <span>
#include <string>

namespace retort {

// What is applied when the script is to pass, and which part of it is asked about.
struct VerifiedPart {
  RevisionSet before;  // applied, and not asked about where there is a range
  RevisionSet range;
  Rows rows;  // of the version table
  bool whole = true;
};

// `units` are those of the chain. What cannot be asked for is reported where there is a sink.
std::string verification_of(std::span<const Unit> units, const VerifiedPart& part,
                            const Project& project, const std::string& title,
                            Diagnostics* diagnostics = nullptr);

}  // namespace retort
