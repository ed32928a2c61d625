// Constants of a Python module, read from its tree: literals, their concatenations and the names
// of earlier ones. For files whose header the line reader finds unusual.
#pragma once

#include "grammars/python/tree.h"
#include "versions/header.h"

#include <span>
#include <string_view>

namespace retort {

// Fills `header` with the module-level values of `names`; false after reporting a value that
// is not known for sure.
bool read_tree_header(const py::Tree& tree, std::span<const std::string_view, 4> names, FileId file,
                      Header& header, Diagnostics& diagnostics);

}  // namespace retort
