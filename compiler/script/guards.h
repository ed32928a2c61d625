// The blocks of PL/pgSQL by which a guarded script looks before it acts. Every refusal is an error
// with an SQLSTATE of its own:
//
//   RT001  the database is not where the script or the step begins
//   RT002  another run is at work, or another script was interrupted
//   RT003  what a statement outside of transactions left is not what it should be
//   RT005  the session: a transaction is open, a standby, read-only, a right is missing
//   RT006  the server or the database is not the one that the script is for
//   RT007  the revision's own demands: an assertion, a number of rows
#pragma once

#include "compiler/script/stages.h"
#include "versions/config.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// The version table and, beside it, the table that notes how far a script is.
struct GuardTables {
  explicit GuardTables(const Config& config);

  std::string schema;    // quoted
  std::string version;   // quoted and qualified
  std::string progress;  // the same
  int64_t lock_key = 0;  // of the advisory lock, one for each version table
};

// Ids as the guards compare and print them: `a, b`.
std::string shown(const Chain& chain, const Rows& rows);

struct Guard {
  std::string script;                // its id
  std::vector<std::string> starts;   // rows from which it may begin or go on; the first is its own
  std::string target;                // rows at its end
  std::vector<std::string> earlier;  // rows before the start, nearest first
  std::vector<std::string> later;    // rows behind the target, nearest first
  bool progress = false;             // how far it got stands in the progress table
  std::vector<int> servers;          // majors; empty: any
  int min_server = 0;
  std::string database;     // with `*`; empty: any
  bool only_looks = false;  // whether it would let the script in
};

// As `DO $retort$ … $retort$;` each, without the line's end.
std::string guard_block(const GuardTables& tables, const Guard& guard);

// What must hold when a stage begins.
struct Begin {
  std::string_view rows;
  std::string_view script;
  std::optional<size_t> done;  // stages before it; none: that is not noted
  bool careful = false;        // the client may have gone on after the guard refused
  // Of a statement that runs alone, for clients without conditions: a query of what an earlier
  // attempt left, an expression that tells that it was done, and what to do then.
  std::string_view leftovers = {};
  std::string_view done_already = {};
  std::string_view note_done = {};
  bool arm = false;  // nothing could be written before
};
std::string begin_block(const GuardTables& tables, const Begin& begin);
// At its end: the rows are as they should be.
std::string end_block(const GuardTables& tables, std::string_view rows);
std::string finish_block(const GuardTables& tables, std::string_view rows, bool drop_progress);

std::string assertion_block(std::string_view sql, std::string_view words);
std::string rows_block(std::string_view sql, RowRange rows);
// Fails unless the expression is true.
std::string demand_block(std::string_view expression, std::string_view message,
                         std::string_view hint, std::string_view sqlstate);
std::string stop_block(std::string_view message, std::string_view hint,
                       std::string_view sqlstate = "RT003");
std::string notice_block(std::string_view text);

// An SQL query of one row and column: the rows as `shown` writes them.
std::string rows_query(const GuardTables& tables);

}  // namespace retort
