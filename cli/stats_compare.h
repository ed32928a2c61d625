// What differs between the chain and the database that statistics were taken of.
#pragma once

#include "cli/project.h"
#include "linter/unit.h"

namespace retort {

class Output;

// Prints the differences, one a line; the exit code.
int compare_with_chain(Run& run, const Arguments& arguments, const LoadedStatistics& loaded,
                       Output& output);

// Warns of what makes statistics worth less for these units: their age, what is missing, and tables
// of which none is one of theirs.
void doubt_statistics(Run& run, const LoadedStatistics& loaded, std::span<const Unit> units);

}  // namespace retort
