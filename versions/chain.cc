#include "versions/chain.h"

#include <algorithm>
#include <bit>

namespace retort {

bool RevisionSet::empty() const {
  return std::all_of(words_.begin(), words_.end(), [](uint64_t word) { return word == 0; });
}

RevisionSet& RevisionSet::operator&=(const RevisionSet& other) {
  for (size_t i = 0; i < words_.size(); ++i)
    words_[i] &= other.words_[i];
  return *this;
}

RevisionSet& RevisionSet::operator-=(const RevisionSet& other) {
  for (size_t i = 0; i < words_.size(); ++i)
    words_[i] &= ~other.words_[i];
  return *this;
}

std::vector<RevIndex> RevisionSet::members() const {
  std::vector<RevIndex> result;
  for (size_t i = 0; i < words_.size(); ++i)
    for (uint64_t word = words_[i]; word != 0; word &= word - 1)
      result.push_back(static_cast<RevIndex>(i * 64 + static_cast<size_t>(std::countr_zero(word))));
  return result;
}

std::optional<RevIndex> Chain::find_id(std::string_view id) const {
  const auto found = ids_.find(id);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

bool Chain::take_words(RevIndex i, const Revision& now) {
  Revision& revision = revisions_[i];
  const auto same_ids = [](const std::vector<Reference>& a, const std::vector<Reference>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Reference& x, const Reference& y) { return x.id == y.id; });
  };
  if (now.format != revision.format || now.id != revision.id ||
      !same_ids(now.down_revisions, revision.down_revisions) ||
      !same_ids(now.depends_on, revision.depends_on) ||
      !same_ids(now.branch_labels, revision.branch_labels))
    return false;
  // The ids stay in their places: others look at them.
  const auto take_places = [](const std::vector<Reference>& from, std::vector<Reference>& to) {
    for (size_t k = 0; k < to.size(); ++k)
      to[k].at = from[k].at;
  };
  take_places(now.down_revisions, revision.down_revisions);
  take_places(now.depends_on, revision.depends_on);
  take_places(now.branch_labels, revision.branch_labels);
  revision.id_at = now.id_at;
  revision.doc = now.doc;
  revision.created = now.created;
  revision.sql = now.sql;
  return true;
}

std::optional<RevIndex> Chain::find(std::string_view id_or_label) const {
  if (const std::optional<RevIndex> by_id = find_id(id_or_label))
    return by_id;
  const auto found = labels_.find(id_or_label);
  return found == labels_.end() ? std::nullopt : std::optional(found->second);
}

// `reach(revision, add)` calls add with each list of revisions that are one step away.
template <class Reach>
static RevisionSet reached(size_t size, std::span<const RevIndex> from, Reach reach) {
  RevisionSet result(size);
  std::vector<RevIndex> todo(from.begin(), from.end());
  const auto add = [&](const std::vector<RevIndex>& more) {
    todo.insert(todo.end(), more.begin(), more.end());
  };
  while (!todo.empty()) {
    const RevIndex next = todo.back();
    todo.pop_back();
    if (result.insert(next))
      reach(next, add);
  }
  return result;
}

RevisionSet Chain::ancestors(std::span<const RevIndex> of, Edges edges) const {
  return reached(size(), of, [&](RevIndex i, auto add) {
    add(edges == Edges::versioned ? parents(i) : normal_parents(i));
  });
}

RevisionSet Chain::descendants(std::span<const RevIndex> of, Edges edges) const {
  return reached(size(), of, [&](RevIndex i, auto add) {
    add(children(i));
    if (edges == Edges::all)
      add(dependants(i));
  });
}

std::vector<RevIndex> Chain::heads_of(const RevisionSet& members) const {
  std::vector<RevIndex> result;
  for (const RevIndex i : members.members())
    if (std::none_of(children(i).begin(), children(i).end(),
                     [&](RevIndex child) { return members.contains(child); }))
      result.push_back(i);
  return result;
}

bool Chain::shares_lineage(RevIndex a, RevIndex b) const {
  return ancestors(std::span(&a, 1), Edges::versioned).contains(b) ||
         descendants(std::span(&a, 1), Edges::versioned).contains(b);
}

}  // namespace retort
