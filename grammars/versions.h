// The grammars inside this binary.
#pragma once

#include <string>

namespace retort {

std::string postgres_grammar();  // "PostgreSQL 15.1"
std::string python_grammar();    // "tree-sitter-python 0.25.0"

}  // namespace retort
