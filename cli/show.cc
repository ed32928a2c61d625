#include "cli/command.h"
#include "cli/graph.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/project.h"
#include "common/text.h"
#include "linter/report/json.h"

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
    JsonWriter json;
    json.begin_object().text("schema", "retort.show/1").key("revisions");
    write_revisions(json, chain, run.sources, *shown, nullptr);
    json.key("findings");
    write_findings(json, run.diagnostics.all(), run.sources);
    output.write(json.end_object().take());
    return chain_exit_code(run);
  }
  const ListingStyle style{.color = output.color()};
  for (const RevIndex i : *shown)
    output.write(long_form(chain, i, style));
  return chain_exit_code(run);
}

}  // namespace retort
