// DISABLE TRIGGER ALL, and session_replication_role = replica, switch the triggers of foreign keys
// off as well: rows that break them come in, and nothing looks at them again.
#include "rules/around.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check_table(const forms::AlterTableSetting& setting, Visit& visit) {
  if (setting.action != "disable-trig-all" || !visit.live(setting.table))
    return;
  const auto again =
      find_form<forms::AlterTableSetting>(later(visit), [&](const forms::AlterTableSetting& other) {
        return other.action == "enable-trig-all" &&
               same_relation(visit, other.table, setting.table);
      });
  const std::string table = forms::to_text(setting.table);
  Diagnostic& finding = visit.report(
      setting.at,
      again ? fmt::format("foreign keys of {} are not looked at until its triggers are on again",
                          table)
            : fmt::format("foreign keys of {} are not looked at from now on: its triggers stay off",
                          table),
      {.level = again ? std::optional(Level::warning) : std::nullopt});
  if (again)
    finding.note(again.statement->at, "they are on again here; what came in between is not tested");
  finding.note("DISABLE TRIGGER USER leaves foreign keys alone");
}

void check_role(const forms::Set& set, Visit& visit) {
  if (set.reset || lower(set.name) != "session_replication_role" || set.values.empty() ||
      lower(set.values.front()) != "replica")
    return;
  const auto again = find_form<forms::Set>(later(visit), [](const forms::Set& other) {
    return lower(other.name) == "session_replication_role" &&
           (other.reset || other.values.empty() || lower(other.values.front()) != "replica");
  });
  const bool ends = again || set.local;
  visit
      .report(set.at,
              ends ? "foreign keys of all tables are not looked at while this is set"
                   : "foreign keys of all tables are not looked at from now on, also by the "
                     "revisions that run behind this one",
              {.level = ends ? std::optional(Level::warning) : std::nullopt})
      .note("put rows in the order of their keys, or make the keys DEFERRABLE");
}

}  // namespace

const Rule data_triggers_disabled{.name = "data/triggers-disabled",
                                  .level = Level::error,
                                  .checks = {on<check_table>, on<check_role>}};

}  // namespace retort::rules
