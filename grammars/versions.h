// The grammars inside this binary.
#pragma once

#include <string>

namespace retort {

std::string postgres_grammar();  // "PostgreSQL 15.1"
int postgres_grammar_major();    // 15
std::string python_grammar();    // "tree-sitter-python 0.25.0"

}  // namespace retort
