// Statements of ours, around the merge of the old rows: what asks for rows or values that are not
// yet back runs behind it.
#pragma once

#include "bundle/rollback/keeps.h"
#include "linter/way_back.h"

#include <set>
#include <string>
#include <vector>

namespace retort::rollback {

struct Arranged {
  std::vector<std::string> first, late;
};

// The catalog is as it is before these statements.
Arranged arrange(const WayBack& way, catalog::Catalog& catalog, const Moments& moments,
                 const std::set<catalog::Id>& emptied);

}  // namespace retort::rollback
