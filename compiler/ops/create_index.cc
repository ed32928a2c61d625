// op.create_index("by_day", "orders", ["day"], unique=True)
//     CREATE UNIQUE INDEX by_day ON orders (day)
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kCreateIndex{"create_index",
                               "index_name, table_name, columns, *, schema=None, unique=False, "
                               "if_not_exists=None, **kw",
                               "index_name, columns, **kw"};

Answer<Statements> create_index(const CreateIndex& op, const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  return Statements{stripped(TRY(create_index_text(op.index, op.if_not_exists, place)))};
}

}  // namespace retort
