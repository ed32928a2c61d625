#include "cli/debug_way_back.h"

#include "bundle/rollback/rollback.h"
#include "cli/command.h"
#include "cli/output.h"
#include "common/parallel.h"
#include "compiler/step.h"

#include <fmt/format.h>

namespace retort {

int print_ways_back(Run& run, const Project& project, const Arguments& arguments, Output& output) {
  const Chain& chain = project.chain;
  const Result<Surroundings> around = surroundings(run, project, arguments);
  if (!around)
    return kUsage;
  const std::string range = arguments.revisions.empty() ? ":heads" : arguments.revisions[0];
  const Result<std::vector<Step>> up = Ranges(chain, run, *around).upgrade(range);
  if (!up)
    return kUsage;
  std::vector<Step> both;
  for (const Step& step : *up) {
    both.push_back(step);
    both.push_back({step.revision, true});
  }
  const CompileOptions options = compile_options(run, project, arguments);
  const std::vector<Body> bodies = compile_steps(run, chain, options, both, Order::replay);
  std::vector<Body> up_bodies, down_bodies;
  for (size_t i = 0; i < bodies.size(); ++i)
    (i % 2 == 0 ? up_bodies : down_bodies).push_back(bodies[i]);
  const int server = project.config.servers.value.front();
  on_large_stack([&] {
    rollback::Past past(server);
    rollback::replay_before(run, chain, options, *up, past);
    const std::vector<rollback::RevisionWayBack> ways = rollback::ways_back(
        run, chain, *up, up_bodies, down_bodies, past, {.server = server, .statistics = nullptr});
    if (arguments.phase == "way-back-files")
      for (const rollback::File& file : rollback::files(ways))
        output.write(fmt::format("==== {}\n{}", file.path, file.text));
    else
      for (const rollback::RevisionWayBack& way : ways)
        output.write(rollback::to_text(way, run.sources, arguments.verbose));
  });
  return chain_exit_code(run);
}

}  // namespace retort
