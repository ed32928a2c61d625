// How long others wait for a relation. A transaction keeps its locks until its end, so that what
// counts is not the statement that takes a lock, but all that runs from there on.
#pragma once

#include "bundle/account.h"

#include <string>
#include <vector>

namespace retort::bundle {

// Time that adds up: what is known of it, and whether more comes that is not known.
struct Wait {
  statistics::Seconds known;
  bool works = false;    // more than the catalog changes
  bool unknown = false;  // there is work without an estimate

  void add(const StatementAccount& statement);
  void add(const KeepAccount& keep);
};
// Work on what others use, of which nobody knows how long it takes.
bool without_estimate(const StatementAccount& statement);
// "20 to 90 s", "a moment", "an unknown time", "20 to 90 s and more, not known how much"
std::string to_text(const Wait& wait);
bool longer(const Wait& a, const Wait& b);

// One relation that was there before, in one transaction.
struct Hold {
  std::string relation;
  std::string size;                              // as far as a statement that is about it says so
  size_t revision = 0, statement = 0;            // places in the account: where the lock is taken
  facts::LockMode lock = facts::LockMode::none;  // the strongest
  Wait writes;                                   // since writes wait
  Wait reads;                                    // since reads wait, too; nothing where they do not
  bool copied = false;  // from before the first statement on, for the copy of its old rows
  size_t times = 1;     // transactions that lock it against writes, where holds are put together
};

// Every relation that somebody waits for, in every transaction. Where its old rows are copied for
// the way back, that is before the first statement of the revision.
std::vector<Hold> all_holds(const Account& account);
// For each statement of the account that takes such a lock for longer than it runs itself: how long
// the lock stays. Other places are empty.
std::vector<std::vector<std::string>> kept_locks(const Account& account);
// The longest of each relation, the longest first.
std::vector<Hold> worst_holds(const Account& account);

}  // namespace retort::bundle
