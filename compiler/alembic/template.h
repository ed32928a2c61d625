// An operation whose SQL the user's configuration gives, as a template.
#pragma once

#include "compiler/alembic/operations.h"

namespace retort::alembic {

// `{table}` is a keyword argument, `{0}` a positional one, as text; `{table!r}` the same as a
// literal, a list as literals with commas; `{{` and `}}` are braces.
py::Value make_template(py::Interpreter& in, Operations& operations, std::string_view name,
                        std::string_view text);

}  // namespace retort::alembic
