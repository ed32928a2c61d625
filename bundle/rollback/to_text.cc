#include "bundle/rollback/rollback.h"

#include <fmt/format.h>

namespace retort::rollback {
namespace {

void add_list(std::string& text, std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty())
    return;
  text += fmt::format("  {}\n", title);
  for (const std::string& line : lines) {
    std::string indented = line;
    for (size_t at = indented.find('\n'); at != std::string::npos; at = indented.find('\n', at + 7))
      indented.insert(at + 1, "      ");
    text += fmt::format("    {}\n", indented);
  }
}

}  // namespace

std::string to_text(const RevisionWayBack& way, const Sources& sources, bool verbose) {
  std::string text = fmt::format("{}: {}\n", way.id, to_string(way.worst));
  if (!way.reason.empty())
    text += fmt::format("  {}\n", way.reason);
  for (const StatementWayBack& statement : way.statements) {
    const Position at = sources.position(statement.at.file, statement.at.span.begin);
    text += fmt::format("  {}:{} {}{}{}\n", sources.path(statement.at.file), at.line,
                        to_string(statement.kind), statement.reason.empty() ? "" : ": ",
                        statement.reason);
  }
  add_list(text, "lost", way.lost);
  add_list(text, "notes", way.notes);
  add_list(text, "assumes", way.assumptions);
  if (way.replaces && way.proposed.empty())
    text += "  instead of the downgrade\n    nothing\n";
  add_list(text, way.replaces ? "instead of the downgrade" : "behind the downgrade", way.proposed);
  if (way.time)
    text += fmt::format("  time {}\n", statistics::text_of(*way.time));
  if (!verbose)
    return text;
  add_list(text, "keep", way.keep);
  add_list(text, "seal", way.seal);
  add_list(text, "look", way.look);
  add_list(text, "put back", way.put_back);
  add_list(text, "clean up", way.clean_up);
  return text;
}

}  // namespace retort::rollback
