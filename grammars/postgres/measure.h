// How deep the grammar's tree of a statement can get, found without the grammar.
#pragma once

#include <cstdint>
#include <string_view>

namespace retort::pg {

struct Depth {
  uint32_t nesting = 0;  // parentheses, brackets and CASE inside each other
  uint32_t tree = 0;     // never less than the height of the tree that operators build
};

// `1 || 2 || 3` is a tree of height 2, `f(-1, -2)` one of height 1: what a comma, AND or OR
// separates doesn't stack, since lists are flat and the grammar flattens AND and OR.
Depth measure(std::string_view statement);

}  // namespace retort::pg
