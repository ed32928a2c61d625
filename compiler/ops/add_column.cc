// op.add_column("orders", sa.Column("note", sa.Text(), unique=True))
//     ALTER TABLE orders ADD COLUMN note TEXT
//     ALTER TABLE orders ADD UNIQUE (note)
// Constraints follow as statements of their own, Alembic's in any order, here in that of CREATE
// TABLE; then the index and the comment. Types are never created.
#include "compiler/ops/call.h"
#include "compiler/ops/signatures.h"

namespace retort {

static Answer<Statements> run(OpCall& call, DdlContext& context);

const OpSignature kAddColumn{
    "add_column",
    "table_name, column, *, schema=None, if_not_exists=None, inline_references=None, "
    "inline_primary_key=None",
    "column, *, insert_before=None, insert_after=None, if_not_exists=None, "
    "inline_references=None, inline_primary_key=None",
    run};

Answer<Statements> add_column(const AddColumn& op, const DdlContext& context) {
  const Table table{op.table_name, op.schema, {op.column}};
  const Column& column = table.columns[0];
  const ConstraintPlace place{table.schema, table.name, table.columns, context.naming};
  const bool counts =
      TRY(autoincrement_column(table, primary_key_of(table))).has_value() && column.primary_key;

  std::string text = "ALTER TABLE " + written_dotted(op.schema, op.table_name) + " ADD COLUMN ";
  text += op.if_not_exists ? "IF NOT EXISTS " : "";
  text += TRY(column_specification(column, {column.primary_key, counts}));
  if (op.inline_primary_key && column.primary_key)
    text += " PRIMARY KEY";
  // The name of an inlined key is lost; with two keys Alembic inlines none.
  const bool inlined = op.inline_references && column.foreign_keys.size() == 1;
  const std::vector<Constraint> constraints = column_constraints(column);
  if (inlined)
    text += " " + TRY(inline_reference(std::get<ForeignKey>(constraints.back())));
  for (const Check& check : column.checks)
    text += " " + TRY(constraint_text(check, place));

  Statements statements = {stripped(text)};
  for (const Constraint& constraint : constraints)
    if (!inlined || !std::holds_alternative<ForeignKey>(constraint))
      statements.push_back(TRY(add_constraint_text(constraint, place)));
  if (const std::optional<Index> index = column_index(column))
    statements.push_back(TRY(create_index_text(*index, false, place)));
  if (!column.comment.empty())
    statements.push_back(column_comment(written(op.schema, op.table_name), column));
  return statements;
}

static Answer<Statements> run(OpCall& call, DdlContext& context) {
  AddColumn op{call.identifier("table_name"), {}, call.identifier("schema")};
  op.column = TRY(call.column("column", op.schema));
  op.if_not_exists = call.flag("if_not_exists");
  op.inline_references = call.flag("inline_references");
  op.inline_primary_key = call.flag("inline_primary_key");
  return add_column(op, context);
}

}  // namespace retort
