// op.drop_table_comment("orders")
//     COMMENT ON TABLE orders IS NULL
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kDropTableComment{"drop_table_comment",
                                    "table_name, *, existing_comment=None, schema=None",
                                    "*, existing_comment=None", run};

Answer<Statements> drop_table_comment(const DropTableComment& op) {
  return Statements{"COMMENT ON TABLE " + written(op.schema, op.table_name) + " IS NULL"};
}

static Answer<Statements> run(OpCall& call, DdlContext&) {
  return drop_table_comment({call.identifier("table_name"), call.identifier("schema")});
}

}  // namespace retort
