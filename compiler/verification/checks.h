// What is to be asked of the server: rows of values for the queries of queries.h.
#pragma once

#include "compiler/verification/witness.h"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace retort::verification {

enum class Section : uint8_t {
  things,
  relations,
  columns,
  constraints,
  indexes,
  enums,
  types,
  sequences,
  functions,
  triggers,
};
constexpr size_t kSections = 10;

struct Checks {
  // Of each section the rows of its VALUES list, each without its place and parentheses.
  std::array<std::vector<std::string>, kSections> rows;
  size_t count = 0;
  // What is left out, by reason, in words.
  std::map<std::string, std::vector<std::string>> left_out;
};

// Since the mark, or all there is.
Checks checks_of(const catalog::Catalog& catalog, const Doubts& doubts,
                 std::optional<size_t> since);

}  // namespace retort::verification
