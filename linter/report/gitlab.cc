// Code quality: an array of issues.
#include "common/json.h"
#include "linter/report/report.h"

namespace retort {
namespace {

std::string_view severity(const Diagnostic& diagnostic) {
  switch (diagnostic.level) {
  case Level::info: return "info";
  case Level::warning: return "minor";
  case Level::error: break;
  }
  return diagnostic.rule.starts_with("revert/") ? "blocker" : "critical";
}

}  // namespace

std::string gitlab_report(const ReportInput& input) {
  JsonWriter json;
  json.begin_array();
  for (const Finding& finding : input.findings) {
    if (finding.suppressed)
      continue;
    const ReportPlace at = place_of(finding, input.sources);
    json.begin_object().text("description", full_message(finding));
    json.text("check_name", full_name(finding.diagnostic));
    json.text("fingerprint", finding.fingerprint);
    json.text("severity", severity(finding.diagnostic));
    json.key("location").begin_object().text("path", at.path.empty() ? "." : at.path);
    json.key("lines").begin_object().number("begin", at.begin.line).end_object();
    json.end_object().end_object();
  }
  return json.end_array().take();
}

}  // namespace retort
