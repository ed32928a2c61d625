// enum.auto(), which a class body turns into a value.
#pragma once

#include "compiler/python/value.h"

namespace retort::py {

bool is_auto(Value value);

}  // namespace retort::py
