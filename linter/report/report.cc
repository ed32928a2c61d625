#include "linter/report/report.h"

#include "linter/report/text.h"

#include <array>
#include <fmt/format.h>

namespace retort {

std::span<const ReportFormat> report_formats() {
  static constexpr std::array kFormats = {
      ReportFormat{"text", text_report},
      ReportFormat{"json", json_report, true, true},
      ReportFormat{"sarif", sarif_report, true, true},
      ReportFormat{"github", github_report},
      ReportFormat{"gitlab", gitlab_report, true, true},
      ReportFormat{"junit", junit_report, false, true},
      ReportFormat{"markdown", markdown_report},
      ReportFormat{"gcc", gcc_report},
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
  for (const Fix& fix : finding.diagnostic.fixes)
    for (size_t i = 0; i < fix.steps.size(); ++i) {
      const std::string_view place = place_of_step(fix, i);
      text += i == 0 ? fmt::format("; {}: ", fix.title) : "; ";
      text += fmt::format("{}{}{}", place, place.empty() ? "" : ": ", one_line(fix.steps[i].sql));
    }
  return text;
}

bool is_tool_error(const Finding& finding) {
  const std::string_view rule = finding.rule();
  return rule.starts_with("config/") || rule.starts_with("usage/") || rule.starts_with("range/") ||
         rule.starts_with("output/") ||
         (rule == "chain/broken" && finding.diagnostic.variant == "unreadable");
}

bool fails(const Finding& finding, std::optional<Level> fail_on) {
  return fail_on && !finding.suppressed && finding.diagnostic.level >= *fail_on;
}

std::string text_report(const ReportInput& input) {
  std::string text;
  LevelCounts counts{};
  size_t suppressed = 0;
  for (const Finding& finding : input.findings) {
    if (finding.suppressed) {
      ++suppressed;
      continue;
    }
    const Level level = finding.diagnostic.level;
    ++counts[static_cast<size_t>(level)];
    if (input.verbose || level != Level::info)
      append_text(text, finding.diagnostic, input.sources, input.color);
  }
  const std::string all = summary(counts);
  text += all.empty() ? "nothing found" : all;
  if (suppressed != 0)
    text += ", " + std::to_string(suppressed) + " suppressed";
  return text + "\n";
}

}  // namespace retort
