// Python values on their way into SQL.
#pragma once

#include "compiler/python/interpreter.h"
#include "compiler/types/datum.h"

namespace retort::sa {

// The first unknown in the value, or in what a list, tuple, set or dictionary holds; nothing when
// all of it is known. Ask before datum_of.
py::Value unknown_in(py::Value value);

// Expressions become their SQL with bare column names; types and enum classes stay what they are.
Answer<Datum> datum_of(py::Interpreter& in, py::Value value);

}  // namespace retort::sa
