// op.create_exclude_constraint("no_overlap", "stays", ("room", "="), ("during", "&&"))
//     ALTER TABLE stays ADD CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&)
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kCreateExcludeConstraint{"create_exclude_constraint",
                                           "constraint_name, table_name, *elements, **kw",
                                           "constraint_name, *elements, **kw"};

Answer<Statements> create_exclude_constraint(const CreateExcludeConstraint& op,
                                             const DdlContext& context) {
  const ConstraintPlace place{op.schema, op.table_name, {}, context.naming};
  return Statements{TRY(add_constraint_text(op.exclude, place))};
}

}  // namespace retort
