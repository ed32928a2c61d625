// The values of the user's configuration, as the interpreter finds them.
#pragma once

#include "compiler/alembic/operations.h"
#include "compiler/python/interpreter.h"
#include "versions/given.h"

#include <set>

namespace retort {

// Yields what was given, by the names under which the interpreter finds it.
std::vector<std::pair<std::string, py::Value>> give_values(py::Interpreter& in, const Given& given,
                                                           alembic::Operations& operations);

// The arguments that env.py would pass to upgrade() or downgrade(). One that nobody knows is an
// unknown that says which key to set; `op` is what revisions import under that name.
py::Args given_arguments(py::Interpreter& in, const py::Function& function, py::Value op);

// Those that nothing asked for, of what Interpreter::asked_for() said.
std::vector<const GivenValue*> unused_values(const Given& given,
                                             const std::set<std::string, std::less<>>& asked_for);

}  // namespace retort
