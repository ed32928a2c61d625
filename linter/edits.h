// Changes of the source that fixes are made of. Each yields nothing where the source is not laid
// out as it expects: a fix that might break the file is none.
#pragma once

#include "linter/unit.h"
#include "linter/way_back.h"

#include <optional>
#include <string_view>
#include <vector>

namespace retort {

// Other text at a place of the statement, where that stands in the file as it is. In a string of
// Python only what needs no escape there.
std::optional<Edit> in_sql(const Sources& sources, const LintStatement& statement, Span at,
                           std::string text);

// Behind a word of the SQL: `INDEX` → `INDEX CONCURRENTLY`.
std::optional<Edit> after_word(const Sources& sources, const LintStatement& statement,
                               std::string_view word, std::string_view text);

// Behind the last argument of the call: `postgresql_concurrently=True`.
std::optional<Edit> with_argument(const Sources& sources, const LintStatement& statement,
                                  std::string_view argument);

// The call inside of `with op.get_context().autocommit_block():`. Nothing to do in a file of SQL,
// where statements that need it leave the transaction by themselves. None when the call emits more
// than this statement.
std::optional<std::vector<Edit>> outside_transaction(const Sources& sources,
                                                     const LintStatement& statement);

// Another statement on the line before, or behind: SQL, or `op.execute(…)` around it.
std::optional<Edit> statement_before(const Sources& sources, const LintStatement& statement,
                                     std::string_view sql);
std::optional<Edit> statement_behind(const Sources& sources, const LintStatement& statement,
                                     std::string_view sql);
// In Python: lines of the statement's indentation behind it.
std::optional<Edit> lines_behind(const Sources& sources, const LintStatement& statement,
                                 const std::vector<std::string>& lines);
std::optional<Edit> lines_before(const Sources& sources, const LintStatement& statement,
                                 const std::vector<std::string>& lines);

// The statement and its line are gone.
std::optional<Edit> without_statement(const Sources& sources, const LintStatement& statement);

bool is_python(const LintStatement& statement);
// Text as a string of Python; none when a plain string cannot say it, or `op.execute` would take
// `:name` in it for a parameter.
std::optional<std::string> python_string(std::string_view text);

// Statements behind all others of the way down, which is written if it is not there.
std::optional<Edit> at_end_of_way_down(const Sources& sources, const Unit& unit,
                                       const Revision& revision,
                                       const std::vector<BackStep>& steps);

}  // namespace retort
