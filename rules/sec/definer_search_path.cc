// A function that runs as its owner and looks names up in the caller's search_path: who calls it
// puts a table or an operator of their own in front, and the function runs it.
#include "rules/around.h"
#include "rules/words.h"

#include <fmt/format.h>
#include <map>

namespace retort::rules {
namespace {

struct State {
  Maker made;
  Span at;
  std::string name;
  bool fixed = false;
};

// The clause stands outside of the body, which is one token.
bool sets_path(std::string_view sql) { return has_words(sql, {"set", "search_path"}); }

Span name_place(std::string_view sql, std::string_view name) { return find_word(sql, name); }

void check(EndVisit& visit) {
  std::map<std::string, State> functions;
  for (const Unit& unit : visit.units())
    for (const LintStatement& statement : unit.up.statements)
      for (const forms::Form& form : statement.forms) {
        if (const auto* const create = std::get_if<forms::CreateFunction>(&form)) {
          if (create->security_definer)
            functions[create->function.name] = {{&unit, &statement},
                                                name_place(statement.sql, create->function.name),
                                                forms::to_text(create->function),
                                                sets_path(statement.sql)};
          else
            functions.erase(create->function.name);
        } else if (const auto* const alter = std::get_if<forms::AlterFunction>(&form)) {
          const std::string& name = alter->function.name.name;
          const auto known = functions.find(name);
          if (has_words(statement.sql, {"security", "definer"}))
            functions[name] = {{&unit, &statement},
                               name_place(statement.sql, name),
                               forms::to_text(alter->function.name),
                               sets_path(statement.sql)};
          else if (has_words(statement.sql, {"security", "invoker"}))
            functions.erase(name);
          else if (known != functions.end())
            known->second.fixed |= sets_path(statement.sql);
        } else if (const auto* const drop = std::get_if<forms::Drop>(&form)) {
          if (drop->object.kind == forms::ObjectKind::function ||
              drop->object.kind == forms::ObjectKind::procedure)
            functions.erase(drop->object.name.name);
        }
      }
  for (const auto& [name, state] : functions) {
    if (state.fixed)
      continue;
    Diagnostic* const finding =
        visit.report(state.made, state.at,
                     fmt::format("{} runs as its owner, with names looked up where the caller says",
                                 state.name));
    if (!finding)
      continue;
    finding->note(fmt::format("ALTER FUNCTION {} SET search_path = pg_catalog, pg_temp, and the "
                              "schemas that it uses before pg_temp",
                              state.name));
    const LintStatement& statement = *state.made.statement;
    const std::vector<pg::Token> tokens = words_of(statement.sql);
    const size_t definer = find_words(statement.sql, tokens, {"security", "definer"});
    if (statement.exact && definer + 1 < tokens.size()) {
      const uint32_t end = statement.at.span.begin + tokens[definer + 1].span.end;
      finding->fix(
          {Safety::review,
           "fix the function's search_path",
           {{{statement.at.file, {end, end}}, " SET search_path = public, pg_catalog, pg_temp"}}});
    }
  }
}

}  // namespace

const Rule sec_definer_search_path{
    .name = "sec/definer-search-path", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
