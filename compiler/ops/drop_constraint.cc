// op.drop_constraint("uq_orders", "orders", type_="unique", if_exists=True)
//     ALTER TABLE orders DROP CONSTRAINT IF EXISTS uq_orders
// The type only says which naming convention applies.
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kDropConstraint{
    "drop_constraint", "constraint_name, table_name, type_=None, *, schema=None, if_exists=None",
    "constraint_name, type_=None", run};

static Answer<std::string_view> convention_key(std::string_view type) {
  if (type.empty())
    return std::string_view();
  if (type == "foreignkey")
    return std::string_view("fk");
  if (type == "primary")
    return std::string_view("pk");
  if (type == "unique")
    return std::string_view("uq");
  if (type == "check")
    return std::string_view("ck");
  return problem("`type_` can be \"check\", \"foreignkey\", \"primary\", \"unique\" or None",
                 "type_");
}

Answer<Statements> drop_constraint(const DropConstraint& op, const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  const std::string_view key = TRY(convention_key(op.type_));
  const std::string name =
      TRY(constraint_name(op.constraint_name, naming_subject(key, {}, place), context.naming));
  if (name.empty())
    return problem("a constraint without a name cannot be dropped", "constraint_name");
  return Statements{"ALTER TABLE " + written(op.schema, op.table_name) + " DROP CONSTRAINT " +
                    (op.if_exists ? "IF EXISTS " : "") + name};
}

static Answer<Statements> run(OpCall& call, DdlContext& context) {
  return drop_constraint({call.constraint_name("constraint_name"), call.identifier("table_name"),
                          call.text("type_"), call.identifier("schema"), call.flag("if_exists")},
                         context);
}

}  // namespace retort
