#include "bundle/rollback/dump_plan.h"

namespace retort::rollback {

std::optional<DumpPlan> dump_plan(catalog::Catalog&, size_t, const std::vector<catalog::Id>&,
                                  std::string) {
  return std::nullopt;
}

std::vector<File> dump_files(const DumpPlan&, const std::string&) { return {}; }

}  // namespace retort::rollback
