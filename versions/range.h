// Ranges as the command line writes them, `a1,b1:label@head`, resolved against a chain.
//
//   range      = [START] ":" [END]            START and END may list several with ","
//   identifier = [label "@"] symbol
//   symbol     = "head" | "heads" | "base" | "current" | id | prefix | label | "git:" REF |
//   relative relative   = [symbol] ("+" | "-") digits
#pragma once

#include "common/run.h"
#include "versions/chain.h"

#include <functional>
#include <string>

namespace retort {

struct Step {
  RevIndex revision = 0;
  bool down = false;

  bool operator==(const Step&) const = default;
};

// What `stamp` is to make of the version table.
struct Stamp {
  bool has_start = false;
  std::vector<RevIndex> rows;  // before
  std::vector<RevIndex> to;    // empty: base
  // For each destination as it is written, the revisions that it and its `label@` stand for; none
  // for base. A row is moved when it shares lineage with one of them.
  std::vector<std::vector<RevIndex>> named;
};

// What names in a range may need beyond the chain.
struct Surroundings {
  std::optional<std::vector<RevIndex>> current;  // what `current` stands for, when it is known
  // The ids of the real heads at a git tag or commit; reports its own failure.
  std::function<Result<std::vector<std::string>>(std::string_view ref, Loc at)> heads_at;
};

class Ranges {
public:
  Ranges(const Chain& chain, Run& run, Surroundings surroundings = {});

  // The steps of `upgrade [START:]END` and of `downgrade START:END`, in order.
  Result<std::vector<Step>> upgrade(std::string_view range);
  Result<std::vector<Step>> downgrade(std::string_view range);
  // The rows of the version table that such a range starts from.
  Result<std::vector<RevIndex>> upgrade_start(std::string_view range);
  Result<std::vector<RevIndex>> downgrade_start(std::string_view range);
  // `stamp [START:]REV`; several are one stamp when they start from the same rows.
  Result<Stamp> stamp(std::string_view range);
  // What `history [-r LOW:HIGH]` lists, newest first.
  Result<std::vector<RevIndex>> history(std::string_view range);
  // What one identifier stands for, as `show` takes it; empty for base.
  Result<std::vector<RevIndex>> revisions(std::string_view identifier);

private:
  const Chain& chain_;
  Run& run_;
  Surroundings surroundings_;
};

}  // namespace retort
