// op.create_table_comment("orders", "what was sold")
//     COMMENT ON TABLE orders IS 'what was sold'
#include "compiler/ddl/names.h"
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kCreateTableComment{"create_table_comment",
                                      "table_name, comment, *, existing_comment=None, schema=None",
                                      "comment, *, existing_comment=None"};

Answer<Statements> create_table_comment(const CreateTableComment& op) {
  return Statements{"COMMENT ON TABLE " + written(op.schema, op.table_name) + " IS " +
                    (op.comment ? literal(*op.comment) : "NULL")};
}

}  // namespace retort
