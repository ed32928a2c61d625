// op.create_primary_key("pk_orders", "orders", ["id"])
//     ALTER TABLE orders ADD CONSTRAINT pk_orders PRIMARY KEY (id)
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kCreatePrimaryKey{"create_primary_key",
                                    "constraint_name, table_name, columns, *, schema=None",
                                    "constraint_name, columns", run};

Answer<Statements> create_primary_key(const CreatePrimaryKey& op, const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  return Statements{TRY(add_constraint_text(op.key, place))};
}

static Answer<Statements> run(OpCall& call, DdlContext& context) {
  CreatePrimaryKey op{call.identifier("table_name"), {}, call.identifier("schema")};
  op.key.name = call.constraint_name("constraint_name");
  op.key.columns = call.columns("columns");
  return create_primary_key(op, context);
}

}  // namespace retort
