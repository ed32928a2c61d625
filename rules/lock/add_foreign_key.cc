// ADD FOREIGN KEY takes SHARE ROW EXCLUSIVE on both tables and reads both. NOT VALID takes the same
// locks and reads nothing; VALIDATE reads under SHARE UPDATE EXCLUSIVE, with ROW SHARE on the other
// table. Partitioned tables refuse NOT VALID before PostgreSQL 18 (42809).
#include "rules/around.h"
#include "rules/steps.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check_constraint(const forms::AddConstraint& add, Visit& visit) {
  const forms::Constraint& key = add.constraint;
  if (key.kind != forms::ConstraintKind::foreign_key || key.not_valid)
    return;
  if (!visit.live(add.table))
    return;
  const catalog::Object* const table = visit.relation(add.table);
  const catalog::Table* const data = table ? table->maybe<catalog::Table>() : nullptr;
  const bool fresh = visit.refers_by_nulls(add);
  const std::string name = forms::to_text(add.table);
  const bool both = visit.live(key.references) && !same_relation(visit, key.references, add.table);
  Diagnostic& finding =
      visit.report(key.at,
                   both ? fmt::format("writes to {} and to {} wait while {} is read", name,
                                      forms::to_text(key.references), name)
                        : fmt::format("writes to {} wait while it is read", name),
                   {.level = fresh ? std::optional(Level::warning) : std::nullopt});
  if (fresh)
    finding.note("its columns are new and hold nothing but NULL: all rows are read, and none is "
                 "looked up");
  if (data && !data->strategy.empty())
    finding.note(
        "a partitioned table takes NOT VALID from PostgreSQL 18 on; before, add the key to "
        "each partition NOT VALID, validate, and then to the parent");
  else if (std::optional<Fix> fix = validated_later(visit, add))
    finding.fix(std::move(*fix));
  else
    finding.note("add it NOT VALID, then VALIDATE CONSTRAINT in a transaction of its own");
}

void check_column(const forms::AddColumn& add, Visit& visit) {
  if (!visit.live(add.table))
    return;
  for (const forms::Constraint& constraint : add.column.constraints) {
    if (constraint.kind != forms::ConstraintKind::foreign_key)
      continue;
    const bool reads = static_cast<bool>(add.column.fallback) && !add.column.fallback.null;
    Diagnostic& finding = visit.report(
        constraint.at,
        fmt::format("{} is locked together with {}{}", forms::to_text(constraint.references),
                    forms::to_text(add.table), reads ? ", and both are read" : ""),
        {.variant = "column", .level = reads ? Level::warning : Level::info});
    if (!reads)
      finding.note("the column is new and holds nothing but NULL: PostgreSQL reads no row");
    else if (std::optional<Fix> fix = validated_later(visit, add, constraint))
      finding.fix(std::move(*fix));
    else
      finding.note("add the column first and its key after it, NOT VALID");
  }
}

}  // namespace

const Rule lock_add_foreign_key{.name = "lock/add-foreign-key",
                                .level = Level::error,
                                .checks = {on<check_constraint>, on<check_column>}};

}  // namespace retort::rules
