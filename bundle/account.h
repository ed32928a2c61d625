// What a range of revisions does to a database, statement by statement: gathered once, and what the
// report, the manifest and the plans of a bundle say comes from here.
#pragma once

#include "bundle/disk.h"
#include "bundle/rollback/rollback.h"
#include "compiler/facts/facts.h"
#include "compiler/script/version_table.h"
#include "compiler/statistics/duration.h"
#include "linter/finding.h"
#include "versions/sql_header.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace retort::bundle {

// A finding of the linter. What is suppressed has the reason that somebody gave.
struct Risk {
  std::string rule;  // "lock/retype", with its variant if it has one
  Level level = Level::warning;
  std::string message;
  bool suppressed = false;
  std::string reason;
};

struct Lock {
  std::string relation;  // "public.orders"
  facts::LockMode mode = facts::LockMode::none;
  bool existing = false;  // it is there before the range, so that others may wait for it
};

struct StatementAccount {
  std::string sql;
  std::string file;         // where it comes from, as the user calls it
  size_t line = 0;          // from 1; 0: none
  bool alone = false;       // runs outside of transactions
  std::string object;       // the relation that it is about: "public.orders"; may be empty
  std::vector<Lock> locks;  // strongest first, existing ones before others
  facts::LockMode lock = facts::LockMode::none;  // the strongest on what exists
  facts::Work work = facts::Work::catalog;
  bool certain = true;
  std::string missing;  // where it is not: what would have to be known
  std::string size;     // "about 3.0 M rows, 451 MB"; empty: not known
  // While it works; none: not known, or nothing but the catalog changes. `basis` says what it rests
  // on, or what is missing for it.
  std::optional<statistics::Seconds> time;
  std::string basis;
  DiskUse disk;
  std::vector<std::string> lost;  // "column public.orders.note"
  std::vector<Risk> risks;
  rollback::WayBackClass way_back = rollback::WayBackClass::exact;
  std::string way_back_reason;
};

// Old rows of a table that are copied for the way back, before the first statement.
struct KeepAccount {
  std::string relation;  // nobody writes to it from then on
  std::optional<statistics::Seconds> time;
  DiskUse disk;
};

struct RevisionAccount {
  RevIndex revision = 0;
  std::string id;
  std::string title;
  std::string file;    // of the revision, as the user calls it
  std::string script;  // in the bundle: "before/0010_base_to_41f0a6c2d853.sql"
  Phase phase = Phase::any;
  std::string ticket, owner;
  std::vector<std::string> notes;  // `-- retort: note`
  std::vector<std::string> assumptions;
  std::vector<std::string> holes;  // "file.py:12: …"
  std::vector<StatementAccount> statements;
  std::vector<KeepAccount> keeps;
  std::vector<Risk> risks;  // of the revision as a whole, or of its transaction
  rollback::WayBackClass way_back = rollback::WayBackClass::exact;
  std::string way_back_reason;
  std::vector<std::string> lost;  // what no way back gives back
};

struct Account {
  std::string from, to;  // ids before and after, `a, b`; empty: base
  std::vector<int> servers;
  std::vector<RevisionAccount> revisions;
  // Of the file of statistics; empty: there is none.
  std::string statistics_of;    // "orders_prod, taken 2026-11-02"
  bool statistics_old = false;  // more than 30 days
  std::vector<std::string>
      production;  // in what production differs from the chain, a sentence each
  size_t errors = 0, warnings = 0, infos = 0, suppressed = 0;  // findings
};

struct AccountInput {
  const Chain& chain;
  const Sources& sources;
  const Config& config;
  std::span<const Step> steps;  // up
  std::span<const Body> bodies;
  std::span<const rollback::RevisionWayBack> ways;
  std::span<const Finding> findings;  // in their final form
  const Rows& rows;                   // before
  const statistics::Statistics* statistics = nullptr;
  unsigned threads = 1;
};

// `walk` stands before the first step, and is taken behind the last.
Account account_of(const AccountInput& input, facts::Walk& walk);

// Of rows of the version table, sorted.
std::vector<std::string> ids_of(const Chain& chain, const Rows& rows);
// The worst of all revisions.
rollback::WayBackClass worst_way_back(const Account& account);
// The statement that others wait for the longest, with its time; none: nobody waits, or no time is
// known.
const StatementAccount* longest_blocking(const Account& account);
// It makes others wait for more than a moment: a lock on what exists that stops writes or reads,
// and work that is more than the catalog's.
bool blocks(const StatementAccount& statement);

}  // namespace retort::bundle
