// What a revision is today, in the hashes of retort.lock.
#pragma once

#include "compiler/compilation.h"
#include "versions/lock_file.h"

#include <span>
#include <string>
#include <vector>

namespace retort {

// All but the hashes of SQL. The text is that of all its files: the second one of a pair, and what
// is written by hand in its place.
RevisionState without_sql(const Run& run, const Chain& chain, const CompileOptions& options,
                          RevIndex revision);

// Each revision behind its own ancestors and nothing else, so that other branches change nothing.
// What compiling has to say is left out: other commands say it.
std::vector<RevisionState> states_of(Run& run, const Chain& chain, const CompileOptions& options,
                                     std::span<const RevIndex> revisions);

}  // namespace retort
