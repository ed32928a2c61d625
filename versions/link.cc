// Builds the chain in passes; after each, what it made is fixed.
#include "common/text.h"
#include "versions/chain.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

constexpr std::string_view kRule = "chain/broken";

bool is_reserved(std::string_view id) { return id == "base" || id == "head" || id == "heads"; }

void add_once(std::vector<RevIndex>& list, RevIndex item) {
  if (std::find(list.begin(), list.end(), item) == list.end())
    list.push_back(item);
}

}  // namespace

class Linker {
public:
  explicit Linker(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  Chain link(std::vector<Revision> revisions) {
    take_unique_ids(std::move(revisions));
    take_labels();
    // From here on every name can be looked up.
    for (RevIndex i = 0; i < chain_.size(); ++i)
      link_parents(i);
    cut_cycles();
    // From here on the graph is acyclic.
    add_children();
    normalize_dependencies();
    spread_labels();
    return std::move(chain_);
  }

private:
  Loc at(RevIndex i, Span span) const { return {chain_[i].file, span}; }
  Loc id_at(RevIndex i) const { return at(i, chain_[i].id_at); }
  Diagnostic& report(std::string_view variant, Loc where, std::string message) {
    return diagnostics_.report(Level::error, kRule, variant, where, std::move(message));
  }

  void take_unique_ids(std::vector<Revision> revisions) {
    chain_.revisions_ = std::move(revisions);
    std::vector<bool> dropped(chain_.size());
    chain_.ids_.reserve(chain_.size());
    for (RevIndex i = 0; i < chain_.size(); ++i) {
      check_id(chain_[i].id, id_at(i));
      const auto [same, added] = chain_.ids_.emplace(chain_[i].id, i);
      dropped[i] = !added || chain_[i].id.empty();
      if (added || chain_[i].id.empty())
        continue;
      report("duplicate-id", id_at(i),
             fmt::format("two files have the revision id `{}`", chain_[i].id))
          .note(id_at(same->second), "the other one; it is the one kept here")
          .note("which one Alembic runs depends on the order of loading: give one a new id");
    }
    if (std::find(dropped.begin(), dropped.end(), true) != dropped.end())
      drop(dropped);
    chain_.nodes_.resize(chain_.size());
  }

  // The map's keys are views of strings that move.
  void drop(const std::vector<bool>& dropped) {
    chain_.ids_.clear();
    std::vector<Revision> kept;
    for (RevIndex i = 0; i < chain_.size(); ++i)
      if (!dropped[i])
        kept.push_back(std::move(chain_.revisions_[i]));
    chain_.revisions_ = std::move(kept);
    for (RevIndex i = 0; i < chain_.size(); ++i)
      chain_.ids_.emplace(chain_[i].id, i);
  }

  void check_id(std::string_view id, Loc where) {
    if (id.empty()) {
      report("empty-id", where, "the revision id is empty");
      return;
    }
    const size_t illegal = id.find_first_of("@-+:");
    if (illegal != id.npos)
      report("bad-id", where,
             fmt::format("a revision id cannot contain `{}`: `{}`", id[illegal], id))
          .note("ranges and branch names are written with `@`, `-`, `+` and `:`");
    else if (is_reserved(id))
      report("bad-id", where, fmt::format("`{}` is no revision id but a name of Alembic's", id))
          .note("in a range it would mean something else: give the revision another id");
  }

  void take_labels() {
    for (RevIndex i = 0; i < chain_.size(); ++i)
      for (const Reference& label : chain_[i].branch_labels) {
        const std::optional<RevIndex> taken = chain_.find(label.id);
        if (!taken) {
          chain_.labels_.emplace(label.id, i);
          chain_.label_names_.push_back(label.id);
          continue;
        }
        if (*taken == i && chain_[i].id != label.id) {
          report("label-taken", at(i, label.at),
                 fmt::format("the branch label `{}` is written twice", label.id));
          continue;
        }
        const bool is_id = chain_[*taken].id == label.id;
        report("label-taken", at(i, label.at),
               is_id ? fmt::format("the branch label `{}` is also a revision id", label.id)
                     : fmt::format("two revisions carry the branch label `{}`", label.id))
            .note(id_at(*taken), is_id ? "the revision" : "the other one");
      }
  }

  void link_parents(RevIndex i) {
    const Revision& revision = chain_[i];
    for (const Reference& parent : revision.down_revisions)
      if (const std::optional<RevIndex> found = look_up(i, parent, "down_revision"))
        add_once(chain_.nodes_[i].parents, *found);
    for (const Reference& dependency : revision.depends_on)
      if (const std::optional<RevIndex> found = look_up(i, dependency, "depends_on"))
        add_once(chain_.nodes_[i].dependencies, *found);
  }

  // Parents are full ids; dependencies may also be labels.
  std::optional<RevIndex> look_up(RevIndex i, const Reference& name, std::string_view variable) {
    const bool dependency = variable == "depends_on";
    const std::optional<RevIndex> found =
        dependency ? chain_.find(name.id) : chain_.find_id(name.id);
    const Loc where = at(i, name.at);
    if (found == i) {
      report("self-reference", where,
             fmt::format("revision `{}` names itself as its {}", chain_[i].id,
                         dependency ? "dependency" : "parent"));
      return std::nullopt;
    }
    if (found)
      return found;
    if (name.id.empty()) {
      report("empty-id", where, fmt::format("`{}` holds an empty id", variable))
          .note(dependency ? "write None when it depends on nothing"
                           : "write None for a first revision");
      return std::nullopt;
    }
    const bool has_label = !dependency && chain_.labels_.contains(name.id);
    Diagnostic& report_ = report(
        dependency ? "unknown-dependency" : "unknown-parent", where,
        has_label    ? fmt::format("`{}` is a branch label; a parent is named by its id", name.id)
        : dependency ? fmt::format("no revision has the id or branch label `{}`", name.id)
                     : fmt::format("no revision has the id `{}`", name.id));
    suggest(report_, where, name.id, has_label);
    return std::nullopt;
  }

  void suggest(Diagnostic& diagnostic, Loc where, std::string_view name, bool is_label) {
    std::vector<std::string_view> all, ids;
    for (const Revision& revision : chain_.revisions_)
      if (revision.file != where.file)  // nobody means itself
        all.push_back(revision.id);
    for (const std::string_view id : all)
      if (!is_label && id.starts_with(name))
        ids.push_back(id);
    std::string_view meant;
    if (is_label)
      meant = chain_[chain_.labels_.at(name)].id;
    else if (ids.size() == 1)
      meant = ids[0];
    else if (ids.empty())
      meant = nearest(name, all);
    if (!meant.empty()) {
      diagnostic.note(id_at(*chain_.find_id(meant)), fmt::format("did you mean `{}`?", meant));
      // The quotes stand outside the edit only if the place is exactly the id.
      if (where.span.size() == name.size() + 2)
        diagnostic.fix(
            {Safety::review,
             fmt::format("replace by `{}`", meant),
             {{{where.file, {where.span.begin + 1, where.span.end - 1}}, std::string(meant)}}});
    } else {
      diagnostic.note("its file is missing from the version folders, or could not be read");
    }
  }

  // Follows all edges down; an edge back to a revision that is still open closes a cycle and is
  // taken out.
  void cut_cycles() {
    enum class State : uint8_t { unseen, open, done };
    std::vector<State> states(chain_.size(), State::unseen);
    struct Open {
      RevIndex revision;
      size_t next_edge;
    };
    std::vector<Open> path;
    for (RevIndex start = 0; start < chain_.size(); ++start) {
      if (states[start] != State::unseen)
        continue;
      path.push_back({start, 0});
      states[start] = State::open;
      while (!path.empty()) {
        Open& top = path.back();
        Chain::Node& node = chain_.nodes_[top.revision];
        const size_t edge = top.next_edge++;
        if (edge >= node.parents.size() + node.dependencies.size()) {
          states[top.revision] = State::done;
          path.pop_back();
          continue;
        }
        const bool dependency = edge >= node.parents.size();
        std::vector<RevIndex>& edges = dependency ? node.dependencies : node.parents;
        const size_t number = dependency ? edge - node.parents.size() : edge;
        const RevIndex below = edges[number];
        if (states[below] == State::unseen) {
          states[below] = State::open;
          path.push_back({below, 0});
        } else if (states[below] == State::open) {
          const auto begin = std::find_if(path.begin(), path.end(),
                                          [&](const Open& open) { return open.revision == below; });
          std::vector<RevIndex> cycle;
          for (auto open = begin; open != path.end(); ++open)
            cycle.push_back(open->revision);
          report_cycle(cycle);
          edges.erase(edges.begin() + static_cast<ptrdiff_t>(number));
          --top.next_edge;
        }
      }
    }
  }

  void report_cycle(std::vector<RevIndex> cycle) {
    std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
    std::string text;
    for (const RevIndex i : cycle)
      text += chain_[i].id + " -> ";
    text += chain_[cycle.front()].id;
    Diagnostic& diagnostic =
        report("cycle", id_at(cycle.front()),
               fmt::format("these revisions are each other's ancestors: {}", text));
    constexpr size_t kMost = 8;
    for (size_t i = 0; i < std::min(cycle.size(), kMost); ++i) {
      const RevIndex below = cycle[(i + 1) % cycle.size()];
      note_edge(diagnostic, cycle[i], below);
    }
    if (cycle.size() > kMost)
      diagnostic.note(fmt::format("and {} more", cycle.size() - kMost));
    diagnostic.note("one of them must stand on a revision outside of the circle, or on none");
  }

  void note_edge(Diagnostic& diagnostic, RevIndex i, RevIndex below) const {
    for (const bool dependency : {false, true})
      for (const Reference& reference :
           dependency ? chain_[i].depends_on : chain_[i].down_revisions)
        if (chain_.find(reference.id) == below) {
          diagnostic.note(at(i, reference.at),
                          fmt::format("`{}` {} `{}`", chain_[i].id,
                                      dependency ? "depends on" : "stands on", chain_[below].id));
          return;
        }
  }

  void add_children() {
    for (RevIndex i = 0; i < chain_.size(); ++i) {
      for (const RevIndex parent : chain_.parents(i))
        chain_.nodes_[parent].children.push_back(i);
      for (const RevIndex dependency : chain_.dependencies(i)) {
        const std::vector<RevIndex>& parents = chain_.parents(i);
        if (std::find(parents.begin(), parents.end(), dependency) == parents.end())
          chain_.nodes_[dependency].dependants.push_back(i);
      }
    }
    for (RevIndex i = 0; i < chain_.size(); ++i) {
      if (chain_.is_head(i))
        chain_.heads_.push_back(i);
      if (chain_.is_real_head(i))
        chain_.real_heads_.push_back(i);
      if (chain_.parents(i).empty())
        chain_.bases_.push_back(i);
    }
  }

  // A dependency that an ancestor has already adds nothing.
  void normalize_dependencies() {
    for (RevIndex i = 0; i < chain_.size(); ++i) {
      Chain::Node& node = chain_.nodes_[i];
      node.normal_parents = node.parents;
      if (node.dependencies.empty())
        continue;
      RevisionSet covered(chain_.size());
      for (const RevIndex above : chain_.ancestors(std::span(&i, 1), Edges::versioned).members())
        if (above != i)
          for (const RevIndex dependency : chain_.dependencies(above))
            covered.insert(dependency);
      for (const RevIndex dependency : node.dependencies)
        if (!covered.contains(dependency))
          add_once(node.normal_parents, dependency);
    }
  }

  // A label covers the revision that carries it, all its descendants, and the straight line below
  // the descendant that is visited last (as Alembic does; with one line that is its tip).
  void spread_labels() {
    for (RevIndex i = 0; i < chain_.size(); ++i) {
      std::vector<std::string_view> labels;
      for (const Reference& label : chain_[i].branch_labels)
        if (const auto taken = chain_.labels_.find(label.id);
            taken != chain_.labels_.end() && taken->second == i &&
            std::find(labels.begin(), labels.end(), label.id) == labels.end())
          labels.push_back(label.id);
      if (labels.empty())
        continue;
      RevisionSet covered(chain_.size());
      std::vector<RevIndex> todo = {i};
      RevIndex last = i;
      while (!todo.empty()) {
        const RevIndex next = todo.back();
        todo.pop_back();
        if (!covered.insert(next))
          continue;
        last = next;
        todo.insert(todo.end(), chain_.children(next).begin(), chain_.children(next).end());
      }
      while (chain_.children(last).size() + chain_.dependants(last).size() < 2 &&
             !chain_.is_merge_point(last)) {
        covered.insert(last);
        if (chain_.parents(last).empty())
          break;
        last = chain_.parents(last)[0];
      }
      for (const RevIndex member : covered.members())
        for (const std::string_view label : labels)
          chain_.nodes_[member].labels.push_back(label);
    }
  }

  Diagnostics& diagnostics_;
  Chain chain_;
};

Chain link(std::vector<Revision> revisions, Diagnostics& diagnostics) {
  return Linker(diagnostics).link(std::move(revisions));
}

}  // namespace retort
