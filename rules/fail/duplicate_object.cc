// A statement that makes what is there already.
#include "rules/long_names.h"
#include "rules/refusal.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(Visit& visit) {
  const std::optional<Refusal> found =
      refusal(visit, {"42P07", "42701", "42710", "42P06", "42723"});
  if (!found)
    return;
  for (const LongName& name : long_names(visit))
    if (name.collides)
      return;  // name/truncated
  Diagnostic& finding = report_refusal(visit, *found);
  // Who made the first one.
  const std::string& message = found->problem.message;
  const size_t open = message.find('"');
  const size_t close = open == std::string::npos ? open : message.find('"', open + 1);
  if (close == std::string::npos)
    return;
  const std::string name = message.substr(open + 1, close - open - 1);
  for (catalog::Id id = 1; id < visit.before().size(); ++id) {
    const catalog::Object* const object = visit.object(id);
    const Maker* const maker = object && object->name == name ? visit.maker(id) : nullptr;
    if (!maker)
      continue;
    finding.note(maker->statement->at,
                 maker->unit->revision.empty()
                     ? "the first one is made here"
                     : fmt::format("`{}` made the first one", maker->unit->revision));
    return;
  }
}

}  // namespace

const Rule fail_duplicate_object{
    .name = "fail/duplicate-object", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
