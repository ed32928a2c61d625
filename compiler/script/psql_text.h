// SQL text as it must stand in a file for psql, so that the server receives what was compiled: psql
// puts its variables in for `:name` wherever no quotes protect it, even in `a[1:n]`.
#pragma once

#include <string>
#include <string_view>

namespace retort {

std::string psql_text(std::string sql);

// One argument of a backslash command, in quotes.
std::string psql_argument(std::string_view text);

// In dollar quotes that the text does not end: `$retort$ … $retort$`.
std::string dollar_quoted(std::string_view text, std::string_view tag = "retort");

// `DO $retort$ … $retort$` around statements of PL/pgSQL; `declarations` begin with DECLARE.
std::string do_block(std::string_view statements, std::string_view declarations = {});

}  // namespace retort
