// What a way back costs, may stumble over, and takes from those who have worked with the new
// version.
#pragma once

#include "bundle/rollback/keeps.h"
#include "compiler/statistics/duration.h"

#include <optional>
#include <string>
#include <vector>

namespace retort::rollback {

struct Consequences {
  struct Slow {
    catalog::Id table = 0;
    std::string reason;
  };
  std::vector<Slow> slow;            // tables that were there before, read or written whole
  std::vector<std::string> dropped;  // tables that were there before
  std::vector<std::string> lost, notes;
  std::optional<statistics::Seconds> time;
};

Consequences consequences(catalog::Catalog& catalog, const Moments& moments, const Way& back,
                          const statistics::Statistics* statistics);

}  // namespace retort::rollback
