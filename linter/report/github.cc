// Workflow commands: annotations at the lines of a pull request.
#include "common/utf8.h"
#include "linter/report/report.h"

#include <fmt/format.h>

namespace retort {
namespace {

std::string escaped(std::string_view text, bool property) {
  std::string result;
  for (const char c : text) {
    if (c == '%' || c == '\n' || c == '\r' || (property && (c == ':' || c == ',')))
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      result += c;
  }
  return utf8::replaced(result);
}

}  // namespace

std::string github_report(const ReportInput& input) {
  std::string text;
  for (const Finding& finding : input.findings) {
    if (finding.suppressed)
      continue;
    const ReportPlace at = place_of(finding, input.sources);
    const Level level = finding.diagnostic.level;
    std::string where;
    if (!at.path.empty())
      where = fmt::format("file={},line={},endLine={},col={},endColumn={},", escaped(at.path, true),
                          at.begin.line, at.end.line, at.begin.column, at.end.column);
    text += fmt::format("::{} {}title={}::{}\n", level == Level::info ? "notice" : to_string(level),
                        where, escaped(full_name(finding.diagnostic), true),
                        escaped(full_message(finding), false));
  }
  return text;
}

}  // namespace retort
