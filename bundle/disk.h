// How much free disk a change needs: new files stand beside the old ones, which go when the
// transaction commits.
#pragma once

#include "bundle/rollback/keep.h"
#include "compiler/facts/facts.h"
#include "compiler/statistics/disk.h"
#include "linter/weigh.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace retort::bundle {

struct Account;

struct DiskUse {
  statistics::Bytes stays;      // what it writes
  statistics::Bytes meanwhile;  // … and takes away again itself: sorting
  statistics::Bytes freed;      // old files that go at the end of its transaction
  std::string unknown;          // what would have to be known: "the size of public.orders"

  bool none() const { return stays.none() && meanwhile.none() && unknown.empty(); }
};

// Where a statement meets production; without statistics what needs a size is unknown.
struct DiskQuestion {
  const Production& production;
  const catalog::Catalog& before;
  const facts::Facts& facts;
  const std::vector<forms::Form>& forms;
  std::string_view sql;
  std::function<bool(const facts::Touched&)> existed;  // before the range
  const std::set<catalog::Id>& filled;                 // in the range, with nobody knows how much
};
DiskUse disk_use(const DiskQuestion& question);

// The copy that keeps old rows for the way back; it stays until it is cleaned up.
DiskUse disk_use(const rollback::KeptTable& kept, const statistics::Statistics* statistics);

// Of one transaction, of a revision, or of the whole run.
struct DiskPeak {
  statistics::Bytes most;   // more than there was when it began
  statistics::Bytes stays;  // of that, when it is over
  std::vector<std::string> unknown;
  size_t revision = 0, statement = 0;  // where that much is needed, as far as it is known

  bool none() const { return most.none() && unknown.empty(); }
};
DiskPeak disk_peak(const Account& account);
DiskPeak disk_peak(const Account& account, size_t revision);

// "none", "under 1 MB", "0.7 to 1.9 GB", "0.7 to 1.9 GB and more, not known how much", "not known"
std::string to_text(const DiskPeak& peak);

}  // namespace retort::bundle
