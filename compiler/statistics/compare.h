// What differs between production, as its statistics tell, and the database that a chain makes.
#pragma once

#include "compiler/catalog/catalog.h"
#include "compiler/statistics/statistics.h"

#include <string>
#include <vector>

namespace retort::statistics {

struct Difference {
  enum class Side : uint8_t {
    both,           // it is there on both sides, and not the same
    chain_only,     // the chain makes it
    database_only,  // in a schema that the chain uses
    elsewhere,      // in the database only, and in a schema where the chain has nothing
  };
  Side side = Side::both;
  std::string what;  // the table, type or index that it is about: "public.orders"
  std::string text;  // "table public.notes is not in the database"
};

// Of a partition that a job made nothing is said where its table is known, and of what belongs to
// an extension neither. Only what the file tells of can differ: an older one knows less.
std::vector<Difference> differences(const Statistics& statistics, const catalog::Catalog& catalog,
                                    std::string_view version_table);

// A line for each, but for what is in the database only: that is counted and named in one line for
// tables and one for types, `most` names at the most.
std::vector<std::string> lines(const std::vector<Difference>& differences, size_t most);

}  // namespace retort::statistics
