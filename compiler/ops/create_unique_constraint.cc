// op.create_unique_constraint("uq_orders", "orders", ["day", "number"])
//     ALTER TABLE orders ADD CONSTRAINT uq_orders UNIQUE (day, number)
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kCreateUniqueConstraint{
    "create_unique_constraint", "constraint_name, table_name, columns, *, schema=None, **kw",
    "constraint_name, columns, **kw"};

Answer<Statements> create_unique_constraint(const CreateUniqueConstraint& op,
                                            const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  return Statements{TRY(add_constraint_text(op.unique, place))};
}

}  // namespace retort
