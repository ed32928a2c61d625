// One direction of a revision, statement by statement, with what each did to the catalog.
#pragma once

#include "bundle/rollback/past.h"
#include "compiler/body.h"
#include "compiler/facts/facts.h"

#include <set>
#include <string>
#include <vector>

namespace retort::rollback {

// Rows that a statement writes, by identities as they are when it runs.
struct Written {
  enum class How : uint8_t { insert, update, remove, anything };
  How how = How::anything;
  catalog::Id table = 0;  // 0: the chain does not know it
  std::string name;
  std::vector<int> columns;  // of an update
};

struct Ran {
  StatementForms statement;
  bool transaction = true;
  bool late = false;  // runs when the rows are back
  facts::Facts facts;
  std::set<catalog::Id> roots;  // objects that it changed, or the tables that they belong to
  std::vector<Written> written;
};

struct Way {
  std::vector<Ran> ran;
  bool ours = false;    // retort's statements alone, with what asks for rows behind the merge
  bool opaque = false;  // something in it may have done anything
  const Ran* fails = nullptr;  // the first that the server refuses
};

// Applies the statements to the past, for good or until `give_up`.
Way walk(Past& past, std::vector<StatementForms> statements, const std::vector<bool>& transaction,
         int server);

// The object itself, or the table that it is a member of.
catalog::Id root_of(const catalog::Object& object);

}  // namespace retort::rollback
