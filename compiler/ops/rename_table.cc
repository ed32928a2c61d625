// op.rename_table("orders", "purchases", schema="shop")
//     ALTER TABLE shop.orders RENAME TO purchases
// The new name takes no schema.
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kRenameTable{
    "rename_table", "old_table_name, new_table_name, *, schema=None", {}, run};

Answer<Statements> rename_table(const RenameTable& op) {
  return Statements{"ALTER TABLE " + written_dotted(op.schema, op.old_table_name) + " RENAME TO " +
                    written(op.new_table_name)};
}

static Answer<Statements> run(OpCall& call, DdlContext&) {
  return rename_table({call.identifier("old_table_name"), call.identifier("new_table_name"),
                       call.identifier("schema")});
}

}  // namespace retort
