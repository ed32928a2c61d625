// Going down drops what only the new version has written.
#include "rules/around.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

// The way down has written the column's values to another one before.
bool was_moved(std::span<const LintStatement> before, const LintStatement& statement) {
  return std::any_of(statement.forms.begin(), statement.forms.end(), [&](const forms::Form& form) {
    const auto* const drop = std::get_if<forms::DropColumn>(&form);
    return drop && find_form<forms::Update>(before, [&](const forms::Update& update) {
             return update.table.name == drop->table.name && mentions(update.query, drop->column);
           });
  });
}

void check(RevisionVisit& visit) {
  if (!visit.unit().index || visit.unit().down.statements.empty())
    return;
  const std::span<const LintStatement> down = visit.unit().down.statements;
  for (const auto& [number, loss] : visit.lost_down) {
    if (loss.kind != facts::Loss::Kind::table &&
        (loss.kind != facts::Loss::Kind::column || was_moved(down.first(number), down[number])))
      continue;
    visit.report(true, number, fmt::format("going down loses {}", loss.what))
        .note("keep what the new version has written: pg_dump the table first");
    return;
  }
}

}  // namespace

const Rule revert_loses_data{
    .name = "revert/loses-data", .level = Level::info, .checks = {on<check>}};

}  // namespace retort::rules
