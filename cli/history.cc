#include "cli/command.h"
#include "cli/graph.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/project.h"

namespace retort {

int history(Run& run, const Arguments& arguments, Output& output) {
  const Result<Project> project = open_project(run, arguments);
  if (!project)
    return kUsage;
  const Chain& chain = project->chain;
  const Result<Surroundings> around = surroundings(run, *project, arguments);
  if (!around)
    return kUsage;
  if (arguments.indicate_current && !around->current) {
    run.diagnostics.report(
        Level::error, "range/unresolved", "no-current", {},
        "-i needs --current IDS or --current @FILE: there is no database to ask");
    return kUsage;
  }
  if (!arguments.range.empty() && arguments.range.find(':') == std::string::npos) {
    run.diagnostics.report(Level::error, "range/unresolved", "syntax", {},
                           "-r takes a range: LOW:HIGH, LOW: or :HIGH");
    return kUsage;
  }
  const std::string range = arguments.range.empty() ? ":" : arguments.range;
  const Result<std::vector<RevIndex>> listed = Ranges(chain, run, *around).history(range);
  if (!listed)
    return kUsage;

  const std::vector<RevIndex>* const current =
      arguments.indicate_current ? &*around->current : nullptr;
  switch (arguments.format) {
  case OutputFormat::json:
    output.write(to_json("retort.history/1", chain, run, *listed, current));
    break;
  case OutputFormat::dot: output.write(to_dot(chain, *listed)); break;
  case OutputFormat::mermaid: output.write(to_mermaid(chain, *listed)); break;
  case OutputFormat::text: {
    const ListingStyle style{.parents = true,
                             .labels = true,
                             .tree_marks = true,
                             .title = true,
                             .color = output.color(),
                             .current = current};
    for (const RevIndex i : *listed)
      output.write(arguments.verbose ? long_form(chain, i, style)
                                     : short_form(chain, i, style) + "\n");
  }
  }
  return chain_exit_code(run);
}

}  // namespace retort
