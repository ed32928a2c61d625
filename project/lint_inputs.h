// What linting a chain takes beside the chain: who reads a file once, and who watches it, both
// start from here.
#pragma once

#include "linter/lint.h"
#include "project/integrity.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace retort {

// The statements of a dump of the schema before the first revision; none without a path.
Result<std::vector<LintStatement>> read_base(Run& run, const std::string& path);

// The fingerprints of findings that are accepted.
Result<std::set<std::string, std::less<>>> read_baseline(Run& run, const std::string& path);
// Suppresses those; all findings need their fingerprints.
void accept(const std::set<std::string, std::less<>>& accepted, std::vector<Finding>& findings);

// What retort.lock says of the chain; nothing where there is no lock, or a damaged one, which is
// reported. Of a chain that is not `whole` nothing is said of what is not in it.
std::optional<Integrity> read_integrity(Run& run, const Project& project,
                                        const CompileOptions& options, bool whole);

// Which revisions are looked at, and what is live before them.
struct LintScope {
  RevisionSet reported;
  std::optional<RevisionSet> released;  // as the lock says, with all below
  bool together = false;                // what is looked at goes live at once

  // The released revisions are not looked at: those up to `live`, or without that those that the
  // lock calls so.
  Result<> leave_out_released(Run& run, const Chain& chain, const std::string& live,
                              const Integrity* integrity);
  std::optional<size_t> first_unreleased(std::span<const Unit> units) const;
};

}  // namespace retort
