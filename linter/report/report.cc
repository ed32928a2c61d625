#include "linter/report/report.h"

#include "linter/report/text.h"

#include <array>

namespace retort {

std::span<const ReportFormat> report_formats() {
  static constexpr std::array kFormats = {
      ReportFormat{"text", text_report},           ReportFormat{"json", json_report, true},
      ReportFormat{"sarif", sarif_report, true},   ReportFormat{"github", github_report},
      ReportFormat{"gitlab", gitlab_report, true}, ReportFormat{"junit", junit_report},
      ReportFormat{"markdown", markdown_report},   ReportFormat{"gcc", gcc_report},
  };
  return kFormats;
}

const ReportFormat* find_format(std::string_view name) {
  for (const ReportFormat& format : report_formats())
    if (format.name == name)
      return &format;
  return nullptr;
}

ReportPlace place_of(const Finding& finding, const Sources& sources) {
  const Loc at = sources.origin(finding.diagnostic.at);
  if (at.file == FileId::none || sources.is_argument(at.file))
    return {};
  ReportPlace place{std::string(sources.path(at.file)), {}, {}};
  if (!sources.has_text(at.file))
    return place;
  place.begin = sources.position(at.file, at.span.begin);
  place.end = sources.position(at.file, at.span.end);
  return place;
}

std::string full_message(const Finding& finding) {
  std::string text = finding.diagnostic.message;
  for (const Note& note : finding.diagnostic.notes)
    text += "; " + note.text;
  return text;
}

bool fails(const Finding& finding, std::optional<Level> fail_on) {
  return fail_on && !finding.suppressed && finding.diagnostic.level >= *fail_on;
}

std::string text_report(const ReportInput& input) {
  std::vector<Diagnostic> shown;
  size_t suppressed = 0;
  for (const Finding& finding : input.findings) {
    if (finding.suppressed)
      ++suppressed;
    else
      shown.push_back(finding.diagnostic);
  }
  const std::string counts = summary(shown);
  if (!input.verbose)
    std::erase_if(shown, [](const Diagnostic& each) { return each.level == Level::info; });
  std::string text = to_text(shown, input.sources, input.color);
  text += counts.empty() ? "nothing found" : counts;
  if (suppressed != 0)
    text += ", " + std::to_string(suppressed) + " suppressed";
  return text + "\n";
}

}  // namespace retort
