// One revision as Alembic's listings word it.
#pragma once

#include "versions/chain.h"

#include <string>
#include <vector>

namespace retort {

struct ListingStyle {
  bool parents = false;
  bool labels = false;
  bool tree_marks = false;  // (branchpoint), (mergepoint)
  bool title = false;
  bool color = false;
  const std::vector<RevIndex>* current = nullptr;  // marked with (current)
};

// `[parents -> ]id[ (labels)][ (head)][…][, title]`, without a line end.
std::string short_form(const Chain& chain, RevIndex i, const ListingStyle& style);

// The block that `-v` and `show` print, with the empty line after it.
std::string long_form(const Chain& chain, RevIndex i, const ListingStyle& style);

// "a, b", or "<base>" for no parents.
std::string parents_text(const Chain& chain, RevIndex i);

// The ids of some revisions.
std::vector<std::string> ids_of(const Chain& chain, const std::vector<RevIndex>& revisions);

}  // namespace retort
