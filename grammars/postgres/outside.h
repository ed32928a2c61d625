// Statements that PostgreSQL refuses inside a transaction block, told by their words.
#pragma once

#include <string_view>

namespace retort::pg {

// What the statement is called when the server forbids it there ("CREATE INDEX CONCURRENTLY"), or
// empty. Not seen: REINDEX and CLUSTER of partitioned tables, which are forbidden too.
std::string_view forbidden_in_transaction(std::string_view statement);

}  // namespace retort::pg
