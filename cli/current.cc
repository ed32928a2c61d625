#include "cli/command.h"
#include "cli/graph.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/project.h"
#include "common/text.h"
#include "linter/report/json.h"
#include "versions/order.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {

int current(Run& run, const Arguments& arguments, Output& output) {
  const Result<Project> project = open_project(run, arguments);
  if (!project)
    return kUsage;
  const Result<FileId> file = load_stream(run, arguments.from);
  if (!file)
    return kUsage;
  const Result<CurrentRows> read = read_rows(run, project->config, *file);
  if (!read)
    return kUsage;
  const Chain& chain = project->chain;
  const Result<std::vector<RevIndex>> rows = find_rows(run, chain, *file, read->ids);
  if (!rows)
    return kDifference;

  // As Alembic: beside the rows the heads of other branches that a row's dependencies imply.
  const std::vector<RevIndex> shown = chain.heads_of(chain.ancestors(*rows, Edges::all));
  RevisionSet missing = chain.ancestors(chain.real_heads(), Edges::all);
  missing -= chain.ancestors(*rows, Edges::all);
  std::vector<RevIndex> pending = newest_first(chain, std::move(missing), chain.real_heads());
  std::reverse(pending.begin(), pending.end());

  if (arguments.format == OutputFormat::json) {
    JsonWriter json;
    json.begin_object().text("schema", "retort.current/1").text("source", read->kind);
    json.texts("rows", ids_of(chain, *rows)).key("revisions");
    write_revisions(json, chain, run.sources, shown, nullptr);
    json.texts("pending", ids_of(chain, pending)).key("findings");
    write_findings(json, run.diagnostics.all(), run.sources);
    output.write(json.end_object().take());
  } else {
    const ListingStyle style{.tree_marks = true, .color = output.color()};
    if (arguments.verbose)
      output.write(
          fmt::format("Current revision(s) in {} ({}):\n", run.sources.path(*file), read->kind));
    for (const RevIndex i : shown)
      output.write(arguments.verbose ? long_form(chain, i, style)
                                     : short_form(chain, i, style) + "\n");
    if (arguments.verbose)
      output.write(fmt::format("{} pending{}{}\n", counted(pending.size(), "revision"),
                               pending.empty() ? "" : ": ", join(ids_of(chain, pending), " ")));
  }
  const int code = chain_exit_code(run);
  if (code != kDone || !arguments.check_heads || pending.empty())
    return code;
  run.diagnostics.report(Level::error, "current/behind", "", {*file, {}},
                         fmt::format("the database is not at all heads: {} pending",
                                     counted(pending.size(), "revision")));
  return kDifference;
}

}  // namespace retort
