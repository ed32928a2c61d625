// A revision that asks the database what is there before it says what to do: Alembic cannot write a
// script of it, and what it does depends on where it runs.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

bool asks(std::string_view assumption) {
  return assumption.find("by the revisions before") != std::string_view::npos ||
         assumption.find("from the revisions before") != std::string_view::npos ||
         assumption.find("that of the revisions before") != std::string_view::npos ||
         assumption.find("as the revisions before") != std::string_view::npos;
}

void check(RevisionVisit& visit) {
  for (const bool down : {false, true})
    for (const Assumption& each : (down ? visit.unit().down : visit.unit().up).assumptions) {
      if (!asks(each.text) || each.at.file != visit.unit().file)
        continue;
      visit
          .report(each.at.span, "what happens here depends on the database that it runs on; "
                                "`alembic upgrade --sql` cannot write it")
          .note("here: " + each.text);
      break;
    }
}

}  // namespace

const Rule py_needs_database{
    .name = "py/needs-database", .level = Level::info, .checks = {on<check>}};

}  // namespace retort::rules
