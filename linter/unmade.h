// Objects that a chain uses and never makes: another tool or an older release made them. Their
// names are what the catalog cannot be sure of.
#pragma once

#include "linter/unit.h"

#include <set>
#include <span>
#include <string>
#include <vector>

namespace retort {

struct Unmade {
  // A name that nearly is that of an object which is made is a slip, and not among them.
  std::set<std::string> names;
  std::set<std::string> schemas;

  bool operator==(const Unmade&) const = default;
};
Unmade unmade(std::span<const LintStatement> base, std::span<const Unit> units);

}  // namespace retort
