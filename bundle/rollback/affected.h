// The tables that a way up takes rows or columns from, and what they were like before it.
#pragma once

#include "bundle/rollback/keeps.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace retort::rollback {

// What happens to one table that was there before.
struct Wanted {
  std::set<int> dropped, changed;
  std::set<int> written;  // by statements: of `changed`, what keys of others are asked about
  std::set<int> perhaps;  // of `changed`, what only a trigger may have written
  bool updated = false, inserted = false, removed = false, gone = false, anything = false;
  std::set<size_t> statements;
  std::set<size_t> removing;  // those of them that delete rows
  std::string why_not;
};

// The table before the way up.
struct Before {
  catalog::Object object;
  std::string name;
  std::vector<std::vector<int>> keys;  // none of them NULL; the primary key is the first
  std::set<int> unique;                // columns of which a value must not be there twice
  size_t uniques = 0;
  std::set<int> one_null;   // of which even NULL must not be there twice
  std::set<int> referring;  // columns of foreign keys
  std::map<int, std::string> types, kept_as;
  std::set<int> numbered;
  std::set<catalog::Id> referenced;  // the tables that its foreign keys lead to

  bool is_key(int column) const {
    return !keys.empty() && std::find(keys[0].begin(), keys[0].end(), column) != keys[0].end();
  }
};

struct Affected {
  std::map<catalog::Id, Wanted> wanted;
  std::map<catalog::Id, Before> before;
  std::vector<Verdict> verdicts;
  std::vector<std::string> lost;
  std::set<std::string> notes;
};

// The search path of the catalog is to be empty, so that names have their schemas.
Affected find_affected(catalog::Catalog& catalog, const Moments& moments, const Way& up,
                       const Way& back);

// The type in the keep where it is another than the column's own.
std::string kept_as(const catalog::Catalog& catalog, const catalog::Type& type);
bool was_there(catalog::Catalog& catalog, const Moments& moments, catalog::Id id);

}  // namespace retort::rollback
