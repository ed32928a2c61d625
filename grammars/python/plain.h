// The Python that nearly every revision file consists of: imports, assignments, functions without
// defaults, `with` blocks, and calls with literals. Reading that by hand is some thirty times
// faster than the grammar. Whatever else a file holds makes it not plain: nothing is guessed.
#pragma once

#include "grammars/python/tree.h"

#include <optional>

namespace retort::py {

// The tree that the grammar would give, node for node; nothing when the file is not plain.
std::optional<Tree> parse_plain(std::string_view source);

}  // namespace retort::py
