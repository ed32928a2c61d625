// Statements that the server forbids in a transaction block. An interruption may leave them half
// done or done without a note, so each kind has its own way of being taken up again.
#pragma once

#include <string>
#include <string_view>

namespace retort {

struct Standalone {
  std::string object;  // "index shop.ix_orders_state", for messages
  // A query: the statements that remove what an interrupted attempt left. Empty: nothing is left.
  std::string leftovers;
  // An SQL expression: its work is done. True afterwards, and true before where an earlier attempt
  // came to its end unnoticed. Empty: the catalog does not tell.
  std::string done;
  bool repeatable = false;  // running it twice does no harm
};

// Call it on a large stack, as pg::parse demands. `alone` is what the server calls the statement.
Standalone standalone(std::string_view sql, std::string_view alone);

}  // namespace retort
