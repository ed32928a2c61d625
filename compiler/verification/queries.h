// The questions to the server: for each section of the checks one query that finds, among rows of
// what is expected, those that differ, as lines of text.
#pragma once

#include "compiler/verification/checks.h"

#include <string_view>

namespace retort::verification {

struct Query {
  std::string_view title;
  std::string_view columns;  // of the VALUES list, behind `place`
  // `e` is the list. What is above it stands before, what is below behind it.
  std::string_view head, tail;
};
const Query& query_of(Section section);

}  // namespace retort::verification
