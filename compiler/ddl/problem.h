// Why a description has no SQL. Whoever knows where it was written turns this into a diagnostic.
#pragma once

#include "common/result.h"

#include <string>
#include <utility>

namespace retort {

struct Problem {
  std::string message;   // lower case, no final period
  std::string argument;  // the Python parameter that it is about, or empty
};

template <class T = Nothing>
using Answer = Expected<T, Problem>;

inline Unexpected<Problem> problem(std::string message, std::string argument = {}) {
  return Unexpected<Problem>{{std::move(message), std::move(argument)}};
}

}  // namespace retort
