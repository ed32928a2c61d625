#include "grammars/python/string_node.h"

namespace retort::py {

std::optional<StringValue> string_value(Node node, std::string_view source) {
  StringValue value;
  const auto append = [&](Node string) {
    return string.kind() == Kind::string && append_string(source, string.span(), value).has_value();
  };
  if (node.kind() != Kind::concatenated_string)
    return append(node) ? std::optional(std::move(value)) : std::nullopt;
  for (const Node part : node.children())
    if (!append(part))
      return std::nullopt;
  return value;
}

}  // namespace retort::py
