// What rules ask of the statements around one, and of names.
#pragma once

#include "rules/rules.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace retort::rules {

inline std::span<const LintStatement> earlier(const Visit& visit) {
  return std::span(visit.side().statements).first(visit.number());
}
inline std::span<const LintStatement> later(const Visit& visit) {
  return std::span(visit.side().statements).subspan(visit.number() + 1);
}

// The first form of a kind that is wanted, with its statement.
template <class F>
struct Found {
  const F* form = nullptr;
  const LintStatement* statement = nullptr;
  explicit operator bool() const { return form != nullptr; }
};
template <class F, class Wanted>
Found<F> find_form(std::span<const LintStatement> statements, Wanted&& wanted) {
  for (const LintStatement& statement : statements)
    for (const forms::Form& form : statement.forms)
      if (const F* const candidate = std::get_if<F>(&form); candidate && wanted(*candidate))
        return {candidate, &statement};
  return {};
}

// Two names that mean one relation, by the catalog as it is before the statement.
bool same_relation(const Visit& visit, const forms::Name& a, const forms::Name& b);

// The query mentions a column of this name, at its own depth.
bool mentions(const forms::Query& query, std::string_view column);
// The query reads the relation, at any depth.
bool reads(const Visit& visit, const forms::Query& query, const forms::Name& relation);
// A statement before this one has read it to write another: its rows were copied.
bool was_copied(const Visit& visit, const forms::Name& relation);

// Nobody can read or write the table: a statement before this one, in its transaction, sees to it.
bool is_locked_already(const Visit& visit, catalog::Id table);
// The same, or a statement behind it will.
bool is_locked_anyway(const Visit& visit, const catalog::Object& table);

// A constraint of an enum type is in the way, or the type itself: what the server refuses here is
// told by a rule about enums.
bool is_enum_swap(const Visit& visit, const forms::AlterColumnType& alter);
// The column's type is one that SQLAlchemy would have made with the table, and makes for no column.
const forms::TypeName* unmade_type(const Visit& visit);
bool belongs_to_enums(const Visit& visit);

// The place of an object's definition in the statement that makes it; empty when it is the whole.
Span definition_of(const LintStatement& statement, const catalog::Object& object,
                   const catalog::Catalog& catalog);

// A revision, from the one that made the table on, that can't be read whole and names it: what it
// does to the table is not known. None when there is nothing to doubt.
const Unit* doubtful(const EndVisit& visit, const catalog::Object& table);

std::string name_of(const Unit& unit);  // "`ae10`", or "this file"

// An enum type that the way up of a revision makes and its way down leaves.
bool is_type_left_behind(const RevisionVisit& visit, const Leftover& leftover);

// A way down drops a constraint by a name that the way up, which adds one to the table without a
// name, does not write.
bool guesses_a_name(const Unit& unit, size_t down_statement);

// env.py may have a naming convention that gives a constraint of the statement another name.
bool may_be_renamed(const Visit& visit);

// `None` as the first argument of the call: nothing was given for the name.
std::optional<Span> first_argument_none(std::string_view call);

// "a, b".
std::string column_list(const catalog::Object& table, const std::vector<int>& numbers);

}  // namespace retort::rules
