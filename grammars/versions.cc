#include "grammars/versions.h"

#include <pg_query.h>

namespace retort {

std::string postgres_grammar() { return "PostgreSQL " PG_VERSION; }
int postgres_grammar_major() { return PG_VERSION_NUM / 10000; }
std::string python_grammar() { return "tree-sitter-python " RETORT_PYTHON_GRAMMAR; }

}  // namespace retort
