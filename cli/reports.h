// The formats that `retort lint` was asked for, each to its file or to standard output.
#pragma once

#include "cli/arguments.h"
#include "cli/output.h"
#include "common/run.h"
#include "linter/report/report.h"

#include <string>
#include <vector>

namespace retort {

struct Report {
  const ReportFormat* format = nullptr;
  std::string file;  // empty: standard output
};

// What `--format` says. A file that cannot be written is an error before any work is done.
Result<std::vector<Report>> read_reports(Run& run, const Arguments& arguments);

bool want_fingerprints(const std::vector<Report>& reports);

// Every file is whole or not there; false when one cannot be written.
bool write_reports(Run& run, const std::vector<Report>& reports, const ReportInput& input,
                   Output& output);

// A run that ends early says why in every format that programs read, too.
void report_early_end(Run& run, const std::vector<Report>& reports, Output& output);

}  // namespace retort
