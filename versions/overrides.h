// Hand-written SQL that stands for a direction of a revision: `REVISION.up.sql` and
// `REVISION.down.sql` in one folder.
#pragma once

#include "common/run.h"
#include "versions/chain.h"
#include "versions/config.h"

#include <map>
#include <optional>

namespace retort {

class Overrides {
public:
  std::optional<FileId> find(RevIndex revision, bool down) const;

private:
  friend Overrides read_overrides(Run&, const Config&, const Chain&);
  std::map<std::pair<RevIndex, bool>, FileId> files_;
};

// A file that stands for nothing is reported.
Overrides read_overrides(Run& run, const Config& config, const Chain& chain);

}  // namespace retort
