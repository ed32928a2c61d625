// op.drop_index("by_day", schema="shop", if_exists=True)
//     DROP INDEX IF EXISTS shop.by_day
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kDropIndex{"drop_index",
                             "index_name, table_name=None, *, schema=None, if_exists=None, **kw",
                             "index_name, **kw", run};

Answer<Statements> drop_index(const DropIndex& op, const DdlContext& context) {
  const Identifier table = op.table_name.empty() ? Identifier("no_table") : op.table_name;
  const ConstraintPlace place{op.schema, table, {}, context.naming};
  Index index;
  index.name = op.index_name;
  index.elements = {IndexElement::of("x")};  // Alembic's stand-in, should a convention ask
  const std::string name = TRY(index_name(index, place));
  return Statements{std::string("DROP INDEX ") + (op.concurrently ? "CONCURRENTLY " : "") +
                    (op.if_exists ? "IF EXISTS " : "") +
                    (op.schema.empty() ? "" : written(op.schema) + ".") + name};
}

static Answer<Statements> run(OpCall& call, DdlContext& context) {
  TRY(call.only_known({"concurrently", "using", "ops", "include", "nulls_not_distinct", "with",
                       "tablespace", "where"}));
  return drop_index({call.constraint_name("index_name"), call.identifier("table_name"),
                     call.identifier("schema"), call.flag("if_exists"),
                     call.flag("postgresql_concurrently")},
                    context);
}

}  // namespace retort
