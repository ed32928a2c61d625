// The work on one statement: what the readers of all kinds of statements share.
#pragma once

#include "compiler/facts/facts.h"

namespace retort::facts {

using catalog::Id;
using catalog::Kind;
using catalog::Object;

struct Study {
  Study(catalog::Catalog& before_, const Transaction& transaction_, int server_)
      : before(before_), look(before_), transaction(transaction_), server(server_) {}

  Facts facts;
  const catalog::Catalog& before;
  catalog::Apply look;  // for its questions; nothing is applied
  const Transaction& transaction;
  int server;

  // --- objects ---
  // As it is before the statement; what the statement makes, as it makes it.
  const Object* get(Id id) const;
  const catalog::Table* table(Id id) const;
  const catalog::Catalog::Change* change(Id id) const;
  bool dropped(Id id) const;
  // A relation that is there before the statement; 0 when it is not, or not known.
  Id find(const forms::Name& name) const;
  std::string name_of(Id id) const;
  std::string column_name(Id id, std::string_view column) const;

  // --- relations that belong together (relations.cc) ---
  std::vector<Id> descendants(Id id, bool only = false) const;  // without itself
  std::vector<Id> partitions(Id id) const;                      // all below, if it is partitioned
  Id default_partition(Id root) const;
  bool stored(Id id) const;  // has rows of its own
  std::vector<Id> indexes(Id id) const;
  std::vector<Id> owned_sequences(Id id) const;
  bool partitioned(Id id) const;

  // --- what is touched ---
  Touched& touch(Id id, LockMode mode, std::string_view reason = {});
  // By its name in the statement; it may not be known.
  Touched& touch(const forms::Name& name, LockMode mode);
  // The table of ALTER TABLE with those below it. Empty when there is none.
  std::vector<Id> alter(const forms::Name& name, bool if_exists, bool only, LockMode mode);
  void scan(Id id, std::string_view reason, Answer answer = Answer::yes);
  void rewrite(Id id, std::string_view reason, Answer answer = Answer::yes);
  void build(Id table, std::string_view reason, Answer answer = Answer::yes);
  void rebuild(Id index, std::string_view reason, Answer answer = Answer::yes);
  void lock_indexes(Id table, LockMode mode);
  // Every relation that a query reads, as the planner locks it: with its indexes.
  void read(const forms::Query& query, LockMode mode = LockMode::access_share);
  void read(const forms::Mentions& mentions);
  // What a view or a policy names: locked, but not planned.
  void mention(const forms::Query& query);
  void mention(const forms::Mentions& mentions);
  void lose(Loss::Kind kind, Id id, std::string what);

  // --- verdicts ---
  void unknown(std::string what);
  void fail(std::string_view sqlstate, std::string message, Span at = {});
  void fail_with_rows(std::string_view sqlstate, std::string message, Span at = {});
  void may_fail(std::string_view sqlstate);
};

// One for each form; what a form says of the catalog alone is seen from the changes.
void study(Study& s, const forms::CreateTable& form);
void study(Study& s, const forms::CreateTableAs& form);
void study(Study& s, const forms::AddColumn& form);
void study(Study& s, const forms::DropColumn& form);
void study(Study& s, const forms::AlterColumnType& form);
void study(Study& s, const forms::SetNotNull& form);
void study(Study& s, const forms::DropNotNull& form);
void study(Study& s, const forms::SetDefault& form);
void study(Study& s, const forms::DropDefault& form);
void study(Study& s, const forms::AlterIdentity& form);
void study(Study& s, const forms::DropExpression& form);
void study(Study& s, const forms::AlterColumnSetting& form);
void study(Study& s, const forms::AddConstraint& form);
void study(Study& s, const forms::ValidateConstraint& form);
void study(Study& s, const forms::DropConstraint& form);
void study(Study& s, const forms::AlterConstraint& form);
void study(Study& s, const forms::AttachPartition& form);
void study(Study& s, const forms::DetachPartition& form);
void study(Study& s, const forms::Inherit& form);
void study(Study& s, const forms::AlterTableSetting& form);
void study(Study& s, const forms::CreateIndex& form);
void study(Study& s, const forms::Reindex& form);
void study(Study& s, const forms::Drop& form);
void study(Study& s, const forms::Rename& form);
void study(Study& s, const forms::SetSchema& form);
void study(Study& s, const forms::SetOwner& form);
void study(Study& s, const forms::Comment& form);
void study(Study& s, const forms::Grant& form);
void study(Study& s, const forms::CreateSchema& form);
void study(Study& s, const forms::CreateEnum& form);
void study(Study& s, const forms::AddEnumValue& form);
void study(Study& s, const forms::RenameEnumValue& form);
void study(Study& s, const forms::CreateComposite& form);
void study(Study& s, const forms::CreateRange& form);
void study(Study& s, const forms::CreateDomain& form);
void study(Study& s, const forms::AlterDomain& form);
void study(Study& s, const forms::CreateSequence& form);
void study(Study& s, const forms::AlterSequence& form);
void study(Study& s, const forms::CreateView& form);
void study(Study& s, const forms::Refresh& form);
void study(Study& s, const forms::CreateFunction& form);
void study(Study& s, const forms::AlterFunction& form);
void study(Study& s, const forms::CreateTrigger& form);
void study(Study& s, const forms::CreatePolicy& form);
void study(Study& s, const forms::CreateRule& form);
void study(Study& s, const forms::CreateExtension& form);
void study(Study& s, const forms::AlterExtension& form);
void study(Study& s, const forms::CreateStatistics& form);
void study(Study& s, const forms::CreateOther& form);
void study(Study& s, const forms::AlterPublication& form);
void study(Study& s, const forms::Insert& form);
void study(Study& s, const forms::Update& form);
void study(Study& s, const forms::Delete& form);
void study(Study& s, const forms::Merge& form);
void study(Study& s, const forms::Truncate& form);
void study(Study& s, const forms::Select& form);
void study(Study& s, const forms::Copy& form);
void study(Study& s, const forms::LockTable& form);
void study(Study& s, const forms::Set& form);
void study(Study& s, const forms::Transaction& form);
void study(Study& s, const forms::Harmless& form);
void study(Study& s, const forms::Opaque& form);

// What went and what came, whatever the statement was (changes.cc).
void study_changes(Study& s, const std::vector<forms::Form>& forms);
// What the server of that version cannot read, and what it, or this transaction, does not take
// (refusals.cc).
void study_syntax(Study& s, const forms::Form& form);
void study_refusals(Study& s, const std::vector<forms::Form>& forms);
std::string_view outside_only(const Study& s, const forms::Form& form);
// What would compare values of types that cannot be compared (comparisons.cc).
void study_comparisons(Study& s, const std::vector<forms::Form>& forms);
// Labels that were added in this transaction and may not be used yet (labels.cc).
void study_labels(Study& s, const std::vector<forms::Form>& forms);

// What must hold together for a check's text to hold, as far as it is plain.
struct Conjuncts {
  std::vector<std::string_view> parts;
  bool all = true;  // false: there may be more than these
};
Conjuncts conjuncts(std::string_view text);
std::string_view without_parentheses(std::string_view text);  // around the whole of it
// The parts between the top-level occurrences of ` AND ` or another such word; one where there is
// none, or where the text is more than that.
std::vector<std::string_view> parts_of(std::string_view text, std::string_view word);
// A row for which one check is not false passes the other too (implied_check.cc).
bool implies(std::string_view known, std::string_view wanted);

// A valid CHECK says that the column is not null (not_null.cc).
Answer proven_not_null(const Study& s, Id table, const catalog::Column& column);
// Both sides of a foreign key that is checked against the rows that are there.
void check_foreign_key(Study& s, Id table, Id referenced, LockMode on_referenced,
                       bool holds = false);  // by what was there before
// No two rows have the same values there, as some index demands or did until now.
bool is_unique_already(const Study& s, Id table, const std::vector<std::string>& columns);

}  // namespace retort::facts
