#include "cli/stats_compare.h"

#include "cli/command.h"
#include "cli/graph.h"
#include "cli/output.h"
#include "compiler/statistics/compare.h"
#include "versions/env_py.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort {
namespace {

using catalog::Catalog;
using statistics::Statistics;

constexpr size_t kNamed = 5;  // of what is in the database only, without -v

// The database as the chain leaves it at the revisions that it is at; at the heads where it does
// not say. What a body does that is not known makes the catalog opaque.
class ChainAt {
public:
  ChainAt(Run& run, const Project& project, const Arguments& arguments, const Statistics& read)
      : project_(project) {
    const Chain& chain = project.chain;
    RevisionSet wanted =
        read.has_versions ? at_rows(read) : chain.ancestors(chain.real_heads(), Edges::all);
    const CompileOptions options = compile_options(run, project, arguments);
    for (const Unit& unit : units_of(run, chain, options, RevisionSet(chain.size()))) {
      if (!wanted.contains(*unit.index))
        continue;
      if (!unit.up.holes.empty())
        replay_.catalog().opaque = true;
      for (const LintStatement& statement : unit.up.statements)
        replay_.statement(statement.forms);
      replay_.end_transaction();
    }
  }

  Catalog& catalog() { return replay_.catalog(); }
  std::vector<std::string> unknown;  // rows of the version table that are no revisions

private:
  RevisionSet at_rows(const Statistics& read) {
    std::vector<RevIndex> rows;
    for (const std::string& id : read.versions) {
      if (const std::optional<RevIndex> row = project_.chain.find_id(id))
        rows.push_back(*row);
      else
        unknown.push_back(id);
    }
    return project_.chain.ancestors(rows, Edges::all);
  }

  const Project& project_;
  catalog::Replay replay_;
};

}  // namespace

int compare_with_chain(Run& run, const Arguments& arguments, const LoadedStatistics& loaded,
                       Output& output) {
  Result<Project> project = open_project(run, arguments);
  if (!project)
    return kUsage;
  if (const int code = chain_exit_code(run); code == kUnreadableChain)
    return code;
  read_env_py(run, project->config);
  const Statistics& read = loaded.statistics;
  std::vector<std::string> lines;
  std::vector<statistics::Difference> found;
  bool opaque = false;
  on_large_stack([&] {
    ChainAt chain(run, *project, arguments, read);
    for (const std::string& id : chain.unknown)
      lines.push_back(
          fmt::format("revision {} is not in the chain, so that nothing else can be compared", id));
    opaque = chain.catalog().opaque || !chain.catalog().blurred.empty();
    if (chain.unknown.empty())  // else the chain is not at where the database is
      found = statistics::differences(read, chain.catalog(), project->config.version_table.value);
  });
  // What stands in schemas that the chain does not use is somebody else's.
  const bool differs =
      !lines.empty() || std::any_of(found.begin(), found.end(), [](const auto& each) {
        return each.side != statistics::Difference::Side::elsewhere;
      });
  for (std::string& line : statistics::lines(found, arguments.verbose ? SIZE_MAX : kNamed))
    lines.push_back(std::move(line));
  for (const std::string& line : lines)
    output.write(line + "\n");
  if (!read.has_versions)
    run.diagnostics.report(Level::warning, "stats/incomplete", "", {loaded.file, {}},
                           "the revision of the database is not known: it is compared with the "
                           "heads of the chain");
  if (opaque)
    run.diagnostics.report(Level::warning, "stats/incomplete", "", {loaded.file, {}},
                           "not all that the chain does is known, so that some of this may be no "
                           "difference, and others may be missing");
  if (!differs)
    output.write("no differences\n");
  return differs ? kDifference : kDone;
}

void doubt_statistics(Run& run, const LoadedStatistics& loaded, std::span<const Unit> units) {
  statistics::warn(run, loaded.file, loaded.statistics);
  const std::set<std::string> named = tables_named(units);
  const auto& tables = loaded.statistics.tables();
  if (!named.empty() && std::none_of(tables.begin(), tables.end(), [&](const auto& table) {
        return named.contains(table.second.name);
      }))
    run.diagnostics
        .report(Level::warning, "stats/database", "", {loaded.file, {}},
                fmt::format("no table of the chain is in these statistics of the database `{}`",
                            loaded.statistics.database))
        .note("are they of another database?");
}

}  // namespace retort
