// A label that ADD VALUE brings may not be used before COMMIT (55P04). The labels of a type that
// the same transaction made may: up to PostgreSQL 11, and again from 17 on.
#include "rules/around.h"
#include "rules/words.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

struct Use {
  const catalog::Problem* problem = nullptr;
  std::vector<int> servers;
  bool certain = true;
};

Use early_use(const Visit& visit) {
  Use use;
  for (const ServerFacts& each : visit.by_server()) {
    if (each.facts.fails && each.facts.fails->sqlstate == "55P04") {
      use.problem = &*each.facts.fails;
      use.servers.push_back(each.server);
    }
  }
  if (!use.servers.empty())
    return use;
  use.certain = false;
  for (const ServerFacts& each : visit.by_server())
    for (const std::string_view state : each.facts.may_fail)
      if (state == "55P04")
        use.servers.push_back(each.server);
  return use;
}

void check(Visit& visit) {
  const Use use = early_use(visit);
  if (use.servers.empty())
    return;
  const catalog::Object* type = nullptr;
  std::string label;
  for (const auto& [id, labels] : visit.transaction().new_labels)
    for (const std::string& each : labels)
      if (const bool meant =
              !use.problem || use.problem->message.find("\"" + each + "\"") != std::string::npos;
          meant && label.empty()) {
        type = visit.object(id);
        label = each;
      }
  const bool own = type && visit.transaction().made(type->id);
  const Span at = use.problem && !use.problem->at.empty()
                      ? use.problem->at
                      : find_string(visit.statement().sql, label);
  Diagnostic& finding = visit.report(
      at,
      use.certain ? fmt::format("the label '{}' is new in this transaction and cannot be used "
                                "before COMMIT (55P04)",
                                label)
                  : fmt::format("this may use the label '{}', which is new in this transaction "
                                "(55P04)",
                                label),
      {.variant = own ? "new-type" : std::string_view(),
       .servers = use.servers,
       .unknown = !use.certain});
  if (const auto added = find_form<forms::AddEnumValue>(
          earlier(visit), [&](const forms::AddEnumValue& add) { return add.label == label; }))
    finding.note(added.statement->at, "it is added here");
  if (own)
    finding.note("the type is new as well: give CREATE TYPE the label");
  else
    finding.note("add the label in a revision of its own, or in an autocommit block before");
}

}  // namespace

const Rule enum_value_used_early{
    .name = "enum/value-used-early", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
