// One function per Alembic directive: from its arguments, evaluated and bound, to the statements
// that it prints, without the final `;`. Members have the names and defaults of the parameters;
// what a directive ignores (info, existing_comment, keywords of other dialects) has none.
#pragma once

#include "compiler/ddl/named_types.h"
#include "compiler/ddl/table.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace retort {

class OpCall;  // ops/call.h

// What the directives of one run share.
struct DdlContext {
  NamingConvention naming = default_naming_convention();
  bool naming_unknown = false;  // there may be another one
  TypesSeen types = {};
};

// A statement, and the type that it is all about: where that type is there already (or gone), an
// online run would leave the statement out.
struct DdlStatement {
  std::string sql;
  std::shared_ptr<const NamedType> creates = nullptr;
  std::shared_ptr<const NamedType> drops = nullptr;

  DdlStatement(std::string text) : sql(std::move(text)) {}
  DdlStatement(const char* text) : sql(text) {}
};
using Statements = std::vector<DdlStatement>;

// The signatures as Alembic 1.19.2 has them, without self: of `op.…` and of `batch_op.…`.
struct OpSignature {
  std::string_view name;
  std::optional<std::string_view> signature;        // none: only in batch
  std::optional<std::string_view> batch_signature;  // none: not in batch
  // From the arguments of a call to statements; null where more than that happens.
  Answer<Statements> (*run)(OpCall& call, DdlContext& context) = nullptr;
};
std::span<const OpSignature* const> op_signatures();

// --- tables
// ---------------------------------------------------------------------------------------

struct CreateTable {
  Table table;
  bool if_not_exists = false;
};
Answer<Statements> create_table(const CreateTable& op, DdlContext& context);

struct DropTable {
  Identifier table_name;
  Identifier schema = {};
  bool if_exists = false;
};
Answer<Statements> drop_table(const DropTable& op);

struct RenameTable {
  Identifier old_table_name;
  Identifier new_table_name;
  Identifier schema = {};
};
Answer<Statements> rename_table(const RenameTable& op);

struct CreateTableComment {
  Identifier table_name;
  std::optional<std::string> comment;
  Identifier schema = {};
};
Answer<Statements> create_table_comment(const CreateTableComment& op);

struct DropTableComment {
  Identifier table_name;
  Identifier schema = {};
};
Answer<Statements> drop_table_comment(const DropTableComment& op);

// --- columns
// --------------------------------------------------------------------------------------

struct AddColumn {
  Identifier table_name;
  Column column;
  Identifier schema = {};
  bool if_not_exists = false;
  bool inline_references = false;
  bool inline_primary_key = false;
};
Answer<Statements> add_column(const AddColumn& op, const DdlContext& context);

struct DropColumn {
  Identifier table_name;
  Identifier column_name;
  Identifier schema = {};
  bool if_exists = false;
};
Answer<Statements> drop_column(const DropColumn& op);

struct AlterColumn {
  Identifier table_name;
  Identifier column_name;
  std::optional<bool> nullable = {};
  std::optional<std::optional<std::string>> comment = {};  // outer: given at all; inner: not None
  std::optional<DefaultValue> server_default = {};         // given at all
  Identifier new_column_name = {};
  std::optional<Type> type_ = {};
  std::optional<Type> existing_type = {};
  std::optional<DefaultValue> existing_server_default = {};
  Identifier schema = {};
  std::string postgresql_using = {};
};
Answer<Statements> alter_column(const AlterColumn& op, const DdlContext& context);

// --- indexes and constraints
// ----------------------------------------------------------------------

struct CreateIndex {
  Index index;
  Identifier table_name;
  Identifier schema = {};
  bool if_not_exists = false;
};
Answer<Statements> create_index(const CreateIndex& op, const DdlContext& context);

struct DropIndex {
  ConstraintName index_name;
  Identifier table_name = {};
  Identifier schema = {};
  bool if_exists = false;
  bool concurrently = false;
};
Answer<Statements> drop_index(const DropIndex& op, const DdlContext& context);

struct CreatePrimaryKey {
  Identifier table_name;
  PrimaryKey key;
  Identifier schema = {};
};
Answer<Statements> create_primary_key(const CreatePrimaryKey& op, const DdlContext& context);

struct CreateUniqueConstraint {
  Identifier table_name;
  Unique unique;
  Identifier schema = {};
};
Answer<Statements> create_unique_constraint(const CreateUniqueConstraint& op,
                                            const DdlContext& context);

struct CreateCheckConstraint {
  Identifier table_name;
  Check check;
  Identifier schema = {};
};
Answer<Statements> create_check_constraint(const CreateCheckConstraint& op,
                                           const DdlContext& context);

struct CreateForeignKey {
  Identifier source_table;
  ForeignKey key;
  Identifier source_schema = {};
};
Answer<Statements> create_foreign_key(const CreateForeignKey& op, const DdlContext& context);

struct CreateExcludeConstraint {
  Identifier table_name;
  Exclude exclude;
  Identifier schema = {};
};
Answer<Statements> create_exclude_constraint(const CreateExcludeConstraint& op,
                                             const DdlContext& context);

struct DropConstraint {
  ConstraintName constraint_name;
  Identifier table_name;
  std::string type_ = {};  // empty: None
  Identifier schema = {};
  bool if_exists = false;
};
Answer<Statements> drop_constraint(const DropConstraint& op, const DdlContext& context);

// --- rows
// -----------------------------------------------------------------------------------------

struct BulkInsert {
  using Row = std::vector<std::pair<std::string, Datum>>;  // by key of the column

  Table table;
  std::vector<Row> rows;
};
Answer<Statements> bulk_insert(const BulkInsert& op);

// op.inline_literal(value): a value that bulk_insert renders by its own type.
Answer<Sql> inline_literal(const Datum& value);

// --- types: E.create(bind) and E.drop(bind)
// -------------------------------------------------------

Answer<Statements> create_type(const Type& type);
Answer<Statements> drop_type(const Type& type);

// --- shared by the files of this folder
// -----------------------------------------------------------

// `ALTER TABLE s.t ADD …` with the constraint's text.
Answer<std::string> add_constraint_text(const Constraint& constraint, const ConstraintPlace& place);
// Without the blanks at both ends, as Alembic prints statements.
std::string stripped(std::string_view statement);

}  // namespace retort
