// What going up and down again does not leave as it was: what linter/comparison.h sees, and what
// the catalog does not print or does not hold.
#pragma once

#include "bundle/rollback/ledger.h"
#include "linter/comparison.h"

namespace retort::rollback {

// `then` was said up to the mark, `now` up to here.
std::vector<Leftover> differences(catalog::Catalog& catalog, size_t mark, const Ledger& then,
                                  const Ledger& now);

}  // namespace retort::rollback
