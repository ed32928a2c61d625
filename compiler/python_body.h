// What upgrade() or downgrade() of a Python revision does.
#pragma once

#include "compiler/body.h"
#include "compiler/compilation.h"

namespace retort {

// May be called from several threads, each on a large stack.
Body python_body(Compilation& compilation, const Revision& revision, bool down);

}  // namespace retort
