#include "cli/stats_compare.h"

#include "cli/command.h"
#include "cli/graph.h"
#include "cli/output.h"
#include "common/text.h"
#include "versions/env_py.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort {
namespace {

using catalog::Catalog;
using catalog::Kind;
using catalog::Object;
using statistics::Statistics;

std::string name_of(std::string_view schema, std::string_view name) {
  return forms::to_text(forms::Name{std::string(schema), std::string(name), {}});
}

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

class Comparison {
public:
  Comparison(const Statistics& read, const Catalog& catalog) : read_(read), catalog_(catalog) {
    for (catalog::Id id = 1; id < catalog.size(); ++id)
      if (const Object* const object = catalog.get(id))
        sort_in(*object);
  }

  std::vector<std::string> lines(std::string_view version_table) {
    if (!read_.refused.contains("table"))
      compare_tables(version_table);
    if (!read_.refused.contains("enum"))
      compare_enums();
    compare_constraints();
    for (const statistics::Index& index : read_.indexes)
      if (const auto own = indexes_.find(name_of(index.schema, index.name));
          own != indexes_.end() && !index.valid && own->second->valid)
        add("index {} is not valid in the database", own->first);
    return std::move(lines_);
  }

private:
  template <class... Args>
  void add(fmt::format_string<Args...> text, Args&&... args) {
    lines_.push_back(fmt::format(text, std::forward<Args>(args)...));
  }

  std::string_view schema_of(const Object& object) const {
    const Object* const schema = catalog_.get(object.schema);
    return schema ? std::string_view(schema->name) : "";
  }

  void sort_in(const Object& object) {
    const std::string name = name_of(schema_of(object), object.name);
    if (const auto* const table = object.maybe<catalog::Table>();
        table && table->persistence != forms::Persistence::temporary && object.kind != Kind::view)
      tables_.insert(name);
    else if (const auto* const index = object.maybe<catalog::Index>())
      indexes_[name] = index;
    else if (const auto* const type = object.maybe<catalog::TypeData>();
             type && type->form == catalog::TypeData::Form::enumeration &&
             object.kind == Kind::type)
      enums_[name] = type;
    else if (const auto* const constraint = object.maybe<catalog::Constraint>())
      if (const Object* const owner = catalog_.get(object.table))
        constraints_[{name_of(schema_of(*owner), owner->name), object.name}] = constraint;
  }

  void compare_tables(std::string_view version_table) {
    for (const std::string& name : tables_)
      if (!read_.table(name))
        add("table {} is not in the database", name);
    for (const auto& [name, table] : read_.tables())
      if (!tables_.contains(name) && table.name != version_table && !has_known_parent(table))
        add("table {} is not in the chain", name);
  }

  // Partitions are often made by a job and not by a revision.
  bool has_known_parent(const statistics::Table& table) const {
    const statistics::Table* at = &table;
    for (int depth = 0; at && !at->parent.empty() && depth < 64; ++depth) {
      if (tables_.contains(at->parent))
        return true;
      at = read_.table(at->parent);
    }
    return false;
  }

  void compare_enums() {
    std::set<std::string> seen;
    for (const statistics::Enum& there : read_.enums) {
      const std::string name = name_of(there.schema, there.name);
      seen.insert(name);
      const auto own = enums_.find(name);
      if (own == enums_.end())
        add("enum {} is not in the chain", name);
      else if (own->second->labels != there.labels)
        add("enum {} has the labels {} in the database, and {} in the chain", name,
            join(there.labels, ", "), join(own->second->labels, ", "));
    }
    for (const auto& [name, own] : enums_)
      if (!seen.contains(name) && !own->labels.empty())
        add("enum {} is not in the database", name);
  }

  void compare_constraints() {
    for (const statistics::Constraint& there : read_.constraints) {
      const std::string table = name_of(there.schema, there.table);
      const auto own = constraints_.find({table, there.name});
      if (own == constraints_.end() || own->second->valid == there.valid)
        continue;
      add("constraint {} of {} is {} in the database, and {} in the chain",
          forms::quoted(there.name), table, there.valid ? "valid" : "NOT VALID",
          there.valid ? "NOT VALID" : "valid");
    }
  }

  const Statistics& read_;
  const Catalog& catalog_;
  std::set<std::string> tables_;
  std::map<std::string, const catalog::Index*> indexes_;
  std::map<std::string, const catalog::TypeData*> enums_;
  std::map<std::pair<std::string, std::string>, const catalog::Constraint*> constraints_;
  std::vector<std::string> lines_;
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
  bool opaque = false;
  on_large_stack([&] {
    ChainAt chain(run, *project, arguments, read);
    for (const std::string& id : chain.unknown)
      lines.push_back(
          fmt::format("revision {} is not in the chain, so that nothing else can be compared", id));
    opaque = chain.catalog().opaque || !chain.catalog().blurred.empty();
    if (chain.unknown.empty())  // else the chain is not at where the database is
      for (std::string& line :
           Comparison(read, chain.catalog()).lines(project->config.version_table.value))
        lines.push_back(std::move(line));
  });
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
  if (lines.empty())
    output.write("no differences\n");
  return lines.empty() ? kDone : kDifference;
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
