// Changes of the source that fixes are made of. Each yields nothing where the source is not laid
// out as it expects: a fix that might break the file is none.
#pragma once

#include "linter/unit.h"
#include "linter/way_back.h"

#include <optional>
#include <string_view>
#include <vector>

namespace retort {

// Behind a word of the SQL, where that stands in the file as it is: `INDEX` → `INDEX CONCURRENTLY`.
std::optional<Edit> after_word(const Sources& sources, const LintStatement& statement,
                               std::string_view word, std::string_view text);

// Behind the last argument of the call: `postgresql_concurrently=True`.
std::optional<Edit> with_argument(const Sources& sources, const LintStatement& statement,
                                  std::string_view argument);

// The call inside of `with op.get_context().autocommit_block():`. Nothing to do in a file of SQL,
// where statements that need it leave the transaction by themselves.
std::optional<std::vector<Edit>> outside_transaction(const Sources& sources,
                                                     const LintStatement& statement);

// Another statement on the line before.
std::optional<Edit> statement_before(const Sources& sources, const LintStatement& statement,
                                     std::string_view sql);

// Statements behind all others of the way down, which is written if it is not there.
std::optional<Edit> at_end_of_way_down(const Sources& sources, const Unit& unit,
                                       const Revision& revision,
                                       const std::vector<BackStep>& steps);

}  // namespace retort
