// op.drop_column("orders", "note", if_exists=True)
//     ALTER TABLE orders DROP COLUMN IF EXISTS note
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kDropColumn{"drop_column", "table_name, column_name, *, schema=None, **kw",
                              "column_name, **kw"};

Answer<Statements> drop_column(const DropColumn& op) {
  return Statements{"ALTER TABLE " + written_dotted(op.schema, op.table_name) + " DROP COLUMN " +
                    (op.if_exists ? "IF EXISTS " : "") + written(op.column_name)};
}

}  // namespace retort
