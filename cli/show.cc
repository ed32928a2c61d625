#include "cli/command.h"
#include "cli/graph.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/project.h"
#include "common/text.h"

namespace retort {

int show(Run& run, const Arguments& arguments, Output& output) {
  const Result<Project> project = open_project(run, arguments);
  if (!project)
    return kUsage;
  const Chain& chain = project->chain;
  const Result<Surroundings> around = surroundings(run, *project, arguments);
  if (!around)
    return kUsage;
  const Result<std::vector<RevIndex>> shown =
      Ranges(chain, run, *around).revisions(join(arguments.revisions, ","));
  if (!shown)
    return kUsage;
  if (arguments.format == OutputFormat::json) {
    output.write(to_json("retort.show/1", chain, run, *shown, nullptr));
    return chain_exit_code(run);
  }
  const ListingStyle style{.color = output.color()};
  for (const RevIndex i : *shown)
    output.write(long_form(chain, i, style));
  return chain_exit_code(run);
}

}  // namespace retort
