#include "bundle/rollback/dump_plan.h"

namespace retort::rollback {

std::optional<DumpPlan> dump_plan(catalog::Catalog&, size_t, const std::vector<catalog::Id>&,
                                  std::string) {
  return std::nullopt;
}

}  // namespace retort::rollback
