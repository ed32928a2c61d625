// What a revision in Python does with rows that it reads: statements in a loop over them, and
// values of theirs that it writes into the text of SQL. Read from the tree of the file: what such a
// revision does is known to nobody before it runs.
#pragma once

#include "common/source.h"

#include <string_view>
#include <vector>

namespace retort {

// A loop that runs a statement for each row.
struct RowLoop {
  Span loop;  // `for row in rows`
  Span call;  // that runs the statement
};

// A value of a row in the text of a statement that changes or reads rows.
struct PastedValue {
  Span value;
  // It stands in a literal, and looks like text of users: 'O'Brien' ends it.
  bool text = false;
};

struct RowUse {
  std::vector<RowLoop> loops;       // the outermost ones
  std::vector<PastedValue> pasted;  // one of each statement
};

RowUse row_use(std::string_view source);

}  // namespace retort
