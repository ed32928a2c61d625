// The body of a DO block or of a function: what it may touch.
#pragma once

#include "compiler/forms/forms.h"

namespace retort::forms {

// `anything` when it runs text that it makes; else the names that stand in it. Nothing at all when
// no word of it changes the shape of the database: then `touches` is empty, too.
Opaque opaque_body(std::string_view body);

}  // namespace retort::forms
