// A way down that runs and does not lead back: the catalog before the way up and the one after the
// way down are compared, object by object.
#include "rules/around.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

// What stands in the parentheses of `enum mood (sad, happy)`.
std::vector<std::string_view> labels(std::string_view line) {
  std::vector<std::string_view> all;
  line = line.substr(std::min(line.find('(') + 1, line.size()));
  if (line.ends_with(')'))
    line.remove_suffix(1);
  while (!line.empty()) {
    const size_t end = std::min(line.find(", "), line.size());
    all.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 2, line.size()));
  }
  return all;
}

// Labels cannot be taken from an enum, so that those which stay are nobody's mistake: all that were
// there are there, in their order.
bool keeps_labels(const Leftover& leftover) {
  if (!leftover.object.starts_with("enum ") || leftover.lost.size() != 1 ||
      leftover.left.size() != 1)
    return false;
  const std::vector<std::string_view> before = labels(leftover.lost[0]);
  size_t found = 0;
  for (const std::string_view label : labels(leftover.left[0]))
    found += found < before.size() && label == before[found];
  return found == before.size();
}

// The way up drops something of this name that the chain has not made: it is not left behind but
// made anew.
bool is_made_anew(const RevisionVisit& visit, const Leftover& leftover) {
  return leftover.whole && leftover.lost.empty() &&
         find_form<forms::Drop>(visit.unit().up.statements, [&](const forms::Drop& drop) {
           const std::string name = forms::to_text(drop.object.name);
           return leftover.object.ends_with(" " + name) ||
                  (drop.object.name.schema.empty() && leftover.object.ends_with("." + name));
         });
}

std::string lines(const std::vector<std::string>& all) {
  constexpr size_t kMost = 4;
  std::vector<std::string> shown(all.begin(), all.begin() + std::min(all.size(), kMost));
  std::string text = join(shown, "; ");
  if (all.size() > kMost)
    text += fmt::format("; and {} more", all.size() - kMost);
  return text;
}

std::string message(const Leftover& leftover, bool certain) {
  const std::string& object = leftover.object;
  const std::string_view leaves = certain ? "leaves" : "may leave";
  const std::string_view does_not = certain ? "does not" : "may not";
  if (leftover.whole)
    return leftover.left.empty() ? fmt::format("going down {} bring back {}", does_not, object)
                                 : fmt::format("going down {} {} behind", leaves, object);
  if (leftover.left.empty())
    return fmt::format("going down {} restore everything of {}: {}", does_not, object,
                       lines(leftover.lost));
  if (leftover.lost.empty())
    return fmt::format("going down {} something behind of {}: {}", leaves, object,
                       lines(leftover.left));
  return fmt::format("going down {} lead back to the same {}", does_not, object);
}

std::string statements(const WayBack& missing) {
  std::vector<std::string> all;
  for (const BackStep& step : missing.steps)
    all.push_back(step.sql);
  return lines(all);
}

// Nobody is hurt by that: what keeps to a constraint today kept to it before.
void report_validated(RevisionVisit& visit) {
  for (const std::string& constraint : visit.validated)
    visit
        .report(true, std::nullopt, fmt::format("going down leaves {} validated", constraint),
                {.variant = "validated", .level = Level::info})
        .note("nothing takes that back, and nothing need: the old version keeps to it as well");
}

void check(RevisionVisit& visit) {
  if (!visit.whole || visit.up_fails || !visit.failures.empty())
    return;
  report_validated(visit);
  if (visit.unit().down.statements.empty())
    return;
  for (const Leftover& leftover : visit.leftovers) {
    if (is_type_left_behind(visit, leftover))
      continue;  // enum/type-left-behind
    if (is_made_anew(visit, leftover))
      continue;
    if (keeps_labels(leftover)) {
      visit
          .report(true, std::nullopt,
                  fmt::format("going down leaves the new labels of {}", leftover.object),
                  {.variant = "keeps-value", .level = Level::info})
          .note("PostgreSQL cannot drop a label: make a new type and swap the two, or accept it");
      continue;
    }
    const bool both = !leftover.whole && !leftover.lost.empty() && !leftover.left.empty();
    Diagnostic& finding = visit.report(true, std::nullopt, message(leftover, visit.certain),
                                       {.unknown = !visit.certain});
    if (!visit.certain)
      finding.note("not all that an earlier revision does is known");
    if (both)
      finding.note("before: " + lines(leftover.lost)).note("after: " + lines(leftover.left));
    if (visit.missing)
      finding.note("missing: " + statements(*visit.missing));
    if (std::optional<Fix> fix = visit.leading_back())
      finding.fix(*std::move(fix));
  }
}

}  // namespace

const Rule revert_not_inverse{
    .name = "revert/not-inverse", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
