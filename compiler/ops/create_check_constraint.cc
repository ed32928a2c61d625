// op.create_check_constraint("positive", "orders", "amount > 0")
//     ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount > 0)
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kCreateCheckConstraint{
    "create_check_constraint", "constraint_name, table_name, condition, *, schema=None, **kw",
    "constraint_name, condition, **kw"};

Answer<Statements> create_check_constraint(const CreateCheckConstraint& op,
                                           const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  return Statements{TRY(add_constraint_text(op.check, place))};
}

}  // namespace retort
