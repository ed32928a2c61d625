// A comment on a pull request: a table, and what to do below it.
#include "common/text.h"
#include "common/utf8.h"
#include "linter/report/report.h"
#include "linter/report/text.h"

#include <fmt/format.h>

namespace retort {
namespace {

// Hosts cut comments at 65,536 characters.
constexpr size_t kLongest = 60'000;

std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '<' || c == '\\')
      result += '\\';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return utf8::replaced(result);
}

}  // namespace

std::string markdown_report(const ReportInput& input) {
  std::vector<Diagnostic> shown;
  std::vector<const Finding*> rows;
  for (const Finding& finding : input.findings)
    if (!finding.suppressed) {
      shown.push_back(finding.diagnostic);
      rows.push_back(&finding);
    }
  if (rows.empty())
    return "**retort**: nothing found\n";
  std::string text = fmt::format(
      "**retort**: {}\n\n| | place | rule | finding |\n|---|---|---|---|\n", summary(shown));
  for (size_t i = 0; i < rows.size(); ++i) {
    const ReportPlace at = place_of(*rows[i], input.sources);
    const std::string row =
        fmt::format("| {} | {} | `{}` | {} |\n", to_string(rows[i]->diagnostic.level),
                    at.path.empty() ? "" : fmt::format("{}:{}", cell(at.path), at.begin.line),
                    full_name(rows[i]->diagnostic), cell(full_message(*rows[i])));
    if (text.size() + row.size() > kLongest) {
      text += fmt::format("\n…and {} more.\n", rows.size() - i);
      break;
    }
    text += row;
  }
  return text;
}

}  // namespace retort
