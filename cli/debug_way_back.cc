#include "cli/debug_way_back.h"

#include "bundle/rollback/judge.h"
#include "cli/command.h"
#include "cli/output.h"

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
  const rollback::JudgedWays judged =
      rollback::judge(run, chain, compile_options(run, project, arguments), *up,
                      {.server = project.config.servers.value.front(), .statistics = nullptr});
  if (arguments.phase == "way-back-files")
    for (const rollback::File& file : rollback::files(judged.ways))
      output.write(fmt::format("==== {}\n{}", file.path, file.text));
  else
    for (const rollback::RevisionWayBack& way : judged.ways)
      output.write(rollback::to_text(way, run.sources, arguments.verbose));
  return chain_exit_code(run);
}

}  // namespace retort
