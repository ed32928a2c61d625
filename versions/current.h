// Where a database is, read from whatever an operator could bring out: psql output, CSV, a dump,
// the text of `alembic current`, the log of a script.
#pragma once

#include "common/diagnostic.h"
#include "versions/revision.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// The run that wrote a log did not come to its end.
struct Unfinished {
  std::string step;  // "step 3 of 5"
  Span at;           // the line that says why, or the last that it wrote
};

struct CurrentRows {
  std::string_view kind;  // what the text was recognised as, for people
  std::vector<Reference> ids;
  std::optional<Unfinished> unfinished;
};

struct VersionTableName {
  std::string_view schema;  // empty: not known
  std::string_view table;
};

// The table is the one whose rows a dump holds; the same one in another schema will do where there
// is only one.
Result<CurrentRows> read_current(const Sources& sources, FileId file, VersionTableName version,
                                 Diagnostics& diagnostics);

}  // namespace retort
