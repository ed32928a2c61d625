// op.create_foreign_key("fk_shop", "orders", "shops", ["shop_id"], ["id"], ondelete="CASCADE")
//     ALTER TABLE orders ADD CONSTRAINT fk_shop FOREIGN KEY(shop_id) REFERENCES shops (id) ON
//     DELETE CASCADE
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kCreateForeignKey{
    "create_foreign_key",
    "constraint_name, source_table, referent_table, local_cols, remote_cols, *, onupdate=None, "
    "ondelete=None, deferrable=None, initially=None, match=None, source_schema=None, "
    "referent_schema=None, **dialect_kw",
    "constraint_name, referent_table, local_cols, remote_cols, *, referent_schema=None, "
    "onupdate=None, ondelete=None, deferrable=None, initially=None, match=None, **dialect_kw"};

Answer<Statements> create_foreign_key(const CreateForeignKey& op, const DdlContext& context) {
  const ConstraintPlace place{op.source_schema, op.source_table, {}, context.naming};
  ForeignKey key = op.key;
  key.referred_known = true;
  return Statements{TRY(add_constraint_text(key, place))};
}

}  // namespace retort
