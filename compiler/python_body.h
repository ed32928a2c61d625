// What upgrade() or downgrade() of a Python revision does.
#pragma once

#include "compiler/body.h"
#include "versions/revision.h"

namespace retort {

// May be called from several threads.
Body python_body(const Sources& sources, const Revision& revision, bool down);

}  // namespace retort
