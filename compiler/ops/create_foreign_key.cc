// op.create_foreign_key("fk_shop", "orders", "shops", ["shop_id"], ["id"], ondelete="CASCADE")
//     ALTER TABLE orders ADD CONSTRAINT fk_shop FOREIGN KEY(shop_id) REFERENCES shops (id) ON
//     DELETE CASCADE
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kCreateForeignKey{
    "create_foreign_key",
    "constraint_name, source_table, referent_table, local_cols, remote_cols, *, onupdate=None, "
    "ondelete=None, deferrable=None, initially=None, match=None, source_schema=None, "
    "referent_schema=None, **dialect_kw",
    "constraint_name, referent_table, local_cols, remote_cols, *, referent_schema=None, "
    "onupdate=None, ondelete=None, deferrable=None, initially=None, match=None, **dialect_kw",
    run};

Answer<Statements> create_foreign_key(const CreateForeignKey& op, const DdlContext& context) {
  const ConstraintPlace place{op.source_schema, op.source_table, {}, context.naming};
  ForeignKey key = op.key;
  key.referred_known = true;
  return Statements{TRY(add_constraint_text(key, place))};
}

static Answer<Statements> run(OpCall& call, DdlContext& context) {
  TRY(call.only_known({"not_valid"}));
  CreateForeignKey op{call.identifier("source_table"), {}, call.identifier("source_schema")};
  ForeignKey& key = op.key;
  key.name = call.constraint_name("constraint_name");
  key.columns = call.columns("local_cols");
  key.referred_schema = call.identifier("referent_schema");
  key.referred_table = call.identifier("referent_table");
  key.referred_columns = call.columns("remote_cols");
  key.onupdate = call.text("onupdate");
  key.ondelete = call.text("ondelete");
  key.match = call.text("match");
  key.deferral = call.deferral();
  key.not_valid = call.flag("postgresql_not_valid");
  if (call.flag("use_alter"))
    key.use_alter = false;  // the directive alters anyway
  return create_foreign_key(op, context);
}

}  // namespace retort
