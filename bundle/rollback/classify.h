// What each statement of a way up means for the way back, beyond the rows that it destroys.
#pragma once

#include "bundle/rollback/keeps.h"
#include "linter/comparison.h"

namespace retort::rollback {

// Of what the statements are, whatever the way back does.
std::vector<Verdict> judge_statements(const Way& up, catalog::Catalog& catalog, size_t before);

// Of what the way back leaves otherwise. `missing`: there is no way back at all.
std::vector<Verdict> judge_leftovers(const Way& up, const std::vector<Leftover>& leftovers,
                                     bool missing);

// What the way back itself does to rows, and what it cannot be trusted with.
struct BackVerdict {
  WayBackClass kind = WayBackClass::exact;
  std::string reason;
};
std::vector<BackVerdict> judge_back(const Way& back, const Keeps& keeps, catalog::Catalog& catalog,
                                    size_t before);

std::string words(const Leftover& leftover);

}  // namespace retort::rollback
