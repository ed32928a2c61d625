// A function that runs as its owner and looks names up in the caller's search_path: who calls it
// puts a table or an operator of their own in front, and the function runs it.
#include "linter/edits.h"
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

// Any statement about the view says `security_invoker`, and not that it is off.
bool is_invokers(const EndVisit& visit, const catalog::Object& view) {
  bool invoker = false;
  for (const Unit& unit : visit.units())
    for (const LintStatement& statement : unit.up.statements)
      for (const forms::Form& form : statement.forms) {
        const auto* const create = std::get_if<forms::CreateView>(&form);
        const auto* const alter = std::get_if<forms::AlterTableSetting>(&form);
        if ((create && create->view.name == view.name) || (alter && alter->table.name == view.name))
          invoker |= has_words(statement.sql, {"security_invoker"}) &&
                     !has_words(statement.sql, {"security_invoker", "=", "false"}) &&
                     !has_words(statement.sql, {"security_invoker", "=", "off"});
      }
  return invoker;
}

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

// A view reads as its owner, whom row security does not hold back, unless it is told to read as
// whoever asks.
void check_views(EndVisit& visit) {
  constexpr int kFirstInvoker = 15;
  const catalog::Catalog& catalog = visit.catalog();
  if (visit.settings().servers.front() < kFirstInvoker || catalog.opaque)
    return;
  for (catalog::Id id = 1; id < catalog.size(); ++id) {
    const catalog::Object* const view = catalog.get(id);
    const Maker* const maker = visit.maker(id);
    if (!view || view->kind != catalog::Kind::view || !maker || is_invokers(visit, *view))
      continue;
    const catalog::Object* secured = nullptr;
    for (const catalog::Need& need : view->needs) {
      const catalog::Object* const object = catalog.get(need.object);
      const auto* const table = object ? object->maybe<catalog::Table>() : nullptr;
      if (table && object->kind == catalog::Kind::table && table->row_security)
        secured = object;
    }
    if (!secured)
      continue;
    const std::string_view sql = maker->statement->sql;
    Diagnostic* const finding = visit.report(
        id, find_word(sql, view->name),
        fmt::format("whoever reads {} sees what its owner sees of {}, past its row security",
                    visit.name_of(*view), visit.name_of(*secured)),
        {.variant = "view", .level = Level::info});
    if (!finding)
      continue;
    finding->note(fmt::format("if that is not meant: ALTER VIEW {} SET (security_invoker = true)",
                              visit.name_of(*view)));
    const Span as = find_word(sql, "as");
    if (as.empty() || has_words(sql.substr(0, as.begin), {"with"}))
      continue;
    if (std::optional<Edit> edit = in_sql(visit.sources(), *maker->statement, {as.begin, as.begin},
                                          "WITH (security_invoker = true) "))
      finding->fix({Safety::review, "read as whoever asks", {std::move(*edit)}});
  }
}

}  // namespace

const Rule sec_definer_search_path{.name = "sec/definer-search-path",
                                   .level = Level::warning,
                                   .checks = {on<check>, on<check_views>}};

}  // namespace retort::rules
