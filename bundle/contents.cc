#include "bundle/contents.h"

#include "common/path.h"
#include "common/sha256.h"
#include "common/text.h"
#include "compiler/script/guarded.h"
#include "compiler/script/guards.h"
#include "compiler/statistics/statistics.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::bundle {
namespace {

// The scripts of some steps with their run.sql, below a folder.
std::vector<NewFile> scripts(const Material& material, std::span<const Step> steps,
                             std::span<const Body> bodies, const Rows& rows,
                             std::string_view folder) {
  if (steps.empty())
    return {};
  const std::vector<ScriptStep> script = script_steps(material.chain, rows, steps, bodies);
  const GuardedScript guarded(
      material.chain, script, rows, material.config, material.sources,
      {Client::psql, Transactions::per_revision, least_server(material.chain, steps)});
  std::vector<NewFile> files = guarded.files(Split::revision);
  for (NewFile& file : files)
    file.path = fmt::format("{}/{}", folder, file.path);
  return files;
}

std::vector<NewFile> up_scripts(const Material& material) {
  const size_t after = material.after;
  std::vector<NewFile> files = scripts(material, material.steps.subspan(0, after),
                                       material.bodies.subspan(0, after), material.rows, "before");
  std::vector<NewFile> late = scripts(
      material, material.steps.subspan(after), material.bodies.subspan(after),
      rows_behind(material.chain, material.rows, material.steps.subspan(0, after)), "after");
  files.insert(files.end(), std::make_move_iterator(late.begin()),
               std::make_move_iterator(late.end()));
  return files;
}

// The scripts of the way down carry the names by which the plan calls them. Where a step has no way
// back, the steps below it still have theirs: the upgrade may have stopped there.
std::vector<NewFile> down_scripts(const Material& material) {
  std::vector<NewFile> all;
  size_t end = material.steps.size();
  while (end != 0) {
    size_t begin = end;
    std::vector<Step> steps;
    std::vector<Body> bodies;
    while (begin != 0 && material.has_way_down(begin - 1)) {
      --begin;
      steps.push_back({material.steps[begin].revision, true});
      bodies.push_back(*material.down[begin]);
    }
    const Rows rows = rows_behind(material.chain, material.rows, material.steps.subspan(0, end));
    std::vector<NewFile> files = scripts(material, steps, bodies, rows, "rollback/down");
    for (size_t i = 1; i < files.size(); ++i) {
      const size_t place = end - i;
      const std::string name = rollback::step_name(material.ways[place], place) + ".sql";
      const std::string line = fmt::format("\\ir {}\n", file_name(files[i].path));
      std::string& run = files.front().text;
      run.replace(run.find(line), line.size(), fmt::format("\\ir {}\n", name));
      files[i].path = "rollback/down/" + name;
    }
    const bool whole = begin == 0 && end == material.steps.size();
    all.insert(all.end(), std::make_move_iterator(files.begin() + (whole || files.empty() ? 0 : 1)),
               std::make_move_iterator(files.end()));
    end = begin == end ? begin - 1 : begin;
  }
  return all;
}

std::string current_query(const Material& material) {
  const GuardTables tables(material.config);
  return fmt::format("-- Where the database is: give what this prints to `retort current --from "
                     "FILE`.\nSELECT version_num FROM {};\n",
                     tables.version);
}

}  // namespace

std::vector<std::string> script_names(const Material& material) {
  std::vector<std::string> names;
  for (const NewFile& file : up_scripts(material))
    if (!file.path.ends_with("/run.sql"))
      names.push_back(file.path);
  return names;
}

std::string folder_name(const Material& material) {
  const auto side = [](const std::string& ids) {
    return ids.empty() ? "base" : portable_name(ids);
  };
  std::string name = fmt::format("{}..{}", side(material.account.from), side(material.account.to));
  if (!material.request.change.empty())
    name = portable_name(material.request.change) + "_" + name;
  return name.substr(0, 100);
}

std::vector<NewFile> contents(const Material& material) {
  std::vector<NewFile> files = up_scripts(material);
  for (NewFile& file : down_scripts(material))
    files.push_back(std::move(file));
  for (const rollback::File& file : rollback::files(material.ways))
    files.push_back({"rollback/" + file.path, file.text});
  files.push_back({"preflight/010_preflight.sql", preflight(material)});
  files.push_back({"verify/900_verify.sql", material.verification});
  files.push_back({"report.html", material.report_html});
  files.push_back({"report.md", material.report_markdown});
  files.push_back({"report.json", material.report_json});
  files.push_back({"tools/stats.sql", statistics::script(material.config.version_table_schema.value,
                                                         material.config.version_table.value)});
  files.push_back({"tools/current.sql", current_query(material)});
  files.push_back({"evidence/README.txt", "Logs of the run go here.\n"});
  if (material.request.with_source)
    for (const Step& step : material.steps) {
      const Revision& revision = material.chain[step.revision];
      files.push_back({fmt::format("source/{}", file_name(revision.path)),
                       std::string(material.sources.text(revision.file))});
    }
  if (material.request.emit_test) {
    files.push_back({"rehearsal/start.sql", material.start});
    files.push_back({"rehearsal/rehearse.sh", rehearsal(material)});
  }
  std::sort(files.begin(), files.end(),
            [](const NewFile& a, const NewFile& b) { return a.path < b.path; });
  files.push_back({"MANIFEST.json", manifest(material, files)});
  files.push_back({"README.txt", readme(material, files)});
  std::sort(files.begin(), files.end(),
            [](const NewFile& a, const NewFile& b) { return a.path < b.path; });

  std::vector<std::string> names = {"./FILES", "./SHA256SUMS"};
  for (const NewFile& file : files)
    names.push_back("./" + file.path);
  std::sort(names.begin(), names.end());
  files.push_back({"FILES", fmt::format("{}\n", fmt::join(names, "\n"))});
  std::sort(files.begin(), files.end(),
            [](const NewFile& a, const NewFile& b) { return a.path < b.path; });
  std::string sums;
  for (const NewFile& file : files)
    sums += fmt::format("{}  {}\n", sha256(file.text), file.path);
  files.push_back({"SHA256SUMS", sums});
  return files;
}

}  // namespace retort::bundle
