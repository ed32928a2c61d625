// What a reviewer who never sees the source reads before the scripts run: for a browser and for
// paper, for a pull request or a ticket, and for programs. The same account gives the same bytes.
#pragma once

#include "bundle/account.h"

#include <string>
#include <vector>

namespace retort::bundle {

// What the account does not know.
struct ReportInfo {
  std::string title;         // empty: "Database change"
  std::string change;        // the number in the system of tickets: "CHG-4711"; may be empty
  std::string chain;         // a hash over the revisions; may be empty
  std::string tool_version;  // "retort 0.1.0"
  std::vector<std::string> approvals;  // what somebody allowed for this bundle, a sentence each
  bool sign_off = true;                // lines for signatures
};

// One page for browsers: no script, nothing from outside; also well-formed XML.
std::string report_html(const Account& account, const ReportInfo& info);
// Hosts cut comments at 65,536 characters: it stays below `kMarkdownLimit` bytes, and says what it
// left out for that.
inline constexpr size_t kMarkdownLimit = 60'000;
std::string report_markdown(const Account& account, const ReportInfo& info);
// docs/schemas/report.schema.json
std::string report_json(const Account& account, const ReportInfo& info);

}  // namespace retort::bundle
