// op.rename_table("orders", "purchases", schema="shop")
//     ALTER TABLE shop.orders RENAME TO purchases
// The new name takes no schema.
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kRenameTable{
    "rename_table", "old_table_name, new_table_name, *, schema=None", {}};

Answer<Statements> rename_table(const RenameTable& op) {
  return Statements{"ALTER TABLE " + written_dotted(op.schema, op.old_table_name) + " RENAME TO " +
                    written(op.new_table_name)};
}

}  // namespace retort
