#include "compiler/forms/read.h"

#include "compiler/forms/reader.h"

namespace retort::forms {
namespace {

struct Row {
  std::string_view type;
  void (*read)(Reader&, Node);
};
// Every statement of the grammar; what is not here is opaque.
constexpr Row kReaders[] = {
    {"AlterTableStmt", read_alter_table},
    {"CreateStmt", read_create_table},
    {"InsertStmt", read_insert},
    {"UpdateStmt", read_update},
    {"IndexStmt", read_index},
    {"DropStmt", read_drop},
    {"CommentStmt", read_comment},
    {"SelectStmt", read_select},
    {"DeleteStmt", read_delete},
    {"RenameStmt", read_rename},
    {"VariableSetStmt", read_set},
    {"TransactionStmt", read_transaction},
    {"CreateEnumStmt", read_create_enum},
    {"AlterEnumStmt", read_alter_enum},
    {"CreateFunctionStmt", read_function},
    {"CreateTrigStmt", read_trigger},
    {"ViewStmt", read_view},
    {"CreateSeqStmt", read_create_sequence},
    {"AlterSeqStmt", read_alter_sequence},
    {"CreateSchemaStmt", read_create_schema},
    {"CreateExtensionStmt", read_extension},
    {"AlterExtensionStmt", read_extension},
    {"AlterExtensionContentsStmt", read_extension},
    {"CreateTableAsStmt", read_create_table_as},
    {"CreateForeignTableStmt", read_create_table},
    {"RefreshMatViewStmt", read_refresh},
    {"ReindexStmt", read_reindex},
    {"CreateStatsStmt", read_statistics},
    {"AlterObjectSchemaStmt", read_set_schema},
    {"AlterOwnerStmt", read_owner},
    {"GrantStmt", read_grant},
    {"AlterDefaultPrivilegesStmt", read_grant},
    {"CompositeTypeStmt", read_composite},
    {"CreateRangeStmt", read_range},
    {"CreateDomainStmt", read_create_domain},
    {"AlterDomainStmt", read_alter_domain},
    {"AlterFunctionStmt", read_alter_function},
    {"CreatePolicyStmt", read_policy},
    {"AlterPolicyStmt", read_policy},
    {"RuleStmt", read_rule},
    {"DefineStmt", read_other},
    {"CreateForeignServerStmt", read_other},
    {"CreateFdwStmt", read_other},
    {"CreateUserMappingStmt", read_other},
    {"CreateEventTrigStmt", read_other},
    {"CreatePublicationStmt", read_other},
    {"AlterPublicationStmt", read_alter_publication},
    {"CreateSubscriptionStmt", read_other},
    {"CreateAmStmt", read_other},
    {"CreatePLangStmt", read_other},
    {"CreateConversionStmt", read_other},
    {"CreateOpClassStmt", read_other},
    {"CreateOpFamilyStmt", read_other},
    {"CreateCastStmt", read_other},
    {"CreateTransformStmt", read_other},
    {"MergeStmt", read_merge},
    {"TruncateStmt", read_truncate},
    {"CopyStmt", read_copy},
    {"LockStmt", read_lock},
    {"DoStmt", read_do},
    {"CallStmt", read_call},
    // These change nothing that the catalog keeps.
    {"VacuumStmt", read_harmless},
    {"ClusterStmt", read_harmless},
    {"ExplainStmt", read_harmless},
    {"CheckPointStmt", read_harmless},
    {"ConstraintsSetStmt", read_harmless},
    {"DiscardStmt", read_harmless},
    {"NotifyStmt", read_harmless},
    {"ListenStmt", read_harmless},
    {"UnlistenStmt", read_harmless},
    {"LoadStmt", read_harmless},
    {"VariableShowStmt", read_harmless},
    {"PrepareStmt", read_harmless},
    {"DeallocateStmt", read_harmless},
    {"DeclareCursorStmt", read_harmless},
    {"FetchStmt", read_harmless},
    {"ClosePortalStmt", read_harmless},
    {"CreateRoleStmt", read_harmless},
    {"AlterRoleStmt", read_harmless},
    {"AlterRoleSetStmt", read_harmless},
    {"DropRoleStmt", read_harmless},
    {"GrantRoleStmt", read_harmless},
    {"CreatedbStmt", read_harmless},
    {"AlterDatabaseStmt", read_harmless},
    {"AlterDatabaseSetStmt", read_harmless},
    {"AlterDatabaseRefreshCollStmt", read_harmless},
    {"DropdbStmt", read_harmless},
    {"AlterSystemStmt", read_harmless},
    {"CreateTableSpaceStmt", read_harmless},
    {"AlterTableSpaceOptionsStmt", read_harmless},
    {"AlterTableMoveAllStmt", read_harmless},
    {"DropTableSpaceStmt", read_harmless},
    {"SecLabelStmt", read_harmless},
    {"AlterOperatorStmt", read_harmless},
    {"AlterOpFamilyStmt", read_harmless},
    {"AlterTypeStmt", read_harmless},
    {"AlterTSDictionaryStmt", read_harmless},
    {"AlterTSConfigurationStmt", read_harmless},
    {"AlterCollationStmt", read_harmless},
    {"AlterEventTrigStmt", read_harmless},
    {"AlterFdwStmt", read_harmless},
    {"AlterForeignServerStmt", read_harmless},
    {"AlterUserMappingStmt", read_harmless},
    {"DropUserMappingStmt", read_harmless},
    {"AlterSubscriptionStmt", read_harmless},
    {"DropSubscriptionStmt", read_harmless},
    {"AlterStatsStmt", read_harmless},
    {"AlterObjectDependsStmt", read_harmless},
    {"ReassignOwnedStmt", read_harmless},
    {"ReplicaIdentityStmt", read_harmless},
};

}  // namespace

std::vector<Form> read_forms(const pg::Tree& tree) {
  Reader reader(tree);
  const Node root = tree.root();
  if (!root)
    return {};
  for (const Row& row : kReaders)
    if (root.is(row.type)) {
      row.read(reader, root);
      return reader.take();
    }
  read_unknown(reader, root);
  return reader.take();
}

}  // namespace retort::forms
