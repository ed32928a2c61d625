// SET NOT NULL reads every row under ACCESS EXCLUSIVE, unless a valid CHECK proves that there is no
// NULL (from PostgreSQL 12 on); the facts know whether one does.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::SetNotNull& set, Visit& visit) {
  if (!visit.live(set.table))
    return;
  const catalog::Object* const table = visit.relation(set.table);
  const catalog::Column* const column = table ? table->column_named(set.column) : nullptr;
  if (column && column->not_null)
    return;
  const catalog::Id id = table ? table->id : 0;
  const std::vector<int> servers = visit.servers_where([&](const facts::Facts& facts) {
    const facts::Touched* const touched = facts.find(id);
    return !touched || touched->scanned != facts::Answer::no;
  });
  if (servers.empty())
    return;
  const std::string name = forms::quoted(set.column);
  visit
      .report(set.at,
              fmt::format("every row of {} is read while nobody else can read or write",
                          forms::to_text(set.table)),
              {.servers = servers})
      .note(fmt::format("ADD CHECK ({} IS NOT NULL) NOT VALID, VALIDATE it in a transaction of its "
                        "own, then SET NOT NULL, which believes it, and drop the CHECK",
                        name));
}

}  // namespace

const Rule lock_set_not_null{
    .name = "lock/set-not-null", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
