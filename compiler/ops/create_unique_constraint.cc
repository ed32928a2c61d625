// op.create_unique_constraint("uq_orders", "orders", ["day", "number"])
//     ALTER TABLE orders ADD CONSTRAINT uq_orders UNIQUE (day, number)
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kCreateUniqueConstraint{
    "create_unique_constraint", "constraint_name, table_name, columns, *, schema=None, **kw",
    "constraint_name, columns, **kw", run};

Answer<Statements> create_unique_constraint(const CreateUniqueConstraint& op,
                                            const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  return Statements{TRY(add_constraint_text(op.unique, place))};
}

static Answer<Statements> run(OpCall& call, DdlContext& context) {
  TRY(call.only_known({"nulls_not_distinct", "include"}));
  CreateUniqueConstraint op{call.identifier("table_name"), {}, call.identifier("schema")};
  op.unique.name = call.constraint_name("constraint_name");
  op.unique.columns = call.columns("columns");
  op.unique.deferral = call.deferral();
  op.unique.nulls_not_distinct = call.maybe("postgresql_nulls_not_distinct");
  op.unique.include = call.columns("postgresql_include");
  return create_unique_constraint(op, context);
}

}  // namespace retort
