// A constraint that was made without a name is dropped by None, where Alembic raises, or by a name
// that somebody guessed and PostgreSQL did not choose.
#include "linter/edits.h"
#include "rules/around.h"
#include "rules/words.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

// The compiler has worked out the name that was not given here.
bool was_worked_out(const Visit& visit) {
  const LintStatement& statement = visit.statement();
  return statement.op == "drop_constraint" && statement.call.file != FileId::none &&
         std::any_of(visit.side().assumptions.begin(), visit.side().assumptions.end(),
                     [&](const Assumption& assumption) {
                       return assumption.at.file == statement.call.file &&
                              assumption.at.span == statement.call.span;
                     });
}

// `None`, or the string, that the call gives for the name.
std::optional<Edit> named(const Visit& visit, const std::string& written, const std::string& name) {
  const LintStatement& statement = visit.statement();
  const std::optional<std::string> text = python_string(name);
  if (!is_python(statement) || statement.call.file == FileId::none || !text)
    return std::nullopt;
  const std::string_view call = visit.sources().text(statement.call);
  std::optional<Span> at;
  if (written.empty()) {
    at = first_argument_none(call);
  } else {
    for (const char quote : {'"', '\''}) {
      const std::string wanted = fmt::format("{0}{1}{0}", quote, written);
      const size_t found = call.find(wanted);
      if (found != std::string_view::npos && call.find(wanted, found + 1) == std::string_view::npos)
        at = Span{static_cast<uint32_t>(found), static_cast<uint32_t>(found + wanted.size())};
    }
  }
  if (!at)
    return std::nullopt;
  const uint32_t begin = statement.call.span.begin;
  return Edit{{statement.call.file, {begin + at->begin, begin + at->end}}, *text};
}

// Behind DROP CONSTRAINT [IF EXISTS].
Span place_of_name(std::string_view sql) {
  const std::vector<pg::Token> tokens = words_of(sql);
  size_t i = find_words(sql, tokens, {"constraint"}) + 1;
  if (i + 1 < tokens.size() && pg::same_word(text_of(sql, tokens[i]), "if"))
    i += 2;
  return i < tokens.size() ? tokens[i].span : Span{};
}

// The one constraint of the table that this way up has made without a name.
const catalog::Object* unnamed(const Visit& visit, const forms::Name& table) {
  const catalog::Object* const owner = visit.relation(table);
  if (!owner)
    return nullptr;
  const catalog::Object* found = nullptr;
  for (const catalog::Id id : visit.before().members(owner->id, catalog::Kind::constraint)) {
    const Maker* const maker = visit.maker(id);
    if (!maker || maker->unit != &visit.unit())
      continue;
    const catalog::Object* const object = visit.object(id);
    const bool no_name =
        std::any_of(maker->statement->forms.begin(), maker->statement->forms.end(),
                    [&](const forms::Form& form) {
                      const auto* const add = std::get_if<forms::AddConstraint>(&form);
                      return add && add->constraint.name.empty() &&
                             add->constraint.kind == object->as<catalog::Constraint>().kind;
                    });
    if (!no_name)
      continue;
    if (found)
      return nullptr;
    found = object;
  }
  return found;
}

void check(const forms::DropConstraint& drop, Visit& visit) {
  if (was_worked_out(visit)) {
    Diagnostic& finding =
        visit
            .report({}, fmt::format("Alembic raises here: a constraint is dropped by its name, and "
                                    "this gives None"))
            .note(fmt::format("PostgreSQL has called it {}", forms::quoted(drop.constraint)));
    if (std::optional<Edit> edit = named(visit, "", drop.constraint))
      finding.fix({Safety::safe, "say its name", {std::move(*edit)}});
    return;
  }
  if (!visit.down() || !guesses_a_name(visit.unit(), visit.number()) || !visit.problem())
    return;
  const catalog::Object* const meant = unnamed(visit, drop.table);
  const Span at = place_of_name(visit.statement().sql);
  Diagnostic& finding = visit.report(
      at,
      meant ? fmt::format("there is no constraint {}: PostgreSQL has called it {} (42704)",
                          forms::quoted(drop.constraint), forms::quoted(meant->name))
            : fmt::format("there is no constraint {}: PostgreSQL has made up another name (42704)",
                          forms::quoted(drop.constraint)),
      {.variant = "guessed", .unknown = visit.before().opaque});
  finding.note("give it a name on the way up, and neither has to guess");
  if (!meant)
    return;
  const LintStatement& statement = visit.statement();
  std::optional<Edit> edit;
  if (!statement.exact)
    edit = named(visit, drop.constraint, meant->name);
  else if (!at.empty())
    edit = in_sql(visit.sources(), statement, at, forms::quoted(meant->name));
  if (edit)
    finding.fix({Safety::safe, "say the name that it has", {std::move(*edit)}});
}

}  // namespace

const Rule revert_unnamed_constraint{
    .name = "revert/unnamed-constraint", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
