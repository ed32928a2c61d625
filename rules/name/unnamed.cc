// A constraint or an index without a name gets one that PostgreSQL makes up from the table's and
// the column's. A rename does not change it, and a way down has to guess it.
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

void check_constraint(const forms::AddConstraint& add, Visit& visit) {
  const forms::Constraint& constraint = add.constraint;
  if (!constraint.name.empty() || visit.down() ||
      constraint.kind == forms::ConstraintKind::primary_key || !constraint.using_index.empty())
    return;
  const catalog::Object* const object = made(visit, constraint);
  Diagnostic& finding = visit.report(
      constraint.at,
      object ? fmt::format("PostgreSQL will call this {} {}, and nothing else says so",
                           forms::to_string(constraint.kind), forms::quoted(object->name))
             : fmt::format("this {} has no name, and a way down has to guess it",
                           forms::to_string(constraint.kind)),
      {.variant = "constraint"});
  finding.note("give it a name");
  if (object && visit.statement().exact && !constraint.at.empty()) {
    Loc at = visit.place(constraint.at);
    at.span.end = at.span.begin;
    finding.fix({Safety::safe,
                 "give it the name that it has anyway",
                 {{at, fmt::format("CONSTRAINT {} ", forms::quoted(object->name))}}});
  }
}

void check_index(const forms::CreateIndex& index, Visit& visit) {
  if (!index.index.name.empty() || visit.down())
    return;
  const catalog::Object* object = nullptr;
  for (const auto& change : visit.facts().changes)
    if (change.after && !change.before && change.after->maybe<catalog::Index>())
      object = change.after.get();
  Diagnostic& finding =
      visit.report(index.at,
                   object ? fmt::format("PostgreSQL will call this index {}, and nothing else says "
                                        "so",
                                        forms::quoted(object->name))
                          : "this index has no name, and a way down has to guess it",
                   {.variant = "index"});
  finding.note("give it a name");
  const std::string_view sql = visit.statement().sql;
  const std::vector<pg::Token> tokens = words_of(sql);
  for (size_t i = 0; object && visit.statement().exact && i + 1 < tokens.size(); ++i)
    if (pg::same_word(text_of(sql, tokens[i]), "on")) {
      const uint32_t begin = visit.statement().at.span.begin + tokens[i].span.begin;
      finding.fix(
          {Safety::safe,
           "give it the name that it has anyway",
           {{{visit.statement().at.file, {begin, begin}}, forms::quoted(object->name) + " "}}});
      break;
    }
}

}  // namespace

const Rule name_unnamed{.name = "name/unnamed",
                        .level = Level::warning,
                        .checks = {on<check_constraint>, on<check_index>}};

}  // namespace retort::rules
