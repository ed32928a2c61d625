// Forms change the catalog as PostgreSQL 15 would, or fail with its words.
#pragma once

#include "common/result.h"
#include "compiler/catalog/catalog.h"

#include <functional>

namespace retort::catalog {

// What the server would say instead of doing it.
struct Problem {
  std::string_view sqlstate;  // "42P01"
  std::string message;        // the server's
  std::string detail;
  Span at;  // in the statement
};
template <class T = Nothing>
using Done = Expected<T, Problem>;

inline Unexpected<Problem> problem(std::string_view sqlstate, Span at, std::string message,
                                   std::string detail = {}) {
  return Unexpected{Problem{sqlstate, std::move(message), std::move(detail), at}};
}

// Applies one statement at a time; `follow` collects what actions of ALTER TABLE leave for later
// passes of the same statement.
class Apply {
public:
  explicit Apply(Catalog& target) : catalog(target) {}

  Catalog& catalog;
  std::vector<forms::Form> follow;
  std::vector<std::string> notices;

  Done<> operator()(const forms::CreateTable& form);
  Done<> operator()(const forms::CreateTableAs& form);
  Done<> operator()(const forms::AddColumn& form);
  Done<> operator()(const forms::DropColumn& form);
  Done<> operator()(const forms::AlterColumnType& form);
  Done<> operator()(const forms::SetNotNull& form);
  Done<> operator()(const forms::DropNotNull& form);
  Done<> operator()(const forms::SetDefault& form);
  Done<> operator()(const forms::DropDefault& form);
  Done<> operator()(const forms::AlterIdentity& form);
  Done<> operator()(const forms::DropExpression& form);
  Done<> operator()(const forms::AlterColumnSetting& form);
  Done<> operator()(const forms::AddConstraint& form);
  Done<> operator()(const forms::ValidateConstraint& form);
  Done<> operator()(const forms::DropConstraint& form);
  Done<> operator()(const forms::AlterConstraint& form);
  Done<> operator()(const forms::AttachPartition& form);
  Done<> operator()(const forms::DetachPartition& form);
  Done<> operator()(const forms::Inherit& form);
  Done<> operator()(const forms::AlterTableSetting& form);
  Done<> operator()(const forms::CreateIndex& form);
  Done<> operator()(const forms::Reindex& form);
  Done<> operator()(const forms::Drop& form);
  Done<> operator()(const forms::Rename& form);
  Done<> operator()(const forms::SetSchema& form);
  Done<> operator()(const forms::SetOwner& form);
  Done<> operator()(const forms::Comment& form);
  Done<> operator()(const forms::Grant& form);
  Done<> operator()(const forms::CreateSchema& form);
  Done<> operator()(const forms::CreateEnum& form);
  Done<> operator()(const forms::AddEnumValue& form);
  Done<> operator()(const forms::RenameEnumValue& form);
  Done<> operator()(const forms::CreateComposite& form);
  Done<> operator()(const forms::CreateRange& form);
  Done<> operator()(const forms::CreateDomain& form);
  Done<> operator()(const forms::AlterDomain& form);
  Done<> operator()(const forms::CreateSequence& form);
  Done<> operator()(const forms::AlterSequence& form);
  Done<> operator()(const forms::CreateView& form);
  Done<> operator()(const forms::Refresh& form);
  Done<> operator()(const forms::CreateFunction& form);
  Done<> operator()(const forms::AlterFunction& form);
  Done<> operator()(const forms::CreateTrigger& form);
  Done<> operator()(const forms::CreatePolicy& form);
  Done<> operator()(const forms::CreateRule& form);
  Done<> operator()(const forms::CreateExtension& form);
  Done<> operator()(const forms::AlterExtension& form);
  Done<> operator()(const forms::CreateStatistics& form);
  Done<> operator()(const forms::CreateOther& form);
  Done<> operator()(const forms::AlterPublication& form);
  Done<> operator()(const forms::Insert& form);
  Done<> operator()(const forms::Update& form);
  Done<> operator()(const forms::Delete& form);
  Done<> operator()(const forms::Merge& form);
  Done<> operator()(const forms::Truncate& form);
  Done<> operator()(const forms::Select& form);
  Done<> operator()(const forms::Copy& form);
  Done<> operator()(const forms::LockTable& form);
  Done<> operator()(const forms::Set& form);
  Done<> operator()(const forms::Transaction& form);
  Done<> operator()(const forms::Harmless& form);
  Done<> operator()(const forms::Opaque& form);

  // --- looking up (lookup.cc) ---
  // Whether what is not in the catalog is not in the database either.
  bool certain(const forms::Name& name) const;
  bool certain() const { return !catalog.opaque && !catalog.incomplete; }
  std::vector<Id> path() const;  // the schemas of the search path that exist
  Id in_path(Space space, std::string_view name) const;
  Done<Id> schema(std::string_view name, Span at) const;
  Done<Id> creation_schema(const forms::Name& name) const;
  Id relation(const forms::Name& name) const;  // 0: not found
  Id type_named(const forms::Name& name) const;
  bool is_system(const forms::Name& name) const;
  // A relation that must be there; 0 when it is not, but may be.
  Done<Id> existing(const forms::Name& name, Kind kind, bool may_be_missing = false) const;
  // For ALTER TABLE: a table-like relation that it may be said of.
  Done<Id> table(const forms::Name& name, bool if_exists);
  Done<const Column*> column(Id table, std::string_view name, Span at) const;
  bool partial(Id table) const;  // columns that are not known may be there
  Done<Type> type(const forms::TypeName& name) const;
  Done<> mentioned(const forms::Mentions& mentions, Id table, std::vector<Need>& needs,
                   int own_column, Span at, bool new_old = false) const;
  // No index of that method can hold the type without being told how.
  bool lacks_class(const Type& type, std::string_view method) const;
  std::vector<Id> functions(const forms::Name& name) const;
  Id function(const forms::Name& name, const std::vector<Type>& inputs) const;

  // --- words (describe.cc) ---
  std::string visible_name(const Object& object) const;  // qualified when not in the path
  std::string text(const Type& type) const;
  std::string describe(Id id, int column = 0) const;  // "column a of table t"

  // --- names (naming.cc) ---
  std::string relation_name(std::string_view table, std::string_view columns,
                            std::string_view label, Id schema, bool constraint) const;
  std::string constraint_name(std::string_view table, std::string_view columns,
                              std::string_view label, Id schema,
                              const std::set<std::string>& taken = {}) const;

  // --- removing (drop.cc) ---
  struct Target {
    Id id;
    int column = 0;
  };
  Done<> drop(const std::vector<Target>& targets, forms::Behavior behavior, Span at);

  // --- parts (apply_*.cc) ---
  Done<> free_relation_name(std::string_view name, Id schema, Span at) const;
  Done<> free_type_name(std::string_view name, Id schema, Span at) const;
  Done<> add_column(Id table, const forms::Column& column, bool inherited, Span at);
  // The sequence of a serial or identity column, whose type is `type`.
  Done<> add_filling(Id table, int number, const forms::Column& column, std::string_view type,
                     Span at);
  Done<Id> add_constraint(Id table, const forms::Constraint& constraint, Span at,
                          std::set<std::string>* chosen = nullptr, bool only = false);
  Done<Id> add_check(Id table, const forms::Constraint& constraint, Span at,
                     std::set<std::string>* chosen, bool only);
  Done<Id> add_foreign_key(Id table, const forms::Constraint& constraint, Span at);
  Done<Id> add_key(Id table, const forms::Constraint& constraint, Span at, bool only = false);
  Done<Id> add_index(const forms::CreateIndex& form, Id table, Id constraint_table, Id parent = 0);
  enum class Filled : uint8_t { by_default, stored, when_read };
  Done<> set_default(Id table, int column, const forms::Expression& value, Filled filled, Span at);
  void drop_default(Id table, int column);
  Done<Id> add_sequence(Id schema, std::string name, const forms::SequenceOptions& options,
                        std::string_view type, Span at);
  Done<> change_sequence(Sequence& sequence, const forms::SequenceOptions& options, Span at,
                         bool fresh) const;
  void own_sequence(Id sequence, Id table, int column, bool identity);
  void set_not_null(Id table, int column, std::string name = {}, bool valid = true);
  // From 18 on NOT NULL is a constraint with a name.
  std::string not_null_name(const Object& table, const std::string& column) const;
  Done<> attach(Id parent, Id child, std::string bound, Span at, bool created);
  std::vector<Id> children(Id table) const { return catalog.children(table); }
  Done<> clone_to_partition(Id parent, Id child, Span at);
  // Whether an action of ALTER TABLE may be said of this relation: not of a view.
  Done<> takes(Id table, std::string_view action, Span at) const;
  Done<> check_bound(Id parent, std::string_view name, std::string_view bound, Span at) const;
  Done<> publish(Id publication, const std::vector<forms::Published>& tables, Span at);
  // Fails where something has stored of which type the column is.
  Done<> check_retype(Id table, int column, Span at) const;
  // What a member of one table needs of its columns, for its copy on another table.
  void copy_column_needs(Id member, Id table, Id copy, Id copy_table);
  void rename_in_texts(Id table, std::string_view from, std::string_view to);
  bool can_refer(const Type& own, const Type& other) const;
  Done<> check_references(Id table, int column, Span at) const;
  Id find_role(std::string_view name) const;  // that the chain made
  Done<Id> find_object(const forms::Object& object, bool if_exists) const;
  // The output columns of a query; false when they are not all known.
  Done<bool> columns_of(const forms::Query& query, std::vector<Column>& columns,
                        std::vector<Need>& needs) const;
  Done<> add_relation_as(const forms::Name& name, Kind kind, const forms::Query& query,
                         const std::vector<std::string>& names, std::string text, Span at);
  void blur(const forms::Opaque& opaque);
  void note_calls(const forms::Mentions& mentions);
  int next_column(Id table) const;
};

std::string make_object_name(std::string_view first, std::string_view second,
                             std::string_view label);
std::string cut_name(std::string_view name);  // to 63 bytes
// The columns' part of an index's name; each is named once: `expr_expr1`.
std::string index_columns_name(const std::vector<std::string>& names);

// `int4` for `serial`; empty for any other type.
std::string serial_type(const forms::TypeName& type);

// The catalog as text: sorted, complete, the same for the same shape.
std::string print(const Catalog& catalog);
// One object with its members.
std::string print(Catalog& catalog, Id id);

}  // namespace retort::catalog
