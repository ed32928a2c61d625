// Going down drops what only the new version has written.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(RevisionVisit& visit) {
  if (!visit.unit().index || visit.unit().down.statements.empty())
    return;
  for (const auto& [number, loss] : visit.lost_down) {
    if (loss.kind != facts::Loss::Kind::table && loss.kind != facts::Loss::Kind::column)
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
