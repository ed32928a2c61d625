// What the strings of a tree hold.
#pragma once

#include "grammars/python/literal.h"
#include "grammars/python/tree.h"

#include <optional>
#include <string_view>

namespace retort::py {

// Of a string, or of neighbours that Python joins; nothing when it is neither, or cannot be read.
// `source` is that of the tree.
std::optional<StringValue> string_value(Node node, std::string_view source);

}  // namespace retort::py
