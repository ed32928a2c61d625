// The words for kinds of statements.
#include "linter/own_rule.h"

#include <array>

namespace retort {
namespace {

using forms::Form;
using forms::ObjectKind;

template <class... Forms>
bool is(const Form& form) {
  return (std::holds_alternative<Forms>(form) || ...);
}

template <class F, auto member, auto... values>
bool has(const Form& form) {
  const F* const found = std::get_if<F>(&form);
  return found && ((found->*member == values) || ...);
}

template <ObjectKind... kinds>
bool drops(const Form& form) {
  const auto* const drop = std::get_if<forms::Drop>(&form);
  return drop && ((drop->object.kind == kinds) || ...);
}

template <ObjectKind... kinds>
bool renames(const Form& form) {
  const auto* const rename = std::get_if<forms::Rename>(&form);
  return rename && ((rename->object.kind == kinds) || ...);
}

template <forms::ConstraintKind kind>
bool adds(const Form& form) {
  const auto* const add = std::get_if<forms::AddConstraint>(&form);
  return add && add->constraint.kind == kind;
}

bool alters_table(const Form& form) {
  const auto* const rename = std::get_if<forms::Rename>(&form);
  const auto* const move = std::get_if<forms::SetSchema>(&form);
  const auto* const own = std::get_if<forms::SetOwner>(&form);
  return is<forms::AddColumn, forms::DropColumn, forms::AlterColumnType, forms::SetNotNull,
            forms::DropNotNull, forms::SetDefault, forms::DropDefault, forms::AlterIdentity,
            forms::DropExpression, forms::AlterColumnSetting, forms::AddConstraint,
            forms::ValidateConstraint, forms::DropConstraint, forms::AlterConstraint,
            forms::AttachPartition, forms::DetachPartition, forms::Inherit,
            forms::AlterTableSetting>(form) ||
         (rename && rename->target == ObjectKind::table) ||
         (move && move->object.kind == ObjectKind::table) ||
         (own && own->object.kind == ObjectKind::table);
}

bool does_block(const Form& form) {
  const auto* const opaque = std::get_if<forms::Opaque>(&form);
  return opaque && opaque->reason.starts_with("DO");
}

using enum forms::ConstraintKind;

// The narrower ones first: the first that fits is what a message calls the statement.
constexpr std::array kKinds = {
    StatementKind{"add column", is<forms::AddColumn>},
    StatementKind{"drop column", is<forms::DropColumn>},
    StatementKind{"alter column type", is<forms::AlterColumnType>},
    StatementKind{"set not null", is<forms::SetNotNull>},
    StatementKind{"drop not null", is<forms::DropNotNull>},
    StatementKind{"set default", is<forms::SetDefault>},
    StatementKind{"drop default", is<forms::DropDefault>},
    StatementKind{"add check", adds<check>},
    StatementKind{"add foreign key", adds<foreign_key>},
    StatementKind{"add primary key", adds<primary_key>},
    StatementKind{"add unique", adds<unique>},
    StatementKind{"add exclusion", adds<exclusion>},
    StatementKind{"add constraint", is<forms::AddConstraint>},
    StatementKind{"validate constraint", is<forms::ValidateConstraint>},
    StatementKind{"drop constraint", is<forms::DropConstraint>},
    StatementKind{"attach partition", is<forms::AttachPartition>},
    StatementKind{"detach partition", is<forms::DetachPartition>},
    StatementKind{"rename column", renames<ObjectKind::column>},
    StatementKind{"rename table", renames<ObjectKind::table>},
    StatementKind{"rename", is<forms::Rename>},
    StatementKind{"set schema", is<forms::SetSchema>},
    StatementKind{"owner to", is<forms::SetOwner>},
    StatementKind{"alter table", alters_table},
    StatementKind{"create table", is<forms::CreateTable>},
    StatementKind{"create materialized view",
                  has<forms::CreateTableAs, &forms::CreateTableAs::materialized, true>},
    StatementKind{"create table as",
                  has<forms::CreateTableAs, &forms::CreateTableAs::materialized, false>},
    StatementKind{"create unique index",
                  has<forms::CreateIndex, &forms::CreateIndex::unique, true>},
    StatementKind{"create index", is<forms::CreateIndex>},
    StatementKind{"reindex", is<forms::Reindex>},
    StatementKind{"drop table", drops<ObjectKind::table>},
    StatementKind{"drop index", drops<ObjectKind::index>},
    StatementKind{"drop view", drops<ObjectKind::view>},
    StatementKind{"drop materialized view", drops<ObjectKind::materialized_view>},
    StatementKind{"drop sequence", drops<ObjectKind::sequence>},
    StatementKind{"drop type", drops<ObjectKind::type>},
    StatementKind{"drop domain", drops<ObjectKind::domain>},
    StatementKind{"drop schema", drops<ObjectKind::schema>},
    StatementKind{"drop function", drops<ObjectKind::function, ObjectKind::routine>},
    StatementKind{"drop procedure", drops<ObjectKind::procedure, ObjectKind::routine>},
    StatementKind{"drop trigger", drops<ObjectKind::trigger>},
    StatementKind{"drop policy", drops<ObjectKind::policy>},
    StatementKind{"drop extension", drops<ObjectKind::extension>},
    StatementKind{"drop", is<forms::Drop>},
    StatementKind{"comment", is<forms::Comment>},
    StatementKind{"grant", has<forms::Grant, &forms::Grant::revoke, false>},
    StatementKind{"revoke", has<forms::Grant, &forms::Grant::revoke, true>},
    StatementKind{"create schema", is<forms::CreateSchema>},
    StatementKind{"add enum value", is<forms::AddEnumValue>},
    StatementKind{"rename enum value", is<forms::RenameEnumValue>},
    StatementKind{"create enum", is<forms::CreateEnum>},
    StatementKind{"create type", is<forms::CreateEnum, forms::CreateComposite, forms::CreateRange>},
    StatementKind{"create domain", is<forms::CreateDomain>},
    StatementKind{"alter domain", is<forms::AlterDomain>},
    StatementKind{"create sequence", is<forms::CreateSequence>},
    StatementKind{"alter sequence", is<forms::AlterSequence>},
    StatementKind{"create view", is<forms::CreateView>},
    StatementKind{"refresh materialized view", is<forms::Refresh>},
    StatementKind{"create procedure",
                  has<forms::CreateFunction, &forms::CreateFunction::kind, ObjectKind::procedure>},
    StatementKind{"create aggregate",
                  has<forms::CreateFunction, &forms::CreateFunction::kind, ObjectKind::aggregate>},
    StatementKind{"create function",
                  has<forms::CreateFunction, &forms::CreateFunction::kind, ObjectKind::function>},
    StatementKind{"alter function", is<forms::AlterFunction>},
    StatementKind{"alter publication", is<forms::AlterPublication>},
    StatementKind{"create trigger", is<forms::CreateTrigger>},
    StatementKind{"create policy", has<forms::CreatePolicy, &forms::CreatePolicy::alter, false>},
    StatementKind{"alter policy", has<forms::CreatePolicy, &forms::CreatePolicy::alter, true>},
    StatementKind{"create rule", is<forms::CreateRule>},
    StatementKind{"create extension", is<forms::CreateExtension>},
    StatementKind{"alter extension", is<forms::AlterExtension>},
    StatementKind{"create statistics", is<forms::CreateStatistics>},
    StatementKind{"insert", is<forms::Insert>},
    StatementKind{"update", is<forms::Update>},
    StatementKind{"delete", is<forms::Delete>},
    StatementKind{"merge", is<forms::Merge>},
    StatementKind{"truncate", is<forms::Truncate>},
    StatementKind{"call", has<forms::Select, &forms::Select::called, true>},
    StatementKind{"select", has<forms::Select, &forms::Select::called, false>},
    StatementKind{"copy", is<forms::Copy>},
    StatementKind{"lock table", is<forms::LockTable>},
    StatementKind{"set", is<forms::Set>},
    StatementKind{"do", does_block},
};

}  // namespace

std::span<const StatementKind> statement_kinds() { return kKinds; }

}  // namespace retort
