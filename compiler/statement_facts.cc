#include "compiler/statement_facts.h"

#include "common/parallel.h"
#include "compiler/step.h"
#include "versions/order.h"

#include <algorithm>

namespace retort {

std::vector<bool> in_transaction(const Body& body) {
  std::vector<bool> inside;
  bool block = false;
  for (const BodyItem& item : body.items)
    if (item.kind == BodyItem::Kind::statement)
      inside.push_back(item.transaction && !block);
    else
      block = item.kind == BodyItem::Kind::autocommit_begin;
  return inside;
}

void each_facts(const Sources& sources, std::span<const Step> steps, std::span<const Body> bodies,
                facts::Walk& walk, unsigned threads, const EachFacts& each) {
  std::vector<std::vector<StatementForms>> statements(bodies.size());
  parallel_for(bodies.size(), threads,
               [&](size_t i) { statements[i] = forms_of(sources, bodies[i]); });
  const bool up =
      std::any_of(steps.begin(), steps.end(), [](const Step& step) { return !step.down; });
  on_large_stack([&] {
    for (size_t i = 0; i < steps.size(); ++i) {
      const bool trial = up && steps[i].down;
      if (trial)
        walk.try_out();
      const std::vector<bool> inside = in_transaction(bodies[i]);
      for (size_t j = 0; j < statements[i].size(); ++j) {
        if (j == 0 || !inside[j] || !inside[j - 1])
          walk.begin();
        each(i, j, statements[i][j], walk.look(statements[i][j].forms));
        walk.take();
      }
      if (!bodies[i].complete())
        walk.catalog().opaque = true;  // what the hole would have done is not known
      if (trial)
        walk.give_up();
      statements[i].clear();
    }
  });
}

void replay_before(Run& run, const Chain& chain, const CompileOptions& options,
                   std::span<const Step> steps, facts::Walk& walk) {
  std::vector<RevIndex> wanted;
  for (const Step& step : steps)
    wanted.push_back(step.revision);
  const bool up =
      std::any_of(steps.begin(), steps.end(), [](const Step& step) { return !step.down; });
  RevisionSet before = chain.ancestors(wanted, Edges::all);
  for (const RevIndex revision : wanted)
    if (up)
      before.erase(revision);
    else
      before.insert(revision);
  const std::vector<RevIndex> order = newest_first(chain, before, chain.heads_of(before));
  std::vector<Step> earlier;
  for (auto revision = order.rbegin(); revision != order.rend(); ++revision)
    earlier.push_back({*revision, false});
  Diagnostics reported = std::move(run.diagnostics);
  run.diagnostics = {};
  const std::vector<Body> bodies = compile_steps(run, chain, options, earlier, Order::apart);
  run.diagnostics = std::move(reported);
  each_facts(run.sources, earlier, bodies, walk, run.threads,
             [](size_t, size_t, const StatementForms&, const facts::Facts&) {});
}

}  // namespace retort
