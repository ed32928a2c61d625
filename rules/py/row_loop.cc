// One statement for each row that was read: as many round trips as there are rows, all in one
// transaction, and nobody knows how many.
#include "linter/row_use.h"
#include "rules/rules.h"

namespace retort::rules {
namespace {

void check(RevisionVisit& visit) {
  if (!visit.unit().index || (*visit.chain())[*visit.unit().index].format != Format::python)
    return;
  for (const RowLoop& each : row_use(visit.source()).loops)
    visit.report(each.loop, "this runs a statement for each row, one after the other")
        .note({visit.unit().file, each.call}, "this one")
        .note("one statement over all rows, UPDATE … FROM or INSERT … SELECT, does it at once; "
              "what only Python can work out goes in batches, with a list of parameters");
}

}  // namespace

const Rule py_row_loop{.name = "py/row-loop", .level = Level::info, .checks = {on<check>}};

}  // namespace retort::rules
