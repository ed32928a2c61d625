// What is linted: the statements of one revision, up and down, or those of a bare SQL file.
#pragma once

#include "common/run.h"
#include "compiler/catalog/catalog.h"
#include "compiler/compilation.h"
#include "compiler/statement_forms.h"
#include "versions/chain.h"

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct LintStatement : StatementForms {
  std::string_view op;      // "create_index"; "sql" in a file of SQL; static text
  bool transaction = true;  // runs in the transaction of its revision
  Loc call = {};            // what emits it: more than the statement where that stands in a string
  bool follows = false;     // the call has emitted another one before it, in the same text
  bool followed = false;    // … and another one behind it
  size_t number = 0;        // among those that have SQL, from 1; 0: a hole stands here

  bool unwritten() const { return number == 0; }
};

// A DO block, a procedure: something in it is read by nobody here.
bool may_do_anything(const LintStatement& statement);

struct LintSide {
  bool written = false;  // there is such a part
  std::vector<LintStatement> statements;
  std::vector<Diagnostic> holes;  // why it is not complete
  std::vector<Assumption> assumptions;
};

// Nobody knows what a hole is about.
bool hides_tables(const LintSide& side);
// A hole may change the schema: it changes more than rows, or nobody knows.
bool hides_changes(const LintSide& side);

struct Unit {
  std::string revision;           // empty for a bare file
  std::optional<RevIndex> index;  // in the chain
  FileId file = FileId::none;
  LintSide up, down;
  bool reported = true;  // else it is there for what it builds
  bool settled = false;  // it would be another behind other revisions
};

// The revisions of a chain, each after its ancestors, with those that `reported` holds to be looked
// at; nothing else needs its way down. Those in `first`, with all their ancestors, come before all
// others.
std::vector<Unit> units_of(Run& run, const Chain& chain, const CompileOptions& options,
                           const RevisionSet& reported, const RevisionSet* first = nullptr);

// One revision, as it is behind what `before` holds.
Unit unit_of(Compilation& compilation, RevIndex revision, const catalog::Catalog& before);

// The names of the tables that their ways up are about, without schemas.
std::set<std::string> tables_named(std::span<const Unit> units);

// A file of SQL that is no revision. `in_transaction`: somebody wraps it in one, unless it says
// BEGIN itself. `server`: the oldest that it is for.
Unit unit_of(Run& run, FileId file, bool in_transaction, int server = pg::kNewestServer);

}  // namespace retort
