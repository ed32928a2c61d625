// SET without LOCAL outlives the transaction, and with it the revision: those that run behind it in
// the same session find another search_path or another role.
#include "linter/edits.h"
#include "rules/rules.h"

#include "common/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::Set& set, Visit& visit) {
  if (set.reset || set.name.empty() || !visit.unit().index)
    return;
  if (set.local && !visit.statement().transaction) {
    visit.report(set.at, "SET LOCAL does nothing outside of a transaction block");
    return;
  }
  constexpr std::array<std::string_view, 6> kMatters = {
      "search_path", "role", "session_authorization", "timezone", "session_replication_role",
      "row_security"};
  const std::string name = lower(set.name);
  if (set.local || std::find(kMatters.begin(), kMatters.end(), name) == kMatters.end())
    return;
  Diagnostic& finding =
      visit
          .report(set.at,
                  fmt::format("{} stays set for the revisions that run behind this one", name))
          .note(fmt::format("SET LOCAL {} ends with the transaction", name));
  if (std::optional<Edit> edit = after_word(visit.sources(), visit.statement(), "set", " LOCAL"))
    finding.fix({Safety::safe, "say SET LOCAL", {*edit}});
}

}  // namespace

const Rule txn_session_setting{
    .name = "txn/session-setting", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
