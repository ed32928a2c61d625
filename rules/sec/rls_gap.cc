// Row security that does not do what it seems to: switched on without a policy, policies on a table
// where it is off, and policies that let everything be written.
#include "rules/around.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using catalog::Id;
using catalog::Kind;

// The last statement that says this of the table.
Maker last_setting(const EndVisit& visit, const catalog::Object& table, std::string_view action) {
  Maker last;
  for (const Unit& unit : visit.units())
    for (const LintStatement& statement : unit.up.statements)
      for (const forms::Form& form : statement.forms)
        if (const auto* const setting = std::get_if<forms::AlterTableSetting>(&form);
            setting && setting->table.name == table.name && setting->action == action)
          last = {&unit, &statement};
  return last;
}

// All other tables of its schema, and they are some, have row security.
bool stands_out(const catalog::Catalog& catalog, const catalog::Object& table) {
  size_t others = 0;
  for (Id id = 1; id < catalog.size(); ++id) {
    const catalog::Object* const object = catalog.get(id);
    const auto* const data = object ? object->maybe<catalog::Table>() : nullptr;
    if (!data || object->kind != Kind::table || object->schema != table.schema || id == table.id ||
        data->partition)
      continue;
    if (!data->row_security)
      return false;
    ++others;
  }
  return others >= 3;
}

void check_end(EndVisit& visit) {
  const catalog::Catalog& catalog = visit.catalog();
  for (Id id = 1; id < catalog.size(); ++id) {
    const catalog::Object* const object = catalog.get(id);
    if (!object || object->kind != Kind::table)
      continue;
    const auto& table = object->as<catalog::Table>();
    const std::vector<Id> policies = catalog.members(id, Kind::policy);
    const std::string name = visit.name_of(*object);
    if (table.row_security && policies.empty() && !doubtful(visit, *object)) {
      const Maker at = last_setting(visit, *object, "enable-row-security");
      if (!at.unit)
        continue;
      if (Diagnostic* const finding = visit.report(
              at, {},
              fmt::format("{} has row security and no policy: its owner sees everything "
                          "and everybody else nothing",
                          name),
              {.variant = "no-policy"}))
        finding->note("CREATE POLICY says who sees what");
    } else if (!table.row_security && !policies.empty() && !table.partial &&
               !doubtful(visit, *object)) {
      const Maker off = last_setting(visit, *object, "disable-row-security");
      const Maker* const policy = visit.maker(policies.front());
      const Maker at = off.unit ? off : policy ? *policy : Maker{};
      if (!at.unit)
        continue;
      if (Diagnostic* const finding = visit.report(
              at, {},
              fmt::format("{} has policies, and row security is off: nobody looks at them", name),
              {.variant = "disabled"}))
        finding->note(fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", name));
    } else if (!table.row_security && !table.partition && stands_out(catalog, *object)) {
      const Maker* const maker = visit.maker(id);
      if (!maker)
        continue;
      if (Diagnostic* const finding = visit.report(
              id, definition_of(*maker->statement, *object, catalog),
              fmt::format("every other table of this schema has row security, and {} does not",
                          name),
              {.variant = "new-table", .level = Level::info}))
        finding->note(fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", name));
    }
  }
}

void check_policy(const forms::CreatePolicy& policy, Visit& visit) {
  if (visit.down() || !policy.permissive || policy.command == "select" || policy.alter)
    return;
  const bool reads = policy.using_.text == "true";
  const bool writes = policy.check.text == "true" || (reads && !policy.check);
  if (!(policy.command == "insert" ? writes : reads || writes))
    return;
  visit
      .report(policy.at,
              fmt::format("this policy lets {} {} any row",
                          policy.roles.empty() || policy.roles.front() == "public"
                              ? "every role"
                              : policy.roles.front(),
                          policy.command == "all" ? "write" : policy.command),
              {.variant = "always-true"})
      .note("say in USING and WITH CHECK which rows are theirs");
}

}  // namespace

const Rule sec_rls_gap{
    .name = "sec/rls-gap", .level = Level::warning, .checks = {on<check_end>, on<check_policy>}};

}  // namespace retort::rules
