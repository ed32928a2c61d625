#include "bundle/rollback/past.h"

#include "compiler/statement_facts.h"
#include "compiler/step.h"
#include "versions/order.h"

#include <algorithm>

namespace retort::rollback {

void replay_before(Run& run, const Chain& chain, const CompileOptions& options,
                   std::span<const Step> steps, Past& past) {
  std::vector<RevIndex> wanted;
  for (const Step& step : steps)
    wanted.push_back(step.revision);
  RevisionSet before = chain.ancestors(wanted, Edges::all);
  for (const RevIndex revision : wanted)
    before.erase(revision);
  std::vector<RevIndex> order = newest_first(chain, before, chain.heads_of(before));
  std::reverse(order.begin(), order.end());
  std::vector<Step> earlier;
  for (const RevIndex revision : order)
    earlier.push_back({revision, false});
  Diagnostics reported = std::move(run.diagnostics);
  run.diagnostics = {};
  const std::vector<Body> bodies = compile_steps(run, chain, options, earlier, Order::apart);
  run.diagnostics = std::move(reported);
  std::vector<std::vector<StatementForms>> statements(bodies.size());
  parallel_for(bodies.size(), run.threads,
               [&](size_t i) { statements[i] = forms_of(run.sources, bodies[i]); });
  for (size_t i = 0; i < bodies.size(); ++i)
    replay_up(statements[i], !bodies[i].complete(), past);
}

}  // namespace retort::rollback
