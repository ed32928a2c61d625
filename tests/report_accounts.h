// Accounts made by hand, for tests of reports.
#pragma once

#include "bundle/report/report.h"

#include <string_view>

namespace retort::tests {

// Three steps, as a usual ticket: an index that is built concurrently, a table that is rewritten,
// a column whose values are kept.
bundle::Account ticket_account();
// An enum label without a way back, unknown sizes, holes, long bodies, text that attacks.
bundle::Account hard_account();
// So many statements, five in each step, some of everything.
bundle::Account long_account(size_t statements);
bundle::ReportInfo report_info();

// Right-to-left override, as it is written in the sources of attacks.
inline constexpr std::string_view kOverride = "\xE2\x80\xAE";

}  // namespace retort::tests
