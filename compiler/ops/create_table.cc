// op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True))
//     CREATE TABLE orders (
//         id SERIAL NOT NULL,
//         PRIMARY KEY (id)
//     )
// with the types that it needs before it, and indexes and comments behind. Alembic prints several
// indexes in any order; here columns' flags come first, then Index objects, each as defined.
#include "compiler/ddl/names.h"
#include "compiler/ops/signatures.h"

namespace retort {

const OpSignature kCreateTable{
    "create_table", "table_name, *columns, if_not_exists=None, **kw", {}};

Answer<Statements> create_table(const CreateTable& op, DdlContext& context) {
  const Table& table = op.table;
  const std::string name = written(table.schema, table.name);
  const ConstraintPlace place{table.schema, table.name, table.columns, context.naming};
  Statements statements;
  for (const Column& column : table.columns)
    if (column.type && column.type->named && column.type->named->with_table &&
        context.types.add(*column.type->named))
      statements.emplace_back(create_type_text(*column.type->named)).creates = column.type->named;
  statements.push_back(stripped(TRY(create_table_text(table, op.if_not_exists, context.naming))));
  for (const Column& column : table.columns)
    if (const std::optional<Index> index = column_index(column))
      statements.push_back(TRY(create_index_text(*index, false, place)));
  for (const Index& index : table.indexes)
    statements.push_back(stripped(TRY(create_index_text(index, false, place))));
  if (!table.comment.empty())
    statements.push_back("COMMENT ON TABLE " + name + " IS " + literal(table.comment));
  for (const Column& column : table.columns)
    if (!column.comment.empty())
      statements.push_back(column_comment(name, column));
  return statements;
}

}  // namespace retort
