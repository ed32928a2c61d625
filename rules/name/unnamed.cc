// A constraint or an index without a name gets one that PostgreSQL makes up from the table's and
// the column's. A rename does not change it, and a way down has to guess it.
#include "linter/edits.h"
#include "rules/around.h"
#include "rules/words.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

// What the statement makes, of this kind and without a name in it.
const catalog::Object* made(const Visit& visit, const forms::Constraint& constraint) {
  for (const auto& change : visit.facts().changes) {
    const auto* const data =
        change.after && !change.before ? change.after->maybe<catalog::Constraint>() : nullptr;
    if (data && data->kind == constraint.kind &&
        data->columns.size() == std::max<size_t>(constraint.columns.size(), 1))
      return change.after.get();
  }
  return nullptr;
}

// `op.create_unique_constraint(None, …)`
std::optional<Edit> in_place_of_none(const Visit& visit, const std::string& name) {
  const LintStatement& statement = visit.statement();
  const std::optional<std::string> text = python_string(name);
  if (!is_python(statement) || statement.call.file == FileId::none || !text)
    return std::nullopt;
  const std::optional<Span> none = first_argument_none(visit.sources().text(statement.call));
  if (!none)
    return std::nullopt;
  const uint32_t begin = statement.call.span.begin;
  return Edit{{statement.call.file, {begin + none->begin, begin + none->end}}, *text};
}

void check_constraint(const forms::AddConstraint& add, Visit& visit) {
  const forms::Constraint& constraint = add.constraint;
  if (!constraint.name.empty() || visit.down() || may_be_renamed(visit) ||
      constraint.kind == forms::ConstraintKind::primary_key || !constraint.using_index.empty())
    return;
  const catalog::Object* const object = made(visit, constraint);
  Diagnostic& finding = visit.report(
      constraint.at,
      object ? fmt::format(
                   "PostgreSQL will call this {} constraint {}, and the statement does not say so",
                   forms::to_string(constraint.kind), forms::quoted(object->name))
             : fmt::format("this {} constraint has no name, and a way down has to guess it",
                           forms::to_string(constraint.kind)),
      {.variant = "constraint"});
  finding.note("give it a name");
  if (!object || constraint.at.empty())
    return;
  const uint32_t begin = constraint.at.begin;
  std::optional<Edit> edit =
      visit.statement().exact ? in_sql(visit.sources(), visit.statement(), {begin, begin},
                                       fmt::format("CONSTRAINT {} ", forms::quoted(object->name)))
                              : in_place_of_none(visit, object->name);
  if (edit)
    finding.fix({Safety::safe, "give it the name that it has anyway", {std::move(*edit)}});
}

void check_index(const forms::CreateIndex& index, Visit& visit) {
  if (!index.index.name.empty() || visit.down())
    return;
  const catalog::Object* object = nullptr;
  for (const auto& change : visit.facts().changes)
    if (change.after && !change.before && change.after->maybe<catalog::Index>())
      object = change.after.get();
  Diagnostic& finding = visit.report(
      index.at,
      object ? fmt::format("PostgreSQL will call this index {}, and the statement does "
                           "not say so",
                           forms::quoted(object->name))
             : "this index has no name, and a way down has to guess it",
      {.variant = "index"});
  finding.note("give it a name");
  const std::string_view sql = visit.statement().sql;
  const std::vector<pg::Token> tokens = words_of(sql);
  std::optional<Edit> edit;
  if (object && !visit.statement().exact)
    edit = in_place_of_none(visit, object->name);
  for (size_t i = 0; object && visit.statement().exact && !edit && i + 1 < tokens.size(); ++i)
    if (pg::same_word(text_of(sql, tokens[i]), "on")) {
      const uint32_t begin = tokens[i].span.begin;
      edit = in_sql(visit.sources(), visit.statement(), {begin, begin},
                    forms::quoted(object->name) + " ");
      break;
    }
  if (edit)
    finding.fix({Safety::safe, "give it the name that it has anyway", {std::move(*edit)}});
}

}  // namespace

const Rule name_unnamed{.name = "name/unnamed",
                        .level = Level::warning,
                        .checks = {on<check_constraint>, on<check_index>}};

}  // namespace retort::rules
