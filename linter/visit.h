// What a rule sees when it is called, and how it speaks.
#pragma once

#include "compiler/facts/facts.h"
#include "compiler/integrity/verdict.h"
#include "linter/comparison.h"
#include "linter/finding.h"
#include "linter/rule.h"
#include "linter/settings.h"
#include "linter/unit.h"
#include "linter/way_back.h"
#include "linter/weigh.h"

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace retort {

struct ServerFacts {
  int server = 0;
  facts::Facts facts;
};

// Where an object was made.
struct Maker {
  const Unit* unit = nullptr;
  const LintStatement* statement = nullptr;
};

// What all visits share for the length of one run.
struct Linting {
  const Sources& sources;
  const LintSettings& settings;
  const Chain* chain = nullptr;  // none for bare files
  const Integrity* integrity = nullptr;
  std::vector<Finding> findings;
  std::map<catalog::Id, Maker> makers;
  Production production;

  const Maker* maker(catalog::Id id) const {
    const auto found = makers.find(id);
    return found == makers.end() ? nullptr : &found->second;
  }
};

struct Saying {
  std::string_view variant = {};
  std::optional<Level> level = {};  // instead of the rule's
  std::vector<int> servers = {};    // empty: all targets
  bool unknown = false;             // it rests on something that the chain does not tell
};

// A statement, before it is applied.
class Visit {
public:
  Visit(Linting& linting, const Unit& unit, bool down, size_t number, catalog::Catalog& catalog,
        const facts::Transaction& transaction, std::span<const ServerFacts> facts,
        const std::optional<catalog::Problem>& problem, catalog::Id border);

  const Unit& unit() const { return unit_; }
  bool down() const { return down_; }
  const LintStatement& statement() const { return side().statements[number_]; }
  const LintSide& side() const { return down_ ? unit_.down : unit_.up; }
  size_t number() const { return number_; }
  const catalog::Catalog& before() const { return catalog_; }
  const facts::Transaction& transaction() const { return transaction_; }
  // For the first target; see servers_where().
  const facts::Facts& facts() const { return facts_.front().facts; }
  std::span<const ServerFacts> by_server() const { return facts_; }
  // What the server would say instead of running it.
  const std::optional<catalog::Problem>& problem() const { return problem_; }
  const LintSettings& settings() const { return linting_.settings; }
  std::string_view source() const { return linting_.sources.text(unit_.file); }

  // The targets for which something holds.
  std::vector<int> servers_where(const std::function<bool(const facts::Facts&)>& holds) const;
  int oldest_server() const { return facts_.front().server; }

  // The relation of a name; none when the chain does not know it.
  const catalog::Object* relation(const forms::Name& name) const;
  const catalog::Object* object(catalog::Id id) const { return catalog_.get(id); }
  const catalog::Object* type(const forms::Name& name) const;
  std::vector<catalog::Id> functions(const forms::Name& name) const;
  std::string name_of(const catalog::Object& object) const;  // as one would write it here
  std::string text_of(const catalog::Type& type) const;
  // It was there before this release, so that somebody may be using it.
  bool released(catalog::Id id) const;
  // The same, and it may hold rows. A relation that the chain does not know exists and does.
  bool live(const forms::Name& name) const;
  bool live(catalog::Id id) const;
  // Everything is known of this table's columns.
  bool known(const forms::Name& name) const;
  const Maker* maker(catalog::Id id) const;
  // All columns of a foreign key were added by this transaction without a default: NULL is all that
  // there is to prove.
  bool refers_by_nulls(const forms::AddConstraint& add) const;

  // A place inside the statement as one in the file, where it stands there as it is.
  Loc place(Span at) const;
  // `at` counts in the statement. The level falls by one where the answer is not known, and for
  // locks on the way down.
  Diagnostic& report(Span at, std::string message, const Saying& how = {});
  const Sources& sources() const { return linting_.sources; }
  // What production holds of a relation that the statement touches; none when it is not known.
  const statistics::Table* production(const facts::Touched& touched) const {
    return linting_.production.statistics ? linting_.production.table(touched.id, touched.name)
                                          : nullptr;
  }
  // "it has about 3.0 M rows", as the statistics of production say; empty where they do not.
  std::string rows_in_production(const forms::Name& table, std::string_view column = "") const;
  // The fix that writes CONCURRENTLY behind a word of the SQL, or says it to the call, and takes
  // the statement out of its transaction. Empty where the source does not allow it.
  std::optional<Fix> concurrently(std::string_view word) const;

private:
  friend class Linter;
  Linting& linting_;
  const Unit& unit_;
  bool down_;
  size_t number_;
  catalog::Catalog& catalog_;
  catalog::Apply names_;
  const facts::Transaction& transaction_;
  std::span<const ServerFacts> facts_;
  const std::optional<catalog::Problem>& problem_;
  catalog::Id border_;
  const Rule* rule_ = nullptr;
  const forms::Form* form_ = nullptr;  // that the rule is shown

  std::optional<Weight> weight(const Saying& how) const;
};

// A statement of a transaction that has ended, with what it did.
struct Ran {
  size_t number = 0;  // in its side
  std::vector<ServerFacts> facts;
};

// A transaction, at its end. A statement outside of every transaction is one of its own.
class TransactionVisit {
public:
  TransactionVisit(Linting& linting, const Unit& unit, bool down, std::span<const Ran> statements,
                   const facts::Transaction& transaction, const catalog::Catalog& after,
                   catalog::Id border, bool block)
      : linting_(linting), unit_(unit), down_(down), statements_(statements),
        transaction_(transaction), after_(after), border_(border), block_(block) {}

  const Unit& unit() const { return unit_; }
  bool down() const { return down_; }
  bool block() const { return block_; }  // else one statement alone
  std::span<const Ran> statements() const { return statements_; }
  const LintStatement& statement(const Ran& done) const {
    return (down_ ? unit_.down : unit_.up).statements[done.number];
  }
  const facts::Transaction& transaction() const { return transaction_; }
  const catalog::Catalog& after() const { return after_; }
  const LintSettings& settings() const { return linting_.settings; }
  const Chain* chain() const { return linting_.chain; }
  bool live(const facts::Touched& touched) const;
  // The transaction drops it: nobody will want to read it.
  bool goes(const facts::Touched& touched) const {
    return touched.id != 0 && !after_.get(touched.id);
  }
  Diagnostic& report(const Ran& at, std::string message, const Saying& how = {});
  // What a rule of a group has said of the statement, at least as a warning; null: nothing.
  Diagnostic* said(const Ran& at, std::string_view group);
  const Sources& sources() const { return linting_.sources; }

private:
  friend class Linter;
  Linting& linting_;
  const Unit& unit_;
  bool down_;
  std::span<const Ran> statements_;
  const facts::Transaction& transaction_;
  const catalog::Catalog& after_;
  catalog::Id border_;
  bool block_;
  const Rule* rule_ = nullptr;

  std::optional<Weight> weight(const Saying& how) const;
};

// A revision, after its way up and its way down.
class RevisionVisit {
public:
  RevisionVisit(Linting& linting, const Unit& unit) : linting_(linting), unit_(unit) {}

  const Unit& unit() const { return unit_; }
  const LintSettings& settings() const { return linting_.settings; }
  const Chain* chain() const { return linting_.chain; }
  std::string_view source() const { return linting_.sources.text(unit_.file); }
  std::string_view path() const { return linting_.sources.path(unit_.file); }
  const Sources& sources() const { return linting_.sources; }
  const Maker* maker(catalog::Id id) const { return linting_.maker(id); }

  // The statements that would lead back from what the way down leaves.
  std::optional<WayBack> missing;

  bool changes_schema = false;  // the way up does
  bool opaque = false;          // what it does can't be known
  bool has_hole = false;        // one of its ways has, of more than rows
  bool up_fails = false;
  bool whole = true;    // all that its own ways do is known, and both of them run
  bool certain = true;  // nothing that is not known, here or before, takes part in the comparison
  std::vector<Leftover> leftovers;     // none when there is no way down, or it fails
  std::vector<std::string> validated;  // constraints that a way down without statements leaves so
  struct Failure {
    size_t number = 0;
    catalog::Problem problem;
  };
  std::vector<Failure> failures;  // of the way down
  // What destroys data: on the way up, on the way down.
  std::vector<std::pair<size_t, facts::Loss>> lost_up, lost_down;

  // The missing statements, written at the end of the way down.
  std::optional<Fix> leading_back() const;

  // At a statement; without one, at the beginning of the way down, or at the header.
  Diagnostic& report(bool down, std::optional<size_t> number, std::string message,
                     const Saying& how = {});
  Diagnostic& report(Span in_file, std::string message, const Saying& how = {});

private:
  friend class Linter;
  Linting& linting_;
  const Unit& unit_;
  const Rule* rule_ = nullptr;
};

// The end of the chain.
class EndVisit {
public:
  EndVisit(Linting& linting, catalog::Catalog& catalog, std::span<const Unit> units);

  const catalog::Catalog& catalog() const { return catalog_; }
  std::span<const Unit> units() const { return units_; }
  // Those whose way up may do anything: there are holes, or text that is not read.
  std::span<const Unit* const> unclear_units() const { return unclear_; }
  const Chain* chain() const { return linting_.chain; }
  // What retort.lock says of the chain, if there is one.
  const Integrity* integrity() const { return linting_.integrity; }
  const Maker* maker(catalog::Id id) const { return linting_.maker(id); }
  const LintSettings& settings() const { return linting_.settings; }
  std::string_view source(const Unit& unit) const { return linting_.sources.text(unit.file); }
  const Sources& sources() const { return linting_.sources; }
  std::string name_of(const catalog::Object& object) const;
  std::string text_of(const catalog::Type& type) const;
  // Reports at the statement that made the object, or at a place in it, if that is looked at.
  Diagnostic* report(catalog::Id id, std::string message, const Saying& how = {}) {
    return report(id, {}, std::move(message), how);
  }
  Diagnostic* report(catalog::Id id, Span at, std::string message, const Saying& how = {});
  // At the header of a revision.
  Diagnostic* report(const Unit& unit, std::string message, const Saying& how = {});
  // Anywhere, be the revision looked at or not; without one it is about the chain.
  Diagnostic& report(Loc at, const Unit* unit, std::string message, const Saying& how = {});
  // At any statement of a way up.
  Diagnostic* report(const Maker& at, Span in_statement, std::string message,
                     const Saying& how = {});

private:
  friend class Linter;
  Linting& linting_;
  catalog::Catalog& catalog_;
  std::span<const Unit> units_;
  std::vector<const Unit*> unclear_;
  const Rule* rule_ = nullptr;
};

}  // namespace retort
