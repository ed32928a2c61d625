// The database before a range of steps, as the chain has built it.
#pragma once

#include "bundle/rollback/ledger.h"
#include "common/run.h"
#include "compiler/compilation.h"
#include "compiler/facts/transaction.h"
#include "versions/chain.h"
#include "versions/range.h"

#include <span>

namespace retort::rollback {

struct Past {
  catalog::Replay replay;
  Ledger ledger;
  facts::Transaction transaction;

  explicit Past(int server) { replay.catalog().server = server; }
};

// Applies the way up of one revision. `holes`: something of it is not known.
template <class Statements>
void replay_up(const Statements& statements, bool holes, Past& past) {
  for (const StatementForms& statement : statements) {
    const catalog::Replay::Look look = past.replay.look(statement.forms);
    past.replay.take();
    if (!look.problem)
      past.ledger.add(statement, past.replay.catalog(), look.changes);
  }
  past.replay.end_transaction();
  if (holes)
    past.replay.catalog().opaque = true;  // what the hole would have done is not known
}

// Replays what comes before the steps of an upgrade, without a word about it.
void replay_before(Run& run, const Chain& chain, const CompileOptions& options,
                   std::span<const Step> steps, Past& past);

}  // namespace retort::rollback
