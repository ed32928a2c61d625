// A constraint on a domain is proved on every table that uses it: SHARE on each, and every row
// read.
#include "linter/edits.h"
#include "rules/rules.h"
#include "rules/words.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using Action = forms::AlterDomain::Action;

void check(const forms::AlterDomain& alter, Visit& visit) {
  const bool adds = alter.action == Action::add_constraint && !alter.constraint.not_valid;
  const bool validates = alter.action == Action::validate;
  const bool not_null = alter.action == Action::set_not_null;
  if (!adds && !validates && !not_null)
    return;
  std::vector<std::string> tables;
  for (const facts::Touched& touched : visit.facts().touched)
    if (touched.kind == catalog::Kind::table && touched.scanned == facts::Answer::yes &&
        visit.live(touched.id))
      tables.push_back(touched.name);
  const catalog::Object* const domain = visit.type(alter.domain);
  if (tables.empty() && domain)
    return;
  Diagnostic& finding = visit.report(
      alter.domain.at,
      tables.empty() ? "writes to every table of this domain wait until it is read"
                     : fmt::format("writes to {} wait until every row is read", join(tables, ", ")),
      {.variant = not_null ? "not-null" : std::string_view(), .unknown = !domain});
  finding.note(adds ? "add it NOT VALID; VALIDATE CONSTRAINT reads later, under the same lock"
                    : "choose a quiet moment: there is no form that blocks less");
  const std::vector<pg::Token> words = words_of(visit.statement().sql);
  if (!adds || words.empty())
    return;
  const uint32_t end = words.back().span.end;
  if (std::optional<Edit> edit =
          in_sql(visit.sources(), visit.statement(), {end, end}, " NOT VALID"))
    finding.fix({Safety::review, "leave the rows that are there for later", {std::move(*edit)}});
}

}  // namespace

const Rule lock_domain_constraint{
    .name = "lock/domain-constraint", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
