// The files that the plan names, beside the scripts of the way down.
#include "bundle/rollback/rollback.h"

#include "common/path.h"

#include <fmt/format.h>

namespace retort::rollback {

std::string step_name(const RevisionWayBack& way, size_t place) {
  return fmt::format("{:04}_{}", (place + 1) * 10, portable_name(way.id));
}

namespace {

std::string script(const std::string& comment, const std::vector<std::string>& statements) {
  std::string text = comment + "\\set ON_ERROR_STOP on\nBEGIN;\n";
  for (const std::string& statement : statements)
    text += statement + ";\n";
  return text + "COMMIT;\n";
}

}  // namespace

std::vector<File> files(std::span<const RevisionWayBack> ways) {
  std::vector<File> all;
  all.push_back({"PLAN.txt", plan_text(ways)});
  for (size_t i = 0; i < ways.size(); ++i) {
    const RevisionWayBack& way = ways[i];
    const std::string name = step_name(way, i);
    if (!way.kept.empty()) {
      all.push_back({fmt::format("save/{}_csv.sql", name), csv_save_script(way.kept)});
      all.push_back({fmt::format("restore/{}_csv.sql", name), csv_load_script(way.kept)});
      all.push_back(
          {fmt::format("clean_up/{}.sql", name),
           script(fmt::format("-- Drops what was kept before revision {}. Run it when nobody "
                              "will go back any more.\n",
                              way.id),
                  way.clean_up)});
    }
    if (way.dump)
      for (File& file : dump_files(*way.dump, name))
        all.push_back(std::move(file));
  }
  return all;
}

}  // namespace retort::rollback
