// Commands that write a table anew, all under ACCESS EXCLUSIVE.
#include "rules/rules.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check_setting(const forms::AlterTableSetting& set, Visit& visit) {
  if (!visit.live(set.table))
    return;
  const catalog::Object* const table = visit.relation(set.table);
  const auto writes = [&](const facts::Facts& facts) {
    const facts::Touched* found = table ? facts.find(table->id) : nullptr;
    if (!found && !facts.touched.empty())
      found = &facts.touched.front();
    return found && found->rewritten != facts::Answer::no;
  };
  const std::vector<int> servers = visit.servers_where(writes);
  if (servers.empty())
    return;
  std::string_view variant;
  if (set.action.find("logged") != std::string::npos)
    variant = "logged";
  else if (set.action.find("access-method") != std::string::npos)
    variant = "access-method";
  else if (set.action.find("space") != std::string::npos)
    variant = "tablespace";
  visit
      .report(set.at,
              fmt::format("{} is written anew while nobody can read or write it",
                          forms::to_text(set.table)),
              {.variant = variant, .servers = servers})
      .note("there is no concurrent form: plan a window");
}

void check_command(const forms::Harmless& command, Visit& visit) {
  const bool vacuum = command.action == "vacuum full";
  if ((!vacuum && command.action != "cluster") || command.table.name.empty() ||
      !visit.live(command.table))
    return;
  visit
      .report(command.at, fmt::format("{} is written anew while nobody can read or write it",
                                      forms::to_text(command.table)))
      .note(vacuum ? "a plain VACUUM blocks nobody" : "there is no concurrent form: plan a window");
}

}  // namespace

const Rule lock_rewriting_command{.name = "lock/rewriting-command",
                                  .level = Level::error,
                                  .checks = {on<check_setting>, on<check_command>}};

}  // namespace retort::rules
