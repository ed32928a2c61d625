// The way up makes an enum type, often without a word, by a table that has a column of it; the way
// down drops the table and not the type. The next way up fails: it exists (42710).
#include "linter/edits.h"
#include "rules/around.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(RevisionVisit& visit) {
  const LintSide& down = visit.unit().down;
  if (visit.up_fails || !visit.failures.empty() || down.statements.empty())
    return;
  for (const Leftover& leftover : visit.leftovers) {
    if (!is_type_left_behind(visit, leftover))
      continue;
    const Maker* const maker = visit.maker(leftover.id);
    // "enum public.mood ('sad', 'happy')"
    std::string name = leftover.object.substr(5);
    name = name.substr(0, name.find(' '));
    if (name.starts_with("public."))
      name = name.substr(7);
    const size_t number = static_cast<size_t>(maker->statement - visit.unit().up.statements.data());
    Diagnostic& finding =
        visit.report(false, number,
                     fmt::format("the type {} stays behind when this is taken back: the next way "
                                 "up fails, it exists (42710)",
                                 name),
                     {.unknown = !visit.certain});
    const LintStatement& last = down.statements.back();
    finding.note(last.at, fmt::format("DROP TYPE {} is missing here", name));
    if (std::optional<Edit> edit = statement_behind(visit.sources(), last, "DROP TYPE " + name))
      finding.fix({Safety::safe, fmt::format("drop {} on the way down", name), {std::move(*edit)}});
    else if (std::optional<Fix> fix = visit.leading_back())
      finding.fix(*std::move(fix));
  }
}

}  // namespace

const Rule enum_type_left_behind{
    .name = "enum/type-left-behind", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
