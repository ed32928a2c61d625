#include "rules/steps.h"

#include "rules/around.h"
#include "rules/words.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

std::string validate(const forms::Name& table, const std::string& name) {
  return fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", forms::to_text(table),
                     forms::quoted(name));
}

// The place of a column's constraint reaches over the clauses that follow it. Where its own clause
// ends: behind the parenthesis of a CHECK, or with the column where it is the only one. 0 when that
// is not certain.
uint32_t end_of_clause(std::string_view sql, const forms::Column& column,
                       const forms::Constraint& constraint) {
  if (constraint.kind != forms::ConstraintKind::check) {
    const bool alone = column.constraints.size() == 1 && !column.not_null && !column.null &&
                       !column.fallback && !column.generated &&
                       column.identity == forms::Identity::none && column.collation->name.empty();
    return alone ? constraint.at.end : 0;
  }
  int depth = 0;
  for (const pg::Token& token : words_of(sql)) {
    if (token.span.begin < constraint.at.begin)
      continue;
    depth += token.kind == pg::TokenKind::open ? 1 : token.kind == pg::TokenKind::close ? -1 : 0;
    if (depth == 0 && token.kind == pg::TokenKind::close)
      return constraint.no_inherit ? 0 : token.span.end;
  }
  return 0;
}

constexpr std::string_view kTitle = "add it NOT VALID, and validate it once that is committed";

}  // namespace

std::string name_of_constraint(const Visit& visit, const forms::Constraint& constraint,
                               const forms::Name& table) {
  if (!constraint.name.empty())
    return catalog::cut_name(constraint.name);
  const catalog::Object* const owner = visit.relation(table);
  std::string name;
  for (const catalog::Catalog::Change& change : visit.facts().changes) {
    const auto* const made =
        change.after && !change.before ? change.after->maybe<catalog::Constraint>() : nullptr;
    if (!made || made->kind != constraint.kind || (owner && change.after->table != owner->id))
      continue;
    if (!name.empty())
      return {};  // one of several
    name = change.after->name;
  }
  return name;
}

std::string with_names(const Visit& visit, std::string_view title) {
  return std::string(title) +
         (may_be_renamed(visit) ? "; its name follows a convention that could not be read" : "");
}

std::optional<Fix> validated_later(const Visit& visit, const forms::AddConstraint& add) {
  const forms::Constraint& constraint = add.constraint;
  const std::string name = name_of_constraint(visit, constraint, add.table);
  std::string sql = visit.statement().sql;
  const std::vector<forms::Form>& all = visit.statement().forms;
  const auto constraints = std::count_if(all.begin(), all.end(), [](const forms::Form& form) {
    return std::holds_alternative<forms::AddConstraint>(form);
  });
  if (constraints != 1 || visit.down() || name.empty() || constraint.at.empty() ||
      constraint.at.end > sql.size())
    return std::nullopt;
  sql.insert(constraint.at.end, " NOT VALID");
  if (constraint.name.empty())
    sql.insert(constraint.at.begin, fmt::format("CONSTRAINT {} ", forms::quoted(name)));
  return Fix{Safety::review,
             with_names(visit, kTitle),
             {},
             {{.sql = std::move(sql)}, {.sql = validate(add.table, name)}}};
}

std::optional<Fix> validated_later(const Visit& visit, const forms::AddColumn& add,
                                   const forms::Constraint& constraint) {
  const std::string name = name_of_constraint(visit, constraint, add.table);
  std::string sql = visit.statement().sql;
  if (visit.down() || name.empty() || constraint.at.empty() || constraint.at.end > sql.size() ||
      visit.statement().forms.size() != 1)
    return std::nullopt;
  const uint32_t end = end_of_clause(sql, add.column, constraint);
  if (end <= constraint.at.begin)
    return std::nullopt;
  std::string text(trim(sql.substr(constraint.at.begin, end - constraint.at.begin)));
  sql.erase(constraint.at.begin, end - constraint.at.begin);
  // A name that stands before it goes along.
  std::string head(trim(std::string_view(sql).substr(0, constraint.at.begin)));
  const std::string_view tail = trim(std::string_view(sql).substr(constraint.at.begin));
  if (lower(text).starts_with("constraint ")) {
    text = text.substr(text.find_first_of(" \t\n") + 1);
    text = trim(text);
    const std::string written = forms::quoted(constraint.name);
    if (!text.starts_with(written))
      return std::nullopt;
    text = trim(text.substr(written.size()));
  } else if (!constraint.name.empty()) {
    const std::string named = "constraint " + lower(forms::quoted(constraint.name));
    if (!lower(head).ends_with(named))
      return std::nullopt;
    head.resize(head.size() - named.size());
    head = trim(head);
  }
  sql = head + (tail.empty() ? "" : " ") + std::string(tail);
  if (constraint.kind == forms::ConstraintKind::foreign_key)
    text = fmt::format("FOREIGN KEY ({}) {}", forms::quoted(add.column.name), text);
  return Fix{Safety::review,
             with_names(visit,
                        "add the column without it, then the constraint NOT VALID, and validate it "
                        "once that is committed"),
             {},
             {{.sql = fmt::format("{};\nALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID", sql,
                                  forms::to_text(add.table), forms::quoted(name), text)},
              {.sql = validate(add.table, name)}}};
}

}  // namespace retort::rules
