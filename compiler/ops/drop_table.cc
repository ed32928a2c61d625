// op.drop_table("orders", schema="shop", if_exists=True)
//     DROP TABLE IF EXISTS shop.orders
// Enum types of its columns stay.
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kDropTable{
    "drop_table", "table_name, *, schema=None, if_exists=None, **kw", {}, run};

Answer<Statements> drop_table(const DropTable& op) {
  return Statements{std::string("DROP TABLE ") + (op.if_exists ? "IF EXISTS " : "") +
                    written(op.schema, op.table_name)};
}

static Answer<Statements> run(OpCall& call, DdlContext&) {
  return drop_table(
      {call.identifier("table_name"), call.identifier("schema"), call.flag("if_exists")});
}

}  // namespace retort
