// op.drop_table("orders", schema="shop", if_exists=True)
//     DROP TABLE IF EXISTS shop.orders
// Enum types of its columns stay.
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kDropTable{"drop_table", "table_name, *, schema=None, if_exists=None, **kw", {}};

Answer<Statements> drop_table(const DropTable& op) {
  return Statements{std::string("DROP TABLE ") + (op.if_exists ? "IF EXISTS " : "") +
                    written(op.schema, op.table_name)};
}

}  // namespace retort
