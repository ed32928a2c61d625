// One step's body. Steps do not depend on each other, so that they compile in parallel.
#pragma once

#include "common/run.h"
#include "compiler/body.h"
#include "compiler/compilation.h"
#include "compiler/settle.h"
#include "versions/chain.h"
#include "versions/range.h"

#include <span>
#include <vector>

namespace retort {

// What keeps the body from being complete is among its holes; `remarks` gets the rest. Call it on a
// large stack, as pg::check demands; several threads may do so, with a sink each.
Body compile_step(Compilation& compilation, Step step, Diagnostics& remarks);

// One body per step, as if there were no other; remarks are reported in the order of the steps.
std::vector<Body> compile_apart(Compilation& compilation, std::span<const Step> steps);

// The way up and the way down of one revision, behind what a catalog holds.
std::vector<Body> compile_both_ways(Compilation& compilation, RevIndex revision,
                                    const catalog::Catalog& before);

// The same as compile_apart, each with what the steps before it have built.
std::vector<Body> compile_steps(Run& run, const Chain& chain, const CompileOptions& options,
                                std::span<const Step> steps, Order order = Order::script,
                                std::span<const RevIndex> start = {});

}  // namespace retort
