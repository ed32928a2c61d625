// op.create_check_constraint("positive", "orders", "amount > 0")
//     ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0)
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kCreateCheckConstraint{
    "create_check_constraint", "constraint_name, table_name, condition, *, schema=None, **kw",
    "constraint_name, condition, **kw", run};

Answer<Statements> create_check_constraint(const CreateCheckConstraint& op,
                                           const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  return Statements{TRY(add_constraint_text(op.check, place))};
}

static Answer<Statements> run(OpCall& call, DdlContext& context) {
  TRY(call.only_known({"not_valid"}));
  CreateCheckConstraint op{call.identifier("table_name"), {}, call.identifier("schema")};
  op.check.name = call.constraint_name("constraint_name");
  op.check.sql = TRY(call.sql("condition")).value_or(Sql());
  op.check.deferral = call.deferral();
  op.check.not_valid = call.flag("postgresql_not_valid");
  return create_check_constraint(op, context);
}

}  // namespace retort
