// Where a database is, read from whatever an operator could bring out: psql output, CSV, a dump,
// the text of `alembic current`.
#pragma once

#include "common/diagnostic.h"
#include "versions/revision.h"

#include <string_view>
#include <vector>

namespace retort {

struct CurrentRows {
  std::string_view kind;  // what the text was recognised as, for people
  std::vector<Reference> ids;
};

// `version_table` names the table whose rows a dump holds.
Result<CurrentRows> read_current(const Sources& sources, FileId file,
                                 std::string_view version_table, Diagnostics& diagnostics);

}  // namespace retort
