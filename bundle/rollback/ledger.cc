#include "bundle/rollback/ledger.h"

#include "common/text.h"
#include "compiler/catalog/apply.h"
#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::rollback {

using catalog::Id;
using catalog::Kind;
using catalog::Object;

namespace {

std::vector<std::string> words_of(std::string_view sql) {
  std::vector<std::string> words;
  pg::Lexer lexer(sql, {0, static_cast<uint32_t>(sql.size())});
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next()) {
    if (token.kind == pg::TokenKind::comment || token.kind == pg::TokenKind::semicolon)
      continue;
    const std::string_view text = lexer.text(token);
    const bool plain_name = token.kind == pg::TokenKind::name && text.front() == '"' &&
                            forms::quoted(text.substr(1, text.size() - 2))[0] != '"';
    words.push_back(plain_name ? std::string(text.substr(1, text.size() - 2))
                    : token.kind == pg::TokenKind::word ? lower(text)
                                                        : std::string(text));
  }
  return words;
}

void leave_out(std::vector<std::string>& words, std::initializer_list<std::string_view> phrase) {
  for (size_t i = 0; i + phrase.size() <= words.size(); ++i)
    if (std::equal(phrase.begin(), phrase.end(), words.begin() + static_cast<ptrdiff_t>(i))) {
      const auto begin = words.begin() + static_cast<ptrdiff_t>(i);
      words.erase(begin, begin + static_cast<ptrdiff_t>(phrase.size()));
      return;
    }
}

// Of these the catalog has the shape, or the name alone.
bool is_told_by_its_text(const Object& object) {
  constexpr std::array kModelled = {
      Kind::schema,     Kind::column_default, Kind::domain_constraint,
      Kind::constraint, Kind::sequence,       Kind::publication_table};
  return std::find(kModelled.begin(), kModelled.end(), object.kind) == kModelled.end();
}

}  // namespace

std::string normal(std::string_view sql) {
  std::vector<std::string> words = words_of(sql);
  leave_out(words, {"or", "replace"});
  leave_out(words, {"if", "not", "exists"});
  leave_out(words, {"concurrently"});
  return join(words, " ");
}

const Ledger::Sayings& Ledger::of(Id id) const {
  static const Sayings kNone;
  const auto found = said_.find(id);
  return found == said_.end() ? kNone : found->second;
}

void Ledger::set(Id id, const std::string& about, std::string what) {
  if (what.empty() && said_.contains(id))
    said_[id].erase(about);
  else if (!what.empty())
    said_[id][about] = std::move(what);
}

void Ledger::add(const StatementForms& statement, catalog::Catalog& after,
                 const std::vector<catalog::Catalog::Change>& changes) {
  const std::string text = normal(statement.sql);
  const bool creates = text.starts_with("create ");
  for (const catalog::Catalog::Change& change : changes) {
    if (!change.after) {
      said_.erase(change.id);
      continue;
    }
    if (!is_told_by_its_text(*change.after))
      continue;
    // Only what the statement names is told by it; what comes along is in the catalog.
    const bool named = text.find(change.after->name) != std::string::npos;
    if (creates && named && (!change.before || change.before->kind == change.after->kind) &&
        (!change.before || change.after->maybe<catalog::Function>() ||
         change.after->kind == Kind::view || change.after->maybe<catalog::Trigger>()))
      set(change.id, "definition", text);
  }
  for (const forms::Form& each : statement.forms)
    form(each, text, after);
}

namespace {

// `GRANT a ON b TO c` and `REVOKE a ON b FROM c` are about the same.
std::string about_grant(const std::string& text) {
  std::vector<std::string> words;
  for (const std::string_view word : split(text, ' '))
    if (word != "grant" && word != "revoke" && word != "to" && word != "from")
      words.emplace_back(word);
  return "grant " + join(words, " ");
}

// The names in the last `(…)`.
std::vector<std::string> option_names(const std::string& text) {
  std::vector<std::string> names;
  const size_t open = text.rfind(" ( ");
  if (open == std::string::npos)
    return names;
  for (const std::string_view part : split(std::string_view(text).substr(open + 3), ','))
    names.emplace_back(trim(part.substr(0, part.find_first_of("=)"))));
  return names;
}

std::string without(const std::string& text, std::string_view word) {
  return text == word ? std::string() : text;
}

}  // namespace

void Ledger::form(const forms::Form& form, const std::string& text, catalog::Catalog& catalog) {
  catalog::Apply names(catalog);
  if (const auto* const alter = std::get_if<forms::AlterFunction>(&form)) {
    if (const catalog::Done<Id> id = names.find_object(alter->function, true); id && *id != 0)
      set(*id, "altered", text);
  } else if (const auto* const policy = std::get_if<forms::CreatePolicy>(&form)) {
    const Id id =
        catalog.find(catalog::Space::policy, policy->policy, names.relation(policy->table));
    if (id != 0 && policy->alter)
      set(id, "altered", text);
  } else if (const auto* const column = std::get_if<forms::AlterColumnSetting>(&form)) {
    const Id id = names.relation(column->table);
    const std::string about = fmt::format("column {} ", column->column);
    if (column->setting.ends_with("options"))
      for (const std::string& name : option_names(text))
        set(id, about + name, column->setting.starts_with("reset") ? "" : text);
    else
      set(id, about + column->setting, without(column->value.empty() ? text : column->value, "-1"));
  } else if (const auto* const table = std::get_if<forms::AlterTableSetting>(&form)) {
    const Id id = names.relation(table->table);
    const std::string& action = table->action;
    if (action.ends_with("rel-options")) {
      for (const std::string& name : option_names(text))
        set(id, "option " + name, action.starts_with("reset") ? "" : text);
    } else if (action.find("trig") != std::string::npos) {
      const bool all = action.ends_with("all") || action.ends_with("user");
      if (all && said_.contains(id))
        std::erase_if(said_[id],
                      [](const auto& each) { return each.first.starts_with("trigger "); });
      set(id, "trigger " + (all ? "all" : table->name),
          action.starts_with("enable-trig") ? "" : action);
    } else if (action.ends_with("force-row-security")) {
      set(id, "force row security", action.starts_with("no-") ? "" : action);
    } else if (action == "cluster-on" || action == "drop-cluster") {
      set(id, "cluster", action == "cluster-on" ? table->name : "");
    } else if (action == "replica-identity") {
      set(id, "replica identity", text.ends_with(" default") ? "" : text);
    } else if (action == "set-table-space") {
      set(id, "tablespace", without(table->name, "pg_default"));
    } else if (action == "set-access-method") {
      set(id, "access method", without(table->name, "heap"));
    } else if (action.find("row-security") == std::string::npos && action != "set-logged" &&
               action != "set-un-logged") {
      set(id, action, text);
    }
  } else if (const auto* const grant = std::get_if<forms::Grant>(&form)) {
    const bool columns = grant->kind == Kind::none || text.find(" ( ") < text.find(" on ");
    if (columns)
      return set(0, about_grant(text), grant->revoke ? "no" : "yes");
    std::vector<std::string> privileges = grant->privileges;
    if (privileges.empty())
      privileges.emplace_back("all");
    for (const forms::Object& object : grant->objects) {
      const Id id = object.kind == Kind::schema
                        ? catalog.find(catalog::Space::schema, object.name.name, 0)
                    : object.kind == Kind::table || object.kind == Kind::sequence
                        ? names.relation(object.name)
                    : names.find_object(object, true) ? *names.find_object(object, true)
                                                      : Id{0};
      for (const std::string& role : grant->roles)
        for (const std::string& privilege : privileges) {
          if (privilege == "all" && said_.contains(id))
            for (auto& [about, what] : said_[id])
              if (about.starts_with("grant ") && about.ends_with(" " + role))
                what = grant->revoke ? "no" : "yes";
          set(id, fmt::format("grant {} {}", privilege, role), grant->revoke ? "no" : "yes");
        }
    }
  }
}

}  // namespace retort::rollback
