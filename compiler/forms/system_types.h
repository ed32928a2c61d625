// The types that a server has before anybody makes one.
#pragma once

#include "compiler/forms/expression.h"

#include <string_view>

namespace retort::forms {

// By the server's own word for it, `int4`: those that `type_spelling` spells.
bool is_system_type(std::string_view internal_name);
// As it is written: nobody else's type is meant.
bool is_system_type(const TypeName& type);

}  // namespace retort::forms
