// One file of a guarded script: some of its stages, in their order, with all that guards them.
#pragma once

#include "compiler/script/guarded.h"
#include "compiler/script/guards.h"

#include <span>
#include <string>

namespace retort {

// What the whole of a script and its parts have in common.
struct Whole {
  const Chain& chain;
  std::span<const ScriptStep> steps;
  const Config& config;
  const Sources& sources;
  const GuardOptions& options;
  GuardTables tables;
};

// `count` of `stages` from `first` on. How far a script is counts by all of them.
std::string guarded_file(const Whole& whole, std::span<const Stage> stages, size_t first,
                         size_t count);

}  // namespace retort
