// What is known of a statement that is known in part.
#pragma once

#include "compiler/forms/forms.h"

#include <optional>
#include <string_view>
#include <vector>

namespace retort::alembic {

// What a statement does of which some pieces are not known (py::kGap stands for each), in so far as
// that is certain; nothing where it may do anything. Call it on a large stack, as pg::parse
// demands.
std::optional<std::vector<forms::Form>> forms_of_sketch(std::string_view sketch);

// That some rows are changed, and nothing else.
forms::Form unknown_rows();

}  // namespace retort::alembic
