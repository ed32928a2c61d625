// The types that a server has before anybody makes one.
#pragma once

#include <string_view>

namespace retort::forms {

// By the server's own word for it, `int4`: those that `type_spelling` spells.
bool is_system_type(std::string_view internal_name);

}  // namespace retort::forms
