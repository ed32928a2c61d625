// What one transaction has done so far, as far as it matters to the statements that follow in it.
#pragma once

#include "compiler/catalog/catalog.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace retort::facts {

enum class LockMode : uint8_t;
struct Facts;

struct Transaction {
  // Objects with this id or above were made since it began: no other session sees them.
  catalog::Id begin = 1;
  // Every lock, with the statement that took it first; in the order of the taking.
  struct Held {
    catalog::Id id = 0;
    std::string name;
    LockMode mode{};
    size_t statement = 0;
  };
  std::vector<Held> held;
  std::set<catalog::Id> emptied;                              // by TRUNCATE, or DELETE of all rows
  std::map<catalog::Id, std::set<std::string>> new_columns;   // of tables that were there before
  std::map<catalog::Id, std::set<std::string>> new_labels;    // of enum types that were there before
  std::set<catalog::Id> not_validated;                        // constraints added NOT VALID
  std::set<catalog::Id> pending_triggers;                     // tables with deferred checks waiting
  std::map<std::string, std::string> settings;                // SET and SET LOCAL: "lock_timeout"
  bool wrote_rows = false;
  size_t statements = 0;

  bool made(catalog::Id id) const { return id >= begin; }
  // The strongest lock that is held on it.
  const Held* lock(catalog::Id id) const;

  // After the statement with these facts was applied, giving `after`.
  void add(const std::vector<forms::Form>& forms, const Facts& facts,
           const catalog::Catalog& before, const catalog::Catalog& after);
};

}  // namespace retort::facts
