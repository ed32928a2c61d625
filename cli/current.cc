#include "bundle/rollback/judge.h"
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

namespace {

// What is known of where the database is.
struct Standing {
  std::vector<RevIndex> shown;    // as Alembic: with heads that the rows' dependencies imply
  std::vector<RevIndex> pending;  // in the order of an upgrade
  size_t applied = 0;
  bool known = true;  // false: the chain does not have all of the rows
};

Standing standing_of(const Chain& chain, const FoundRows& found) {
  Standing standing;
  const RevisionSet applied = chain.ancestors(found.rows, Edges::all);
  standing.shown = chain.heads_of(applied);
  standing.applied = applied.members().size();
  standing.known = found.unknown.empty();
  RevisionSet missing = chain.ancestors(chain.real_heads(), Edges::all);
  missing -= applied;
  standing.pending = newest_first(chain, std::move(missing), chain.real_heads());
  std::reverse(standing.pending.begin(), standing.pending.end());
  return standing;
}

// The range that goes on from there.
std::string range_on(const Chain& chain, const FoundRows& found) {
  return join(ids_of(chain, found.rows), ",") + ":heads";
}

using WaysBack = std::vector<rollback::RevisionWayBack>;

// Of what is pending, in its order.
WaysBack ways_back_of(Run& run, const Project& project, const Arguments& arguments,
                      const Standing& standing) {
  std::vector<Step> steps;
  for (const RevIndex revision : standing.pending)
    steps.push_back({revision, false});
  return rollback::judge(run, project.chain, compile_options(run, project, arguments), steps,
                         {.server = project.config.servers.value.front(), .statistics = nullptr})
      .ways;
}

void print_json(const Run& run, const Chain& chain, const CurrentRows& read, const FoundRows& found,
                const Standing& standing, const WaysBack& ways, Output& output) {
  JsonWriter json;
  json.begin_object().text("schema", "retort.current/1").text("source", read.kind);
  json.texts("rows", ids_of(chain, found.rows)).key("revisions");
  write_revisions(json, chain, run.sources, standing.shown, nullptr);
  json.texts("unknown", found.unknown).key("impossible").begin_array();
  for (const FoundRows::Impossible& each : found.impossible)
    json.begin_object()
        .text("row", chain[each.row].id)
        .text("part_of", chain[each.part_of].id)
        .end_object();
  json.end_array().key("stopped_in");
  read.unfinished ? json.text(read.unfinished->step) : json.null();
  if (standing.known) {
    json.number("applied", static_cast<int64_t>(standing.applied));
    json.texts("pending", ids_of(chain, standing.pending));
    json.text("range", range_on(chain, found)).key("ways_back").begin_array();
    for (const rollback::RevisionWayBack& way : ways)
      json.begin_object()
          .text("revision", way.id)
          .text("class", to_string(way.worst))
          .text("reason", way.reason)
          .end_object();
    json.end_array();
  }
  json.key("findings");
  write_findings(json, run.diagnostics.all(), run.sources);
  output.write(json.end_object().take());
}

void print_text(const Chain& chain, const Arguments& arguments, const FoundRows& found,
                const Standing& standing, const WaysBack& ways, Output& output) {
  ListingStyle style{.tree_marks = true, .color = output.color()};
  for (const RevIndex i : standing.shown)
    output.write(arguments.verbose ? long_form(chain, i, style)
                                   : short_form(chain, i, style) + "\n");
  if (arguments.quiet || !standing.known)
    return;
  output.write(
      fmt::format("{} of {} applied", standing.applied, counted(chain.size(), "revision")));
  if (standing.pending.empty()) {
    output.write("\n");
    return;
  }
  output.write(fmt::format(", {} pending:\n", standing.pending.size()));
  style.title = true;
  for (size_t i = 0; i < ways.size(); ++i)
    output.write(fmt::format("  {} [{}]\n", short_form(chain, standing.pending[i], style),
                             to_string(ways[i].worst)));
  if (found.impossible.empty())
    output.write(fmt::format("to go on: retort upgrade {}\n", range_on(chain, found)));
}

}  // namespace

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
  const FoundRows found = find_rows(run, *project, *file, read->ids);
  const Standing standing = standing_of(chain, found);
  WaysBack ways;
  if (standing.known && (!arguments.quiet || arguments.format == OutputFormat::json))
    ways = ways_back_of(run, *project, arguments, standing);
  if (arguments.format == OutputFormat::json) {
    print_json(run, chain, *read, found, standing, ways, output);
  } else {
    if (arguments.verbose)
      output.write(
          fmt::format("Current revision(s) in {} ({}):\n", run.sources.path(*file), read->kind));
    print_text(chain, arguments, found, standing, ways, output);
  }
  if (!standing.known)
    return kDifference;
  const int code = chain_exit_code(run);
  if (code != kDone || !arguments.check_heads || standing.pending.empty())
    return code;
  run.diagnostics.report(Level::error, "current/behind", "", {*file, {}},
                         fmt::format("the database is not at all heads: {} pending",
                                     counted(standing.pending.size(), "revision")));
  return kDifference;
}

}  // namespace retort
