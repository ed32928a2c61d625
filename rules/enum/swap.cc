// An enum is replaced by another: rename the old, make the new, cast the columns, drop the old.
// What stands on the column stops the cast: its default (42804), a check or an index that compares
// it with a label (42883), a view (0A000). What is of the type elsewhere stops the drop (2BP01).
#include "rules/around.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using catalog::TypeData;

void report_refusal(Visit& visit) {
  if (!belongs_to_enums(visit) || unmade_type(visit))
    return;
  for (const ServerFacts& each : visit.by_server()) {
    if (!each.facts.fails)
      continue;
    const catalog::Problem& problem = *each.facts.fails;
    const bool cast = problem.message.starts_with("column ");
    const bool fallback = problem.message.starts_with("default ");
    Diagnostic& finding = visit.report(
        problem.at,
        fmt::format("the swap of the enum stops here: {} ({})", problem.message, problem.sqlstate),
        {.unknown = visit.before().opaque});
    if (!problem.detail.empty())
      finding.note(problem.detail);
    if (visit.before().opaque)
      finding.note("as far as is known: a revision before could not be read whole");
    if (problem.sqlstate == "2BP01")
      finding.note("cast every column of the old type before it is dropped");
    else if (fallback)
      finding.note("drop the column's default before the cast and set it again after");
    else if (cast && problem.sqlstate == "42804")
      finding.note("say how: USING column::text::new_type");
    else if (problem.sqlstate == "42883")
      finding.note("drop the check or the index that compares the column with a label before the "
                   "cast, and make it again after");
    else
      finding.note("drop the view before the cast and make it again after");
    return;
  }
}

// Labels that the new type does not have.
void check_labels(const forms::AlterColumnType& alter, Visit& visit) {
  if (visit.down() || !is_enum_swap(visit, alter) || !visit.live(alter.table))
    return;
  const catalog::Object& table = *visit.relation(alter.table);
  const auto& old = visit.object(table.column_named(alter.column)->type.object)->as<TypeData>();
  const auto& wanted = visit.type({alter.type.schema, alter.type.name, {}})->as<TypeData>();
  std::vector<std::string> gone;
  for (const std::string& label : old.labels)
    if (std::find(wanted.labels.begin(), wanted.labels.end(), label) == wanted.labels.end() &&
        // USING may say what becomes of it.
        std::none_of(alter.using_.literals.begin(), alter.using_.literals.end(),
                     [&](const auto& literal) { return literal.text == label; }))
      gone.push_back(fmt::format("'{}'", label));
  if (gone.empty())
    return;
  const auto cleans = [&](const auto& form) {
    return same_relation(visit, form.table, alter.table);
  };
  if (find_form<forms::Update>(earlier(visit),
                               [&](const forms::Update& update) {
                                 return cleans(update) &&
                                        std::find(update.columns.begin(), update.columns.end(),
                                                  alter.column) != update.columns.end();
                               }) ||
      find_form<forms::Delete>(earlier(visit), cleans))
    return;
  visit
      .report(alter.at,
              fmt::format("rows of {} that hold {} stop the cast (22P02)",
                          forms::to_text(alter.table), join(gone, " or ")),
              {.variant = "removal", .level = Level::warning})
      .note(fmt::format("give such rows another label first: UPDATE {} SET {} = …",
                        forms::to_text(alter.table), forms::quoted(alter.column)));
}

}  // namespace

const Rule enum_swap{
    .name = "enum/swap", .level = Level::error, .checks = {on<report_refusal>, on<check_labels>}};

}  // namespace retort::rules
