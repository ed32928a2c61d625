#include "rules/refusal.h"

#include "rules/around.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::rules {
namespace {

constexpr std::array<std::string_view, 7> kMissing = {"42P01", "42703", "42704", "3F000",
                                                      "42883", "3D000", "42P02"};
constexpr std::array<std::string_view, 6> kDuplicate = {"42P07", "42701", "42710",
                                                        "42P06", "42723", "42712"};
// Of other rules: 25001 txn/forbidden, 55P04 enum/value-used-early, 55006 txn/pending-triggers.
constexpr std::array<std::string_view, 3> kElsewhere = {"25001", "55P04", "55006"};

template <class List>
bool has(const List& list, std::string_view sqlstate) {
  return std::find(list.begin(), list.end(), sqlstate) != list.end();
}

std::optional<Refusal> find(Visit& visit, const std::function<bool(std::string_view)>& wanted) {
  // What a way down cannot do is `revert/fails`, whatever the reason.
  if (visit.down())
    return std::nullopt;
  Refusal result;
  bool found = false;
  if (belongs_to_enums(visit))
    return std::nullopt;
  for (const ServerFacts& each : visit.by_server()) {
    const std::optional<catalog::Problem>& problem = each.facts.fails;
    if (!problem || !wanted(problem->sqlstate))
      continue;
    if (!found)
      result.problem = *problem;
    found = true;
    result.servers.push_back(each.server);
  }
  return found ? std::optional(result) : std::nullopt;
}

}  // namespace

std::optional<Refusal> refusal(Visit& visit, std::initializer_list<std::string_view> sqlstates) {
  return find(visit, [&](std::string_view state) { return has(sqlstates, state); });
}

std::optional<Refusal> other_refusal(Visit& visit) {
  return find(visit, [](std::string_view state) {
    return !has(kMissing, state) && !has(kDuplicate, state) && !has(kElsewhere, state) &&
           state != "2BP01" && state != "0A000" && state != "42601";
  });
}

Diagnostic& report_refusal(Visit& visit, const Refusal& refusal, std::string_view variant) {
  // What a hole or a DO block may have changed before, nobody knows.
  const bool opaque = visit.before().opaque;
  Diagnostic& finding = visit.report(
      refusal.problem.at,
      fmt::format("the server {} this: {} ({})", opaque ? "would seem to refuse" : "refuses",
                  refusal.problem.message, refusal.problem.sqlstate),
      {.variant = variant, .servers = refusal.servers, .unknown = opaque});
  if (opaque)
    finding.note("something before it cannot be known, so that this is not certain");
  if (!refusal.problem.detail.empty())
    finding.note(refusal.problem.detail);
  return finding;
}

}  // namespace retort::rules
