// What two states of one catalog differ in.
#pragma once

#include "compiler/catalog/catalog.h"

#include <string>
#include <vector>

namespace retort {

// An object that going up and down again does not leave as it was.
struct Leftover {
  std::string object;  // "table public.orders"
  catalog::Id id = 0;
  bool whole = false;             // all of it
  std::vector<std::string> lost;  // lines of its description that are not restored
  std::vector<std::string> left;  // lines that are left behind
};

// What is not as it was at the mark. Of objects that the chain did not make it is not known how
// they were, so that they are left out.
std::vector<Leftover> compare(catalog::Catalog& catalog, size_t mark);

}  // namespace retort
