// What statistics of production make of a finding: how long whoever waits will wait, and whether
// the rows that are there let the statement succeed. The one place where sizes become levels.
#pragma once

#include "common/diagnostic.h"
#include "compiler/facts/facts.h"
#include "compiler/statistics/duration.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace retort {

struct Rule;

// Production as it is before this release, in terms of the catalog that the release changes.
struct Production {
  const statistics::Statistics* statistics = nullptr;  // none: nothing is known
  std::map<catalog::Id, std::string> old_names;        // of relations that were renamed since
  // Tables whose rows the release changes, by their old names: what is estimated of them is void.
  std::set<std::string, std::less<>> written;
  bool anything_written = false;

  // `name` is what it is called now, with its schema.
  std::string_view name_of(catalog::Id id, std::string_view name) const;
  const statistics::Table* table(catalog::Id id, std::string_view name) const {
    return statistics->table(name_of(id, name));
  }
  // The same by the name that a statement writes, be the table known to the chain or not.
  const statistics::Table* table(const forms::Name& name, const catalog::Catalog& catalog) const;
  void release() {
    old_names.clear();
    written.clear();
    anything_written = false;
  }
  // What a statement changes, before it is applied for good.
  void follow(std::span<const catalog::Catalog::Change> changes, const facts::Facts& facts,
              const catalog::Catalog& catalog);
};

// A partition of a table that the statement touches as well stands for all that production has of
// that one.
const statistics::Table& whole_of(const statistics::Table& table, const Production& production,
                                  const facts::Facts& facts);

struct WeighedStatement {
  std::vector<const facts::Facts*> facts;  // one for each target
  const std::vector<forms::Form>& forms;
};

// What a finding is about. Several statements are those of a transaction.
struct Weighing {
  const Production& production;
  const catalog::Catalog& catalog;
  std::function<bool(const facts::Touched&)> live;
  std::vector<WeighedStatement> statements;
  std::vector<catalog::Id> held;  // tables that the transaction has locked before
};

struct Weight {
  std::optional<Level> level;  // none: as it is without statistics
  std::string note;            // the figures, and what they rest on
};

// How long statements work on the rows of what exists, on the target where that is longest.
struct WorkTime {
  bool works = false;  // else only catalogs change
  statistics::Seconds seconds;
  std::string unknown;             // what would have to be known; empty: everything was
  std::vector<std::string> basis;  // "public.orders has about 3.0 M rows, 451 MB"
};
WorkTime work_time(const Weighing& what);

// Whether a rule's findings are about waiting, so that its levels depend on how long that is.
bool is_weighed(const Rule& rule);
Weight weigh(const Rule& rule, const Weighing& what);

// Why the rows of production probably make this action fail; empty: nothing says so.
std::string probable_failure(const forms::Form& form, const Production& production,
                             const catalog::Catalog& catalog,
                             const facts::Transaction& transaction);

}  // namespace retort
