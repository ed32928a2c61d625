// `file:line:column: level: message [rule]`: what editors and build logs understand.
#include "linter/report/report.h"

#include <fmt/format.h>

namespace retort {

std::string gcc_report(const ReportInput& input) {
  std::string text;
  for (const Finding& finding : input.findings) {
    if (finding.suppressed)
      continue;
    const ReportPlace at = place_of(finding, input.sources);
    const Level level = finding.diagnostic.level;
    text +=
        fmt::format("{}:{}:{}: {}: {} [{}]\n", at.path.empty() ? "retort" : at.path, at.begin.line,
                    at.begin.column, level == Level::info ? "note" : to_string(level),
                    finding.diagnostic.message, full_name(finding.diagnostic));
  }
  return text;
}

}  // namespace retort
