// The judgement of bundles on one revision.
#include "common/parallel.h"
#include "compiler/step.h"
#include "editors/server/model.h"

namespace retort::lsp {

const WaysBack& Model::ways_back(RevIndex revision) {
  const size_t unit = unit_of_[revision];
  (void)this->unit(revision);
  if (!states_[unit].ways_back)
    on_large_stack([&] { judge_way_back(unit); });
  return *states_[unit].ways_back;
}

void Model::judge_way_back(size_t unit) {
  WaysBack& ways = states_[unit].ways_back.emplace();
  if (bare_)
    return;
  const int server = settings_.servers.front();
  if (!past_ || past_->place > unit) {
    past_.emplace(PastPoint{0, rollback::Past(server)});
    past_->past.replay = catalog::Replay(point(0).catalog());
    past_->past.replay.catalog().server = server;
  }
  for (; past_->place < unit; ++past_->place) {
    const LintSide& up = units_[past_->place].up;
    rollback::replay_up(up.statements, !up.holes.empty(), past_->past);
  }
  const RevIndex revision = revision_of_[unit];
  const std::vector<Body> bodies =
      compile_both_ways(*compilation_, revision, past_->past.replay.catalog());
  run_.diagnostics = {};
  rollback::Past past = past_->past;
  const Step step{revision, false};
  const rollback::RevisionWayBack way =
      rollback::ways_back(run_, chain(), std::span(&step, 1), std::span(&bodies[0], 1),
                          std::span(&bodies[1], 1), past,
                          {server, statistics_ ? &statistics_->statistics : nullptr})
          .front();
  ways.worst = {way.worst, way.reason};
  for (const rollback::StatementWayBack& statement : way.statements)
    ways.statements.push_back({statement.kind, statement.reason});
}

}  // namespace retort::lsp
