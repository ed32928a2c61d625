// What happens to the rows of Alembic's version table. Rows are the revisions that are applied and
// that nothing applied stands on; a step replaces, adds or removes some of them.
#pragma once

#include "versions/chain.h"
#include "versions/config.h"
#include "versions/range.h"

#include <span>
#include <string>
#include <vector>

namespace retort {

using Rows = std::vector<RevIndex>;  // ascending

struct RowChange {
  enum class Kind : uint8_t { insert, update, remove };
  Kind kind = Kind::insert;
  RevIndex from = 0;  // of update and remove
  RevIndex to = 0;    // of update and insert

  bool operator==(const RowChange&) const = default;
};

struct VersionChange {
  std::vector<RowChange> changes;  // in the order of their statements
  Rows rows;                       // afterwards
};

// Going down, the revision must be a row. Rows are taken from a merge and given back by it in the
// order of its parents, where Alembic takes them in the order of a Python set.
VersionChange next(const Chain& chain, const Rows& rows, Step step);
Rows rows_behind(const Chain& chain, Rows rows, std::span<const Step> steps);

// One step of `stamp`: rows move although no file is run.
struct StampStep {
  std::vector<RevIndex> from;
  std::optional<RevIndex> to;  // none: base
  bool new_branch = false;     // joins the rows, replacing none

  bool operator==(const StampStep&) const = default;
};

std::vector<StampStep> stamp_steps(const Chain& chain, const Rows& rows, const Stamp& stamp);
VersionChange next(const Rows& rows, const StampStep& step);

// The statements, without `;`.
class VersionTable {
public:
  explicit VersionTable(const Config& config);

  std::string create() const;
  // Alembic's INSERT returns the row, which a script prints for nothing.
  std::string statement(const Chain& chain, const RowChange& change, bool returning = true) const;

private:
  std::string name_;        // quoted and qualified
  std::string constraint_;  // empty: no primary key
};

}  // namespace retort
