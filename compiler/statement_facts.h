// The facts about every statement of a chain, each seen behind what its ancestors have built.
#pragma once

#include "common/run.h"
#include "compiler/body.h"
#include "compiler/compilation.h"
#include "compiler/facts/facts.h"
#include "compiler/statement_forms.h"
#include "versions/chain.h"
#include "versions/range.h"

#include <functional>
#include <span>
#include <vector>

namespace retort {

// The statement is the one at this place among those of the step's body.
using EachFacts = std::function<void(size_t step, size_t statement, const StatementForms& forms,
                                     const facts::Facts& facts)>;

// `steps` go up, and each may be followed by its own way down, which leaves nothing behind; or all
// of them go down. A step is one transaction, but for what its body does outside of it.
void each_facts(const Sources& sources, std::span<const Step> steps, std::span<const Body> bodies,
                facts::Walk& walk, unsigned threads, const EachFacts& each);

// Which statements of a body run in the transaction of their revision.
std::vector<bool> in_transaction(const Body& body);

// Replays what comes before the steps, without a word about it.
void replay_before(Run& run, const Chain& chain, const CompileOptions& options,
                   std::span<const Step> steps, facts::Walk& walk);

}  // namespace retort
