// op.drop_column("orders", "note", if_exists=True)
//     ALTER TABLE orders DROP COLUMN IF EXISTS note
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kDropColumn{"drop_column", "table_name, column_name, *, schema=None, **kw",
                              "column_name, **kw", run};

Answer<Statements> drop_column(const DropColumn& op) {
  return Statements{"ALTER TABLE " + written_dotted(op.schema, op.table_name) + " DROP COLUMN " +
                    (op.if_exists ? "IF EXISTS " : "") + written(op.column_name)};
}

static Answer<Statements> run(OpCall& call, DdlContext&) {
  return drop_column({call.identifier("table_name"), call.identifier("column_name"),
                      call.identifier("schema"), call.flag("if_exists")});
}

}  // namespace retort
