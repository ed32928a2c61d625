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
  std::set<catalog::Id> emptied;                             // by TRUNCATE, or DELETE of all rows
  std::map<catalog::Id, std::set<std::string>> new_columns;  // of tables that were there before
  std::map<catalog::Id, std::set<std::string>> new_labels;   // of enum types, by ADD VALUE
  std::set<catalog::Id> not_validated;                       // constraints added NOT VALID
  std::set<std::pair<catalog::Id, int>> not_null_later;      // columns with NOT NULL … NOT VALID
  // Constraints and indexes, of which it has written no row since.
  std::vector<std::shared_ptr<const catalog::Object>> dropped;
  // Tables with deferred checks waiting: true where rows were certainly written, false where it
  // depends on what a WHERE finds.
  std::map<catalog::Id, bool> pending_triggers;
  std::map<std::string, std::string> settings;  // SET and SET LOCAL: "lock_timeout"
  bool wrote_rows = false;
  bool savepoints = false;
  bool cursors = false;                        // DECLARE
  bool constraints_immediate = false;          // SET CONSTRAINTS ALL IMMEDIATE
  bool constraints_deferred = false;           // SET CONSTRAINTS ALL DEFERRED
  std::map<std::string, std::string> session;  // settings that outlive it
  size_t statements = 0;

  bool made(catalog::Id id) const { return id >= begin; }
  // A column that is new on a table that was there before.
  bool added(catalog::Id table, const std::string& column) const;
  // The strongest lock that is held on it.
  const Held* lock(catalog::Id id) const;

  // A timeout that is set, and not to nothing.
  bool has_limit(const std::string& setting) const;

  // After a statement with these facts, which has met this catalog. Names are looked up in
  // `before`; it is not changed.
  void add(const std::vector<forms::Form>& forms, const Facts& facts, catalog::Catalog& before);
  void forget_broken(const std::vector<forms::Form>& forms, const Facts& facts);
  // Another begins, in the same session.
  void start(catalog::Id first_id);
};

}  // namespace retort::facts
