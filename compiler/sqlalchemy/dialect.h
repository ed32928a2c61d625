// `op.get_bind().dialect`: PostgreSQL, of the version that the project targets.
#pragma once

#include "compiler/python/natives.h"

namespace retort::sa {

py::Value dialect(py::Interpreter& in);

}  // namespace retort::sa
