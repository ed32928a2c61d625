// A password, key or token in a revision: it stays in the repository, in tickets, in the server's
// log and in pg_stat_statements.
#include "rules/around.h"
#include "rules/words.h"

#include "common/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <regex>

namespace retort::rules {
namespace {

void report(Visit& visit, Span at, std::string_view what) {
  visit.report(at, fmt::format("{} stands in the revision, and will in logs and tickets", what))
      .note("set it apart from the revisions, from a store of secrets, and change this one");
}

// A word that stands for one, or what is made of it.
bool is_placeholder(std::string_view value) {
  const std::string text = lower(value);
  return text.size() < 4 || text.find("change") != std::string::npos ||
         text.find("example") != std::string::npos || text.find("xxx") != std::string::npos ||
         text.starts_with("$2") || text.starts_with("scram-sha-256$") ||
         text.starts_with("pbkdf2") || text.starts_with("$argon2") || text.starts_with("{") ||
         text.starts_with("<") || text.starts_with(":") ||
         std::all_of(text.begin(), text.end(), [](char c) { return c == '*' || c == '.'; });
}

bool is_secret_name(std::string_view column) {
  const std::string name = lower(column);
  constexpr std::array<std::string_view, 9> kNames = {"password",    "passwd",     "secret",
                                                      "api_key",     "apikey",     "access_key",
                                                      "private_key", "secret_key", "auth_token"};
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view each) {
    return name == each || name.ends_with("_" + std::string(each));
  });
}

// Written in the file, and not made by it at each run.
bool is_written(const Visit& visit, std::string_view value) {
  return visit.source().find(value) != std::string_view::npos;
}

// What a known kind of secret begins with: a look at the whole statement spares reading it word by
// word, and the pattern.
constexpr std::array<std::string_view, 5> kBeginnings = {"AKIA", "-----BEGIN", "ghp_", "xox",
                                                         "sk_live_"};

bool may_hold_secret(std::string_view text) {
  return std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](std::string_view beginning) {
    return text.find(beginning) != std::string_view::npos;
  });
}

// Of themselves, wherever they stand.
bool looks_secret(std::string_view value) {
  if (!may_hold_secret(value))
    return false;
  static const std::regex kKnown("(AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|"
                                 "ghp_[0-9A-Za-z]{36}|xox[bp]-[0-9A-Za-z-]{20,}|"
                                 "sk_live_[0-9A-Za-z]{16,})");
  return std::regex_search(value.begin(), value.end(), kKnown);
}

void check_roles(Visit& visit, std::string_view sql, const std::vector<pg::Token>& tokens) {
  if (tokens.empty() || (!pg::same_word(text_of(sql, tokens[0]), "create") &&
                         !pg::same_word(text_of(sql, tokens[0]), "alter")))
    return;
  for (size_t i = 0; i + 1 < tokens.size(); ++i)
    if (tokens[i].kind == pg::TokenKind::word &&
        pg::same_word(text_of(sql, tokens[i]), "password") &&
        tokens[i + 1].kind == pg::TokenKind::string &&
        !is_placeholder(content_of(text_of(sql, tokens[i + 1]))) &&
        is_written(visit, content_of(text_of(sql, tokens[i + 1])))) {
      report(visit, tokens[i + 1].span, "a password");
      return;
    }
}

void check_rows(const forms::Insert& insert, Visit& visit) {
  for (const forms::Mentions::Literal& literal : insert.query.mentions.literals)
    if (literal.place < insert.columns.size() && is_secret_name(insert.columns[literal.place]) &&
        !is_placeholder(literal.text) && is_written(visit, literal.text) &&
        !looks_secret(literal.text)) {
      report(visit,
             literal.at.empty() ? find_string(visit.statement().sql, literal.text) : literal.at,
             fmt::format("a value of {}", forms::quoted(insert.columns[literal.place])));
      return;
    }
}

// A statement that may set a password, or that nothing is known of.
bool may_set_password(const Visit& visit) {
  const std::vector<forms::Form>& forms = visit.statement().forms;
  return std::any_of(forms.begin(), forms.end(), [](const forms::Form& form) {
    return std::holds_alternative<forms::Harmless>(form) ||
           std::holds_alternative<forms::CreateOther>(form) ||
           std::holds_alternative<forms::Opaque>(form);
  });
}

void check(Visit& visit) {
  const std::string_view sql = visit.statement().sql;
  if (visit.down() || sql.find('\'') == std::string_view::npos)
    return;
  const bool may_set = may_set_password(visit);
  if (!may_set && !may_hold_secret(sql))
    return;
  const std::vector<pg::Token> tokens = words_of(sql);
  for (const pg::Token& token : tokens)
    if (token.kind == pg::TokenKind::string && looks_secret(text_of(sql, token)) &&
        is_written(visit, content_of(text_of(sql, token)))) {
      report(visit, token.span, "a key");
      return;
    }
  if (may_set)
    check_roles(visit, sql, tokens);
}

}  // namespace

const Rule sec_literal_secret{
    .name = "sec/literal-secret", .level = Level::error, .checks = {on<check>, on<check_rows>}};

}  // namespace retort::rules
