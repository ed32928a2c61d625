// op.create_table_comment("orders", "what was sold")
//     COMMENT ON TABLE orders IS 'what was sold'
#include "compiler/ddl/names.h"
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kCreateTableComment{"create_table_comment",
                                      "table_name, comment, *, existing_comment=None, schema=None",
                                      "comment, *, existing_comment=None", run};

Answer<Statements> create_table_comment(const CreateTableComment& op) {
  return Statements{"COMMENT ON TABLE " + written(op.schema, op.table_name) + " IS " +
                    (op.comment ? literal(*op.comment) : "NULL")};
}

static Answer<Statements> run(OpCall& call, DdlContext&) {
  return create_table_comment(
      {call.identifier("table_name"), call.optional_text("comment"), call.identifier("schema")});
}

}  // namespace retort
