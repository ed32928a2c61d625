// Names of more bytes than PostgreSQL keeps.
#pragma once

#include "rules/rules.h"

#include <string>
#include <vector>

namespace retort::rules {

struct LongName {
  Span at;
  std::string written, kept;
  bool is_new = false;    // nothing has it yet
  bool collides = false;  // the statement fails, since something has it
};
// Those of a statement, each once.
std::vector<LongName> long_names(const Visit& visit);

}  // namespace retort::rules
