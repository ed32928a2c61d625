// The revision graph. Built once by `link`, its edges never change afterwards; every list is in map
// order (the order in which the files were read), which is Alembic's tie-break everywhere.
#pragma once

#include "common/diagnostic.h"
#include "versions/revision.h"

#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace retort {

using RevIndex = uint32_t;

// A set of revisions of one chain.
class RevisionSet {
public:
  explicit RevisionSet(size_t chain_size) : words_((chain_size + 63) / 64) {}

  bool contains(RevIndex i) const { return (words_[i / 64] >> (i % 64) & 1U) != 0; }
  bool insert(RevIndex i) {  // true when it is new
    const bool added = !contains(i);
    words_[i / 64] |= uint64_t{1} << (i % 64);
    return added;
  }
  void erase(RevIndex i) { words_[i / 64] &= ~(uint64_t{1} << (i % 64)); }
  bool empty() const;
  RevisionSet& operator&=(const RevisionSet& other);
  RevisionSet& operator-=(const RevisionSet& other);
  std::vector<RevIndex> members() const;  // ascending

private:
  std::vector<uint64_t> words_;
};

// Versioned edges are `down_revision`; all edges include dependencies.
enum class Edges : uint8_t { versioned, all };

class Chain {
public:
  size_t size() const { return revisions_.size(); }
  const Revision& operator[](RevIndex i) const { return revisions_[i]; }

  const std::vector<RevIndex>& parents(RevIndex i) const { return nodes_[i].parents; }
  const std::vector<RevIndex>& dependencies(RevIndex i) const { return nodes_[i].dependencies; }
  // Parents, then the dependencies that no ancestor has already: what traversal and the version
  // table go by.
  const std::vector<RevIndex>& normal_parents(RevIndex i) const { return nodes_[i].normal_parents; }
  const std::vector<RevIndex>& children(RevIndex i) const { return nodes_[i].children; }
  const std::vector<RevIndex>& dependants(RevIndex i) const { return nodes_[i].dependants; }
  // All branch labels that cover the revision, in the order of the revisions that carry them.
  const std::vector<std::string_view>& labels(RevIndex i) const { return nodes_[i].labels; }

  const std::vector<RevIndex>& heads() const { return heads_; }
  const std::vector<RevIndex>& real_heads() const { return real_heads_; }  // nobody depends on them
  const std::vector<RevIndex>& bases() const { return bases_; }
  bool is_head(RevIndex i) const { return nodes_[i].children.empty(); }
  bool is_real_head(RevIndex i) const { return is_head(i) && nodes_[i].dependants.empty(); }
  bool is_branch_point(RevIndex i) const { return nodes_[i].children.size() > 1; }
  bool is_merge_point(RevIndex i) const { return nodes_[i].parents.size() > 1; }

  // The revision's file was edited, and what the graph is made of is the same: places and words are
  // taken over. False, and nothing done, where that is not so.
  bool take_words(RevIndex i, const Revision& now);

  std::optional<RevIndex> find_id(std::string_view id) const;
  // The revision with that id, or that carries that label.
  std::optional<RevIndex> find(std::string_view id_or_label) const;
  const std::vector<std::string_view>& all_labels() const { return label_names_; }

  // Both include the revisions asked for.
  RevisionSet ancestors(std::span<const RevIndex> of, Edges edges) const;
  RevisionSet descendants(std::span<const RevIndex> of, Edges edges) const;
  // The members that have no child among them: what Alembic lists as current when they are applied.
  std::vector<RevIndex> heads_of(const RevisionSet& members) const;
  // One is an ancestor of the other, over versioned edges.
  bool shares_lineage(RevIndex a, RevIndex b) const;

private:
  friend class Linker;
  struct Node {
    std::vector<RevIndex> parents;
    std::vector<RevIndex> dependencies;
    std::vector<RevIndex> normal_parents;
    std::vector<RevIndex> children;
    std::vector<RevIndex> dependants;  // that are no children
    std::vector<std::string_view> labels;
  };
  std::vector<Revision> revisions_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string_view, RevIndex> ids_;
  std::unordered_map<std::string_view, RevIndex> labels_;
  std::vector<std::string_view> label_names_;
  std::vector<RevIndex> heads_;
  std::vector<RevIndex> real_heads_;
  std::vector<RevIndex> bases_;
};

// Reports everything that is wrong with the graph (rule chain/broken) and leaves out the broken
// links, so that the rest stays usable.
Chain link(std::vector<Revision> revisions, Diagnostics& diagnostics);

}  // namespace retort
