#include "cli/command.h"
#include "cli/graph.h"
#include "cli/listing.h"
#include "cli/output.h"
#include "cli/project.h"
#include "versions/order.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {

int branches(Run& run, const Arguments& arguments, Output& output) {
  const Result<Project> project = open_project(run, arguments);
  if (!project)
    return kUsage;
  const Chain& chain = project->chain;
  std::vector<RevIndex> points =
      newest_first(chain, chain.ancestors(chain.real_heads(), Edges::all), chain.real_heads());
  std::erase_if(points, [&](RevIndex i) { return !chain.is_branch_point(i); });
  if (arguments.format == OutputFormat::json) {
    output.write(to_json("retort.branches/1", chain, run, points, nullptr));
    return chain_exit_code(run);
  }
  const ListingStyle style{.labels = true, .tree_marks = true, .color = output.color()};
  ListingStyle child_style = style;
  child_style.title = arguments.verbose;
  for (const RevIndex point : points) {
    output.write(arguments.verbose ? long_form(chain, point, style)
                                   : short_form(chain, point, style) + "\n");
    for (const RevIndex child : chain.children(point))
      output.write(fmt::format("{} -> {}\n", std::string(chain[point].id.size(), ' '),
                               short_form(chain, child, child_style)));
    output.write("\n");
  }
  return chain_exit_code(run);
}

}  // namespace retort
