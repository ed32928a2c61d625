// A statement's tree to its forms.
#pragma once

#include "compiler/forms/forms.h"
#include "grammars/postgres/tree.h"

#include <vector>

namespace retort::forms {

// In the order of the text; a statement of several actions yields one form for each.
std::vector<Form> read_forms(const pg::Tree& tree);

}  // namespace retort::forms
