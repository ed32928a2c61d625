// More rights than anybody asked for: everything to a role, something to everybody, or the right to
// pass a right on. A role with SUPERUSER, BYPASSRLS or REPLICATION reads every row.
#include "rules/around.h"
#include "rules/words.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::rules {
namespace {

bool revoked_later(const Visit& visit, const forms::Grant& grant) {
  return static_cast<bool>(find_form<forms::Grant>(later(visit), [&](const forms::Grant& other) {
    return other.revoke && other.kind == grant.kind && other.roles == grant.roles &&
           std::any_of(other.objects.begin(), other.objects.end(), [&](const forms::Object& a) {
             return std::any_of(grant.objects.begin(), grant.objects.end(),
                                [&](const forms::Object& b) { return a.name == b.name; });
           });
  }));
}

void check_grant(const forms::Grant& grant, Visit& visit) {
  if (grant.revoke || visit.down() || revoked_later(visit, grant))
    return;
  using forms::ObjectKind;
  const std::string_view sql = visit.statement().sql;
  const bool defaults = has_words(sql, {"default", "privileges"});
  const bool everybody = std::any_of(grant.roles.begin(), grant.roles.end(),
                                     [](const std::string& role) { return role == "public"; });
  const bool all = grant.privileges.empty();
  // Everybody has these anyway.
  const bool usual = grant.kind == ObjectKind::function || grant.kind == ObjectKind::procedure ||
                     grant.kind == ObjectKind::routine || grant.kind == ObjectKind::language ||
                     grant.kind == ObjectKind::type || grant.kind == ObjectKind::domain;
  if (usual || has_words(sql, {"grant", "usage"}) || has_words(sql, {"grant", "execute"}))
    return;
  if (everybody) {
    visit
        .report(grant.at, defaults ? "whatever is made from now on is open to every role"
                                   : "every role of the server gets this, also those to come")
        .note("grant it to a role of its own, and that to those who need it");
    return;
  }
  if (has_words(sql, {"with", "grant", "option"})) {
    visit.report(grant.at, "whoever gets this may pass it on to anybody")
        .note("leave WITH GRANT OPTION out");
    return;
  }
  if (all)
    visit
        .report(grant.at, "all rights, with TRUNCATE, TRIGGER and REFERENCES among them",
                {.level = Level::info})
        .note("name those that are needed: SELECT, INSERT, UPDATE, DELETE");
}

void check_role(const forms::Harmless& role, Visit& visit) {
  if ((role.statement != "CreateRoleStmt" && role.statement != "AlterRoleStmt") || visit.down())
    return;
  const std::string_view sql = visit.statement().sql;
  const std::vector<pg::Token> tokens = words_of(sql);
  constexpr std::array<std::string_view, 3> kMighty = {"superuser", "bypassrls", "replication"};
  for (const std::string_view each : kMighty)
    if (const size_t at = find_words(sql, tokens, {each}); at < tokens.size()) {
      visit
          .report(tokens[at].span,
                  each == "replication" ? "this role may copy the whole server"
                  : each == "bypassrls" ? "this role sees every row, whatever the policies say"
                                        : "this role may do anything, on every database",
                  {.variant = "superuser"})
          .note("roles of such might belong to whoever runs the server, not to a revision");
      return;
    }
}

}  // namespace

const Rule sec_broad_privilege{.name = "sec/broad-privilege",
                               .level = Level::warning,
                               .checks = {on<check_grant>, on<check_role>}};

}  // namespace retort::rules
