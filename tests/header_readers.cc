#include "tests/header_readers.h"

#include "grammars/python/tree.h"
#include "versions/python_constants.h"
#include "versions/read_python.h"

#include <fmt/core.h>

namespace retort::tests {

std::string describe(const Header& header) {
  constexpr std::array<std::string_view, 4> kShapes = {"none", "text", "list", "other"};
  std::string text = fmt::format("doc `{}`\n", header.doc);
  for (size_t i = 0; i < kHeaderNames.size(); ++i) {
    if (!header.values[i])
      continue;
    text += fmt::format("{} {}", kHeaderNames[i],
                        kShapes[static_cast<size_t>(header.values[i]->shape)]);
    for (const Reference& item : header.values[i]->items)
      text += fmt::format(" `{}` {}..{}", item.id, item.at.begin, item.at.end);
    text += '\n';
  }
  return text;
}

HeaderReadings read_header_twice(std::string_view source) {
  HeaderReadings readings;
  std::optional<py::LineError> error;
  if (const std::optional<Header> header = read_plain_header(source, error); header && !error)
    readings.lines = describe(*header);
  const py::Tree tree = py::parse_by_grammar(source);
  readings.is_python = tree.errors().empty();
  Header header;
  Diagnostics diagnostics;
  if (readings.is_python && read_tree_header(tree, kHeaderNames, FileId::none, header, diagnostics))
    readings.tree = describe(header);
  return readings;
}

}  // namespace retort::tests
