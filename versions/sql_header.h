// What a plain-SQL revision says about itself beyond the graph: settings of the header block, or
// those that another tool's layout implies.
#pragma once

#include "common/source.h"

#include <string>
#include <string_view>
#include <vector>

namespace retort {

// Whether statements run in a transaction block. `automatic`: all but those that PostgreSQL forbids
// in one.
enum class Wrap : uint8_t { automatic, always, never };

// Relative to the deploy of the code.
enum class Phase : uint8_t { any, before, after };

// A value and its literal in the file; empty when the header has none.
struct HeaderText {
  std::string text;
  Span at;
};

struct SqlHeader {
  uint32_t body = 0;  // the first byte behind the header
  Phase phase = Phase::any;
  Wrap transaction = Wrap::automatic;
  HeaderText lock_timeout;  // "3s", as PostgreSQL writes durations
  HeaderText statement_timeout;
  int min_server = 0;
  HeaderText irreversible;  // the reason; stands for the down part
  std::vector<HeaderText> keep;
  std::string ticket;
  std::string owner;
};

}  // namespace retort
