#include "bundle/rollback/judge.h"

#include "common/parallel.h"
#include "compiler/step.h"

namespace retort::rollback {

JudgedWays judge(Run& run, const Chain& chain, const CompileOptions& options,
                 std::span<const Step> up, const BackOptions& back) {
  std::vector<Step> both;
  for (const Step& step : up) {
    both.push_back(step);
    both.push_back({step.revision, true});
  }
  Diagnostics reported = std::move(run.diagnostics);
  run.diagnostics = {};
  std::vector<Body> up_bodies;
  JudgedWays judged;
  for (Body& body : compile_steps(run, chain, options, both, Order::replay))
    (up_bodies.size() == judged.down.size() ? up_bodies : judged.down).push_back(std::move(body));
  on_large_stack([&] {
    Past past(back.server);
    replay_before(run, chain, options, up, past);
    judged.ways = ways_back(run, chain, up, up_bodies, judged.down, past, back);
  });
  run.diagnostics = std::move(reported);
  return judged;
}

}  // namespace retort::rollback
