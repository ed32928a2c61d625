#include "versions/order.h"

#include <algorithm>

namespace retort {
namespace {

// An end of the frontier between what is emitted and what is not. Its ancestors are computed only
// when there is another end to compare with, and stay right while it moves down a straight line.
struct Open {
  RevIndex revision;
  std::optional<RevisionSet> ancestors;
};

}  // namespace

std::vector<RevIndex> newest_first(const Chain& chain, RevisionSet wanted,
                                   std::span<const RevIndex> starts) {
  std::vector<Open> open;
  {
    RevisionSet distinct(chain.size());
    for (const RevIndex start : starts)
      if (wanted.contains(start))
        distinct.insert(start);
    for (const RevIndex start : distinct.members())
      open.push_back({start, std::nullopt});
  }
  const auto is_below = [&](RevIndex candidate, Open& other) {
    if (!other.ancestors)
      other.ancestors = chain.ancestors(std::span(&other.revision, 1), Edges::all);
    return other.ancestors->contains(candidate);
  };

  std::vector<RevIndex> result;
  size_t i = 0;
  while (!open.empty()) {
    const RevIndex candidate = open[i].revision;
    // Whoever stands above the candidate has to go first.
    size_t above = open.size();
    for (size_t j = 0; j < open.size() && above == open.size(); ++j)
      if (j != i && is_below(candidate, open[j]))
        above = j;
    if (above != open.size()) {
      i = above;
      continue;
    }
    result.push_back(candidate);
    wanted.erase(candidate);

    std::vector<RevIndex> next;
    for (const RevIndex parent : chain.normal_parents(candidate)) {
      const bool is_open = std::any_of(open.begin(), open.end(),
                                       [&](const Open& o) { return o.revision == parent; });
      if (wanted.contains(parent) && !is_open)
        next.push_back(parent);
    }
    if (next.empty()) {
      open.erase(open.begin() + static_cast<ptrdiff_t>(i));
      i = i == 0 ? 0 : i - 1;
      continue;
    }
    open[i].revision = next[0];
    if (chain.normal_parents(candidate).size() != 1)
      open[i].ancestors.reset();
    for (size_t j = 1; j < next.size(); ++j)
      open.push_back({next[j], std::nullopt});
  }
  return result;
}

}  // namespace retort
