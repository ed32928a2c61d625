// op.create_exclude_constraint("no_overlap", "stays", ("room", "="), ("during", "&&"))
//     ALTER TABLE stays ADD CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&)
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"
#include "compiler/sqlalchemy/schema.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kCreateExcludeConstraint{"create_exclude_constraint",
                                           "constraint_name, table_name, *elements, **kw",
                                           "constraint_name, *elements, **kw", run};

Answer<Statements> create_exclude_constraint(const CreateExcludeConstraint& op,
                                             const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  return Statements{TRY(add_constraint_text(op.exclude, place))};
}

static Answer<Statements> run(OpCall& call, DdlContext& context) {
  CreateExcludeConstraint op{call.identifier("table_name"), {}, call.identifier("schema")};
  op.exclude.name = call.constraint_name("constraint_name");
  std::vector<py::Value> elements;
  py::Value unclear;
  if (const py::Value given = call.value("elements"); given)
    (void)call.in.collect(given, elements, unclear);
  op.exclude.elements = TRY(sa::exclude_elements_of(call.in, elements, call.value("ops")));
  if (call.given("using"))
    op.exclude.using_ = call.text("using");
  op.exclude.where = TRY(call.sql("where"));
  op.exclude.deferral = call.deferral();
  return create_exclude_constraint(op, context);
}

}  // namespace retort
