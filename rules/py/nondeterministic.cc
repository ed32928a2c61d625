// The clock, chance, or the order of a set decides what the SQL says: every run gives another, and
// no two databases are alike.
#include "rules/rules.h"

#include <set>

namespace retort::rules {
namespace {

std::string_view cause(std::string_view assumption) {
  if (assumption.find("asks the clock") != std::string_view::npos)
    return "the clock of whoever runs this decides what the SQL says";
  if (assumption.find("is random: ") != std::string_view::npos)
    return "chance decides what the SQL says";
  if (assumption.find("order of a set is random") != std::string_view::npos)
    return "the order of a set, which changes from run to run, decides what the SQL says";
  return "";
}

// Once for each cause.
void check(RevisionVisit& visit) {
  std::set<std::string_view> told;
  for (const bool down : {false, true})
    for (const Assumption& each : (down ? visit.unit().down : visit.unit().up).assumptions) {
      const std::string_view why = cause(each.text);
      if (why.empty() || each.at.file != visit.unit().file || !told.insert(why).second)
        continue;
      visit.report(each.at.span, std::string(why))
          .note(why.find("order") != std::string_view::npos
                    ? "sort it, or write a list"
                    : "let the server say it, now() or gen_random_uuid(), or write the value down")
          .note("here: " + each.text);
    }
}

}  // namespace

const Rule py_nondeterministic{
    .name = "py/nondeterministic", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
