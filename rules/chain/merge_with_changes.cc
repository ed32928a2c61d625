// A merge revision that also changes something: it runs behind either line, and to take it back
// splits the chain.
#include "rules/rules.h"

namespace retort::rules {
namespace {

void check(RevisionVisit& visit) {
  if (!visit.unit().index || !visit.chain()->is_merge_point(*visit.unit().index) ||
      visit.unit().up.statements.empty())
    return;
  visit.report(false, 0, "this revision joins two lines and makes changes of its own")
      .note("merge first, and change in a revision on top of the merge");
}

}  // namespace

const Rule chain_merge_with_changes{
    .name = "chain/merge-with-changes", .level = Level::info, .checks = {on<check>}};

}  // namespace retort::rules
