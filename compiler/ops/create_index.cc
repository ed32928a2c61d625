// op.create_index("by_day", "orders", ["day"], unique=True)
//     CREATE UNIQUE INDEX by_day ON orders (day)
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kCreateIndex{"create_index",
                               "index_name, table_name, columns, *, schema=None, unique=False, "
                               "if_not_exists=None, **kw",
                               "index_name, columns, **kw", run};

Answer<Statements> create_index(const CreateIndex& op, const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  return Statements{stripped(TRY(create_index_text(op.index, op.if_not_exists, place)))};
}

static Answer<Statements> run(OpCall& call, DdlContext& context) {
  CreateIndex op{{}, call.identifier("table_name"), call.identifier("schema")};
  op.index = TRY(call.index("columns"));
  op.index.name = call.constraint_name("index_name");
  op.if_not_exists = call.flag("if_not_exists");
  return create_index(op, context);
}

}  // namespace retort
