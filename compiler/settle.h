// Bodies that depend on what the revisions before have built: those that ask what the database
// holds, and those that make a type which may be there already. They are compiled apart from each
// other first; this finishes them in the order of the chain.
#pragma once

#include "compiler/body.h"
#include "compiler/catalog/catalog.h"
#include "compiler/compilation.h"
#include "versions/range.h"

#include <span>

namespace retort {

// What stands before a step: everything that is applied when it runs.
enum class Order : uint8_t {
  script,  // the steps run one after the other
  apart,   // each revision after its ancestors, up or down
  replay,  // the same, without what a run against a database would leave out
};

// `start` are the rows of the version table before the first step of a script.
void settle(Compilation& compilation, std::span<const Step> steps, Order order,
            std::span<const RevIndex> start, std::vector<Body>& bodies);

// Bodies of one revision behind what a catalog holds, as `Order::replay` has them.
void settle(Compilation& compilation, std::span<const Step> steps, const catalog::Catalog& before,
            std::vector<Body>& bodies);

}  // namespace retort
