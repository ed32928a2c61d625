// `upgrade head` stops when there are several heads. Two that carry different branch labels are two
// lines on purpose and are upgraded by name; two without, or with the same, are an accident, mostly
// of two pull requests that were both merged.
#include "rules/rules.h"

#include "common/text.h"

#include <fmt/format.h>
#include <map>

namespace retort::rules {
namespace {

// Where `moved`'s line leaves what `kept` stands on: the revision to put on top of `kept`. None
// when the line has merges, since then there is no one place to change.
std::optional<RevIndex> first_of_line(const Chain& chain, RevIndex moved, RevIndex kept) {
  const RevisionSet below = chain.ancestors(std::span(&kept, 1), Edges::versioned);
  RevIndex i = moved;
  while (chain.parents(i).size() == 1 && !below.contains(chain.parents(i)[0]))
    i = chain.parents(i)[0];
  return chain.parents(i).size() == 1 ? std::optional(i) : std::nullopt;
}

void report(const Chain& chain, const std::vector<RevIndex>& heads, Diagnostics& findings) {
  const RevIndex kept = heads.front();
  const RevIndex moved = heads.back();
  const auto at = [&](RevIndex i) { return Loc{chain[i].file, chain[i].id_at}; };
  Diagnostic& finding =
      findings.report(Level::error, "chain/heads", "", at(moved),
                      fmt::format("{} heads: `upgrade head` stops here", heads.size()));
  std::vector<std::string> ids;
  for (const RevIndex head : heads) {
    finding.note(at(head), fmt::format("`{}`: {}", chain[head].id, chain[head].title()));
    ids.push_back(chain[head].id);
  }
  finding.note(
      fmt::format("either join them: alembic merge -m \"merge heads\" {}", join(ids, " ")));
  const std::optional<RevIndex> first = first_of_line(chain, moved, kept);
  if (!first || heads.size() != 2)
    return;
  const Reference& parent = chain[*first].down_revisions[0];
  finding.note({chain[*first].file, parent.at},
               fmt::format("or move this line: set the parent of `{}` to \"{}\"", chain[*first].id,
                           chain[kept].id));
  if (parent.at.size() == parent.id.size() + 2)
    finding.fix(
        {Safety::review,
         fmt::format("put `{}` on top of `{}`", chain[*first].id, chain[kept].id),
         {{{chain[*first].file, {parent.at.begin + 1, parent.at.end - 1}}, chain[kept].id}}});
}

void check(const Chain& chain, Diagnostics& findings) {
  std::map<std::vector<std::string_view>, std::vector<RevIndex>> by_labels;
  for (const RevIndex head : chain.real_heads())
    by_labels[chain.labels(head)].push_back(head);
  for (const auto& [labels, heads] : by_labels)
    if (heads.size() > 1)
      report(chain, heads, findings);
}

}  // namespace

// Several heads are no problem for who names one, so listings stay silent.
const ChainRule chain_heads{
    .name = "chain/heads", .level = Level::error, .occasion = Occasion::checking, .check = check};

}  // namespace retort::rules
