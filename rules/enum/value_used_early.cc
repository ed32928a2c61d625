// A label that ADD VALUE brings may not be used before COMMIT (55P04). The labels of a type that
// the same transaction made may: up to PostgreSQL 11, and again from 17 on.
#include "linter/edits.h"
#include "rules/around.h"
#include "rules/words.h"

#include <algorithm>
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

// The same in SQL. Behind `transaction on`, what runs CONCURRENTLY is not taken out by itself.
std::optional<std::vector<Edit>> between_marks(const Visit& visit, const LintStatement& added) {
  const std::vector<LintStatement>& all = visit.side().statements;
  const LintStatement* const next = &added + 1;
  const bool outside = std::any_of(all.begin(), all.end(),
                                   [](const LintStatement& each) { return !each.transaction; });
  if (outside || next == all.data() + all.size())
    return std::nullopt;
  std::optional<Edit> off = lines_before(visit.sources(), added, {"-- retort: transaction off"});
  std::optional<Edit> on = lines_before(visit.sources(), *next, {"-- retort: transaction on"});
  if (!off || !on)
    return std::nullopt;
  return std::vector<Edit>{std::move(*off), std::move(*on)};
}

// ADD VALUE is committed before the rest. So is what stands before it, if anything does.
std::optional<Fix> in_a_block(const Visit& visit, const LintStatement& added) {
  std::optional<std::vector<Edit>> edits =
      is_python(added) ? outside_transaction(visit.sources(), added) : between_marks(visit, added);
  if (!edits || edits->empty() || added.forms.size() != 1)
    return std::nullopt;
  const bool first = &added == earlier(visit).data();
  return Fix{first ? Safety::safe : Safety::review,
             is_python(added) ? "add the label in an autocommit block"
                              : "add the label outside of the transaction",
             std::move(*edits)};
}

// CREATE TYPE has the label from the beginning.
std::optional<Fix> in_the_type(const Visit& visit, const forms::AddEnumValue& add,
                               const LintStatement& added) {
  const auto made = find_form<forms::CreateEnum>(
      earlier(visit), [&](const auto& create) { return create.type == add.type; });
  if (!made || !add.neighbor.empty() || added.forms.size() != 1)
    return std::nullopt;
  Span last;
  for (const pg::Token& token : words_of(made.statement->sql))
    if (token.kind == pg::TokenKind::string)
      last = token.span;
  const Span written = find_string(added.sql, add.label);
  if (last.empty() || written.empty())
    return std::nullopt;
  std::optional<Edit> label =
      in_sql(visit.sources(), *made.statement, {last.end, last.end},
             fmt::format(", {}", added.sql.substr(written.begin, written.size())));
  std::optional<Edit> gone = without_statement(visit.sources(), added);
  if (!label || !gone)
    return std::nullopt;
  return Fix{Safety::safe, "make the type with the label", {std::move(*label), std::move(*gone)}};
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
          earlier(visit), [&](const forms::AddEnumValue& add) { return add.label == label; })) {
    finding.note(added.statement->at, "it is added here");
    if (std::optional<Fix> fix = own ? in_the_type(visit, *added.form, *added.statement)
                                     : in_a_block(visit, *added.statement))
      finding.fix(std::move(*fix));
  }
  if (own)
    finding.note("the type is new as well: give CREATE TYPE the label");
  else
    finding.note("add the label in a revision of its own, or in an autocommit block before");
}

}  // namespace

const Rule enum_value_used_early{
    .name = "enum/value-used-early", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
