// SET NOT NULL reads every row under ACCESS EXCLUSIVE, unless a valid CHECK proves that there is no
// NULL (from PostgreSQL 12 on); the facts know whether one does.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

// NOT NULL is a constraint from here on, which need not be valid.
constexpr int kFirstNotValid = 18;

// A CHECK that is proved without blocking anybody stands in for the reading.
std::optional<Fix> proved_first(const Visit& visit, const forms::SetNotNull& set) {
  const catalog::Object* const table = visit.relation(set.table);
  const catalog::Table* const data = table ? table->maybe<catalog::Table>() : nullptr;
  if (visit.down() || visit.statement().forms.size() != 1 || set.only || set.if_exists ||
      (data && !data->strategy.empty()))
    return std::nullopt;
  const std::string name = !set.constraint.empty()
                               ? set.constraint
                               : catalog::make_object_name(set.table.name, set.column, "not_null");
  if (!visit.before().named(catalog::Space::constraint, name).empty())
    return std::nullopt;
  const std::string on = forms::to_text(set.table);
  const std::string check = forms::quoted(name);
  const std::string column = forms::quoted(set.column);
  if (visit.oldest_server() >= kFirstNotValid)
    return Fix{Safety::review,
               "demand it of new rows first, and prove it of the old ones in a revision of its own",
               {},
               {{.sql = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} NOT NULL {} NOT VALID", on,
                                    check, column)},
                {.sql = fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", on, check)}}};
  return Fix{Safety::review,
             "prove it by a CHECK, which SET NOT NULL believes",
             {},
             {{.sql = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT "
                                  "VALID",
                                  on, check, column)},
              {.sql = fmt::format("ALTER TABLE {0} VALIDATE CONSTRAINT {1};\n"
                                  "ALTER TABLE {0} ALTER COLUMN {2} SET NOT NULL;\n"
                                  "ALTER TABLE {0} DROP CONSTRAINT {1}",
                                  on, check, column)}}};
}

void check(const forms::SetNotNull& set, Visit& visit) {
  if (!visit.live(set.table))
    return;
  const catalog::Object* const table = visit.relation(set.table);
  const catalog::Column* const column = table ? table->column_named(set.column) : nullptr;
  if (column && column->not_null && column->not_null_valid)
    return;
  const catalog::Id id = table ? table->id : 0;
  const std::vector<int> servers = visit.servers_where([&](const facts::Facts& facts) {
    const facts::Touched* const touched = facts.find(id);
    return !touched || touched->scanned != facts::Answer::no;
  });
  if (servers.empty())
    return;
  const std::string name = forms::quoted(set.column);
  Diagnostic& finding =
      visit.report(set.at,
                   fmt::format("every row of {} is read while nobody else can read or write",
                               forms::to_text(set.table)),
                   {.servers = servers});
  if (std::optional<Fix> fix = proved_first(visit, set))
    finding.fix(std::move(*fix));
  else
    finding.note(fmt::format("ADD CHECK ({} IS NOT NULL) NOT VALID, VALIDATE it in a transaction "
                             "of its own, then SET NOT NULL, which believes it, and drop the "
                             "CHECK",
                             name));
}

}  // namespace

const Rule lock_set_not_null{
    .name = "lock/set-not-null", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
