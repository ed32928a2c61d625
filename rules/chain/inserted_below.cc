// A new revision below one that is released. Alembic runs what stands above the row of the version
// table, so that a database which is past the place never gets it, and one that is made anew does.
#include "rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

const LockEntry* released(const EndVisit& visit, RevIndex revision) {
  const LockEntry* const entry = visit.integrity()->lock.find((*visit.chain())[revision].id);
  return entry && entry->released() ? entry : nullptr;
}

// The nearest one above.
std::optional<RevIndex> released_above(const EndVisit& visit, RevIndex revision) {
  const Chain& chain = *visit.chain();
  RevisionSet seen(chain.size());
  std::vector<RevIndex> queue{revision};
  for (size_t i = 0; i < queue.size(); ++i) {
    if (i != 0 && released(visit, queue[i]))
      return queue[i];
    for (const std::vector<RevIndex>* const above :
         {&chain.children(queue[i]), &chain.dependants(queue[i])})
      for (const RevIndex next : *above)
        if (seen.insert(next))
          queue.push_back(next);
  }
  return std::nullopt;
}

// The id in the quotes of a header; none where it is written in another way.
std::optional<Edit> with_parent(const Chain& chain, RevIndex revision, const std::string& id) {
  const std::vector<Reference>& parents = chain[revision].down_revisions;
  if (parents.size() != 1 || parents[0].at.size() != parents[0].id.size() + 2)
    return std::nullopt;
  return Edit{{chain[revision].file, {parents[0].at.begin + 1, parents[0].at.end - 1}}, id};
}

// A new revision between two neighbours goes to the top, and the released one back to its parent.
std::optional<Fix> to_the_top(const EndVisit& visit, RevIndex revision) {
  const Chain& chain = *visit.chain();
  const std::vector<RevIndex>& above = chain.children(revision);
  if (above.size() != 1 || chain.parents(revision).size() != 1 || chain.real_heads().size() != 1 ||
      !chain.dependencies(revision).empty() || !chain.dependants(revision).empty())
    return std::nullopt;
  const LockEntry* const entry = released(visit, above[0]);
  const std::string& parent = chain[chain.parents(revision)[0]].id;
  const std::string& head = chain[chain.real_heads()[0]].id;
  if (!entry || entry->wanted().parents != std::vector{parent})
    return std::nullopt;
  const std::optional<Edit> moved = with_parent(chain, revision, head);
  const std::optional<Edit> restored = with_parent(chain, above[0], parent);
  if (!moved || !restored)
    return std::nullopt;
  return Fix{Safety::review,
             fmt::format("put `{}` on top of `{}`, and `{}` back on `{}`", chain[revision].id, head,
                         chain[above[0]].id, parent),
             {*moved, *restored}};
}

void check(EndVisit& visit) {
  if (!visit.integrity() || !visit.chain())
    return;
  const Chain& chain = *visit.chain();
  for (const Unit& unit : visit.units()) {
    if (!unit.index || !unit.reported || released(visit, *unit.index))
      continue;
    const std::optional<RevIndex> above = released_above(visit, *unit.index);
    if (!above)
      continue;
    const Revision& header = chain[*unit.index];
    const Span at = header.down_revisions.empty() || header.down_revisions[0].at.empty()
                        ? header.id_at
                        : header.down_revisions[0].at;
    const std::string message = fmt::format(
        "`{}` is new and stands below `{}`, which was released as {}: a database that is past it "
        "never runs this",
        header.id, chain[*above].id, released(visit, *above)->release);
    Diagnostic& finding = visit.report(Loc{unit.file, at}, &unit, message);
    if (std::optional<Fix> fix = to_the_top(visit, *unit.index))
      finding.fix(std::move(*fix));
    else
      finding.note("put it on top of the chain, and what was released back on what it stood on");
  }
}

}  // namespace

const Rule chain_inserted_below{
    .name = "chain/inserted-below", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
