// op.drop_table_comment("orders")
//     COMMENT ON TABLE orders IS NULL
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kDropTableComment{"drop_table_comment",
                                    "table_name, *, existing_comment=None, schema=None",
                                    "*, existing_comment=None"};

Answer<Statements> drop_table_comment(const DropTableComment& op) {
  return Statements{"COMMENT ON TABLE " + written(op.schema, op.table_name) + " IS NULL"};
}

}  // namespace retort
