// What upgrade() or downgrade() of a Python revision does.
#pragma once

#include "compiler/body.h"
#include "compiler/compilation.h"

namespace retort {

// What the chain has built up to a step.
struct Before {
  const catalog::Catalog* catalog = nullptr;
  std::optional<alembic::Made> own;  // by upgrade() of the revision that goes down
};

// May be called from several threads, each on a large stack. Without a catalog, questions about it
// make a hole, and the body says that it asks.
Body python_body(Compilation& compilation, const Revision& revision, bool down,
                 const Before& before = {});

}  // namespace retort
