#include "compiler/ops/ops.h"

#include "common/text.h"
#include "compiler/ops/signatures.h"

namespace retort {

// Those that print nothing by themselves, or print what other parts compile.
static const OpSignature kExecute{"execute", "sqltext, *, execution_options=None",
                                  "sqltext, *, execution_options=None"};
static const OpSignature kBatchAlterTable{
    "batch_alter_table",
    "table_name, schema=None, recreate='auto', partial_reordering=None, copy_from=None, "
    "table_args=(), table_kwargs=immutabledict({}), reflect_args=(), "
    "reflect_kwargs=immutabledict({}), naming_convention=None",
    {}};
static const OpSignature kF{"f", "name", "name"};
static const OpSignature kGetBind{"get_bind", "", ""};
static const OpSignature kGetContext{"get_context", "", ""};
static const OpSignature kInlineLiteral{"inline_literal", "value, type_=None", "value, type_=None"};
static const OpSignature kInvoke{"invoke", "operation", "operation"};
static const OpSignature kRunAsync{"run_async", "async_function, *args, **kw_args",
                                   "async_function, *args, **kw_args"};

std::span<const OpSignature* const> op_signatures() {
  static const OpSignature* const kAll[] = {
      &kAddColumn,
      &kAlterColumn,
      &kBatchAlterTable,
      &kBulkInsert,
      &kCreateCheckConstraint,
      &kCreateExcludeConstraint,
      &kCreateForeignKey,
      &kCreateIndex,
      &kCreatePrimaryKey,
      &kCreateTable,
      &kCreateTableComment,
      &kCreateUniqueConstraint,
      &kDropColumn,
      &kDropConstraint,
      &kDropIndex,
      &kDropTable,
      &kDropTableComment,
      &kExecute,
      &kF,
      &kGetBind,
      &kGetContext,
      &kInlineLiteral,
      &kInvoke,
      &kRenameTable,
      &kRunAsync,
  };
  return kAll;
}

Answer<std::string> add_constraint_text(const Constraint& constraint,
                                        const ConstraintPlace& place) {
  return stripped("ALTER TABLE " + written(place.schema, place.table) + " ADD " +
                  TRY(constraint_text(constraint, place)));
}

std::string stripped(std::string_view statement) { return std::string(trim(statement)); }

Answer<Statements> create_type(const Type& type) {
  if (!type.named)
    return problem("this type has no CREATE TYPE");
  DdlStatement made = create_type_text(*type.named);
  made.creates = type.named;
  return Statements{std::move(made)};
}

Answer<Statements> drop_type(const Type& type) {
  if (!type.named)
    return problem("this type has no DROP TYPE");
  DdlStatement made = drop_type_text(*type.named);
  made.drops = type.named;
  return Statements{std::move(made)};
}

}  // namespace retort
