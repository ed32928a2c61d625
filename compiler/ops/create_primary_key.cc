// op.create_primary_key("pk_orders", "orders", ["id"])
//     ALTER TABLE orders ADD CONSTRAINT pk_orders PRIMARY KEY (id)
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kCreatePrimaryKey{"create_primary_key",
                                    "constraint_name, table_name, columns, *, schema=None",
                                    "constraint_name, columns"};

Answer<Statements> create_primary_key(const CreatePrimaryKey& op, const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  return Statements{TRY(add_constraint_text(op.key, place))};
}

}  // namespace retort
