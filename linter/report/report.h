// Findings in the formats that people and programs read. One function and one file each.
#pragma once

#include "linter/finding.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace retort {

struct ReportInput {
  std::span<const Finding> findings;  // sorted; those that are suppressed are among them
  const Sources& sources;
  std::span<const Unit> units;  // everything that was looked at
  std::optional<Level> fail_on = Level::error;
  bool color = false;
  bool verbose = false;  // text shows what is only for information, too
};

struct ReportFormat {
  std::string_view name;
  std::string (*write)(const ReportInput& input);
  bool fingerprints = false;  // it wants them
  bool for_programs = false;  // which want to know of a run that ended early, too
};
std::span<const ReportFormat> report_formats();
const ReportFormat* find_format(std::string_view name);  // none: there is no such format

std::string text_report(const ReportInput& input);
std::string json_report(const ReportInput& input);
std::string sarif_report(const ReportInput& input);
std::string github_report(const ReportInput& input);
std::string gitlab_report(const ReportInput& input);
std::string junit_report(const ReportInput& input);
std::string markdown_report(const ReportInput& input);
std::string gcc_report(const ReportInput& input);

// Where a finding is, for formats that want a line even when there is none.
struct ReportPlace {
  std::string path;  // relative to the current folder; empty: none
  Position begin, end;
};
ReportPlace place_of(const Finding& finding, const Sources& sources);
// The message with its notes, in one paragraph.
std::string full_message(const Finding& finding);
// It is about the run, not about what was looked at: a file that cannot be read, a setting.
bool is_tool_error(const Finding& finding);
bool fails(const Finding& finding, std::optional<Level> fail_on);

}  // namespace retort
