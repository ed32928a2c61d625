// Words that an editor paints as SQL's own.
#pragma once

#include <string_view>

namespace retort::lsp {

bool is_sql_keyword(std::string_view word);  // in any case of letters
bool is_sql_type(std::string_view word);

}  // namespace retort::lsp
