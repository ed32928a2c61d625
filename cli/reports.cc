#include "cli/reports.h"

#include "common/path.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <unistd.h>

namespace retort {
namespace {

// Hosts show no more of one analysis.
constexpr size_t kShownByHosts = 5'000;

bool is_file(const Report& report) { return !report.file.empty() && report.file != "-"; }

void report_unwritable(Run& run, const std::string& file, std::string_view reason) {
  run.diagnostics.report(Level::error, "output/unwritable", "", {},
                         fmt::format("{}: {}", file, reason));
}

// A file is replaced by renaming, so that its folder is what must be writable.
bool check_writable(Run& run, const std::string& file) {
  const std::string path = absolute_path(file);
  const EntryKind kind = run.disk.kind(path);
  if (kind == EntryKind::folder) {
    report_unwritable(run, file, "this is a folder");
    return false;
  }
  const bool special = kind == EntryKind::other && run.disk.exists(path);
  const std::string place = special ? path : path.substr(0, std::max<size_t>(path.rfind('/'), 1));
  if (::access(place.c_str(), W_OK) == 0)
    return true;
  report_unwritable(run, file, std::strerror(errno));
  return false;
}

}  // namespace

Result<std::vector<Report>> read_reports(Run& run, const Arguments& arguments) {
  std::vector<Report> reports;
  bool good = true;
  for (const std::string& word : arguments.reports) {
    const size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const ReportFormat* const format = find_format(name);
    if (!format) {
      std::string names;
      for (const ReportFormat& each : report_formats())
        names += fmt::format("{}{}", names.empty() ? "" : ", ", each.name);
      return run.diagnostics.fail("usage/options", "", {},
                                  fmt::format("`{}` is none of {}", name, names));
    }
    reports.push_back({format, equals == std::string::npos ? "" : word.substr(equals + 1)});
    if (is_file(reports.back()))
      good &= check_writable(run, reports.back().file);
  }
  if (reports.empty())
    reports.push_back({find_format(arguments.format == OutputFormat::json ? "json" : "text"), ""});
  if (!good)
    return run.diagnostics.failed();
  return reports;
}

bool want_fingerprints(const std::vector<Report>& reports) {
  return std::any_of(reports.begin(), reports.end(),
                     [](const Report& report) { return report.format->fingerprints; });
}

bool write_reports(Run& run, const std::vector<Report>& reports, const ReportInput& input,
                   Output& output) {
  for (const Report& report : reports) {
    ReportInput here = input;
    here.color = input.color && !is_file(report);
    if (report.format->name == "sarif" && input.findings.size() > kShownByHosts)
      run.diagnostics.report(
          Level::warning, "output/limit", "", {},
          fmt::format("{} results: hosts show {} of a SARIF file, which has errors first",
                      input.findings.size(), kShownByHosts));
    const std::string text = report.format->write(here);
    if (!is_file(report)) {
      output.write(text);
    } else if (const DiskResult<Nothing> done = write_file(report.file, text); !done) {
      report_unwritable(run, report.file, done.error().reason);
      return false;
    }
  }
  return true;
}

void report_early_end(Run& run, const std::vector<Report>& reports, Output& output) {
  std::vector<Finding> findings;
  for (const Diagnostic& diagnostic : run.diagnostics.all())
    if (diagnostic.level != Level::info)
      findings.emplace_back().diagnostic = diagnostic;
  set_fingerprints(findings, run.sources);
  std::vector<Report> wanted = reports;
  std::erase_if(wanted, [](const Report& report) { return !report.format->for_programs; });
  (void)write_reports(run, wanted, {.findings = findings, .sources = run.sources, .units = {}},
                      output);
}

}  // namespace retort
