// A new column costs nothing when its default is known beforehand, also for rows that are there:
// PostgreSQL 11+ keeps it once, in the catalog. A volatile default, a sequence, a stored expression
// or a domain with a constraint is worked out row by row, and the table is rewritten.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using facts::Answer;

bool is_serial(const forms::TypeName& type) { return !catalog::serial_type(type).empty(); }

void check(const forms::AddColumn& add, Visit& visit) {
  if (!visit.live(add.table))
    return;
  const catalog::Object* const table = visit.relation(add.table);
  const catalog::Id id = table ? table->id : 0;
  const auto answer = [&](const facts::Facts& facts) {
    const facts::Touched* found = facts.find(id);
    if (!found && !facts.touched.empty())
      found = &facts.touched.front();
    return found ? found->rewritten : Answer::no;
  };
  const std::vector<int> servers =
      visit.servers_where([&](const facts::Facts& facts) { return answer(facts) != Answer::no; });
  if (servers.empty())
    return;
  const bool known = answer(visit.facts()) == Answer::yes;
  const forms::Column& column = add.column;
  std::string_view variant = "default";
  std::string why = "the default is worked out anew for each row";
  Span at = column.fallback ? column.fallback.at : column.at;
  if (is_serial(column.type)) {
    variant = "serial";
    why = "each row draws a number from the sequence";
    at = column.type.at;
  } else if (column.identity != forms::Identity::none) {
    variant = "identity";
    why = "each row draws a number from the sequence";
    at = column.at;
  } else if (column.generated) {
    variant = "stored";
    why = "the expression is worked out for each row";
    at = column.generated->at;
  } else if (!column.fallback) {
    variant = "domain";
    why = "the domain's constraint is proved for each row";
    at = column.type.at;
  }
  Diagnostic& finding = visit.report(at,
                                     fmt::format("{} {} while nobody can read or write it: {}",
                                                 forms::to_text(add.table),
                                                 known ? "is rewritten" : "may be rewritten", why),
                                     {.variant = variant, .servers = servers, .unknown = !known});
  if (variant == "default")
    finding.note("add the column bare, SET DEFAULT for rows to come, and fill the old ones in "
                 "batches");
  else if (variant == "domain")
    finding.note("use the domain's base type and add its constraint as a CHECK that is NOT VALID");
  else
    finding.note("add a plain column, fill it in batches, then give it its default");
}

}  // namespace

const Rule lock_rewriting_column{
    .name = "lock/rewriting-column", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
