// SQL that asks a live database, of PostgreSQL 12 to 18, whether it is what the chain says. It
// changes nothing, needs no rights but to read the version table, and runs in any client.
#pragma once

#include "compiler/verification/witness.h"

#include <optional>
#include <string>
#include <vector>

namespace retort::verification {

struct Expected {
  std::string title;              // for the first line
  std::vector<std::string> rows;  // of the version table: ids, in any order
  std::string version_schema;     // empty: where the search path leads
  std::string version_table;
};

// What is asked: what has changed since the witness's mark, or all there is.
enum class Scope : uint8_t { touched, everything };

std::string script(Witness& witness, const Expected& expected, Scope scope);
// The same from a catalog that somebody else has filled.
std::string script(const catalog::Catalog& catalog, const Doubts& doubts, const Expected& expected,
                   std::optional<size_t> since);

}  // namespace retort::verification
