// NOT VALID is worth something only when VALIDATE comes in a later transaction: in the same one the
// lock of the first is held through the reading of the second.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

void check(const forms::ValidateConstraint& validate, Visit& visit) {
  const catalog::Object* const table = visit.relation(validate.table);
  if (!table || !visit.live(table->id))
    return;
  const facts::Transaction& transaction = visit.transaction();
  const catalog::Id id =
      visit.before().find(catalog::Space::constraint, validate.constraint, table->id);
  const catalog::Column* const column =
      visit.before().not_null_named(table->id, validate.constraint);
  if (!transaction.not_validated.contains(id) &&
      !(column && transaction.not_null_later.contains({table->id, column->number})))
    return;
  const bool key = id != 0 && visit.object(id)->as<catalog::Constraint>().kind ==
                                  forms::ConstraintKind::foreign_key;
  visit
      .report(validate.at,
              fmt::format("{} of {} wait while it is read: the constraint was added in the same "
                          "transaction",
                          key ? "writes" : "readers and writers", forms::to_text(validate.table)))
      .note("validate in the next revision, or in an autocommit block");
}

}  // namespace

const Rule txn_validate_together{
    .name = "txn/validate-together", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
