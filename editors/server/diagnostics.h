// Findings as the protocol has them.
#pragma once

#include "editors/server/session.h"

namespace retort::lsp {

// At most so many of one file, and one that says how many more there are.
inline constexpr size_t kMaxFindings = 200;

// What there is to say of a file, without what is suppressed. Of a file that nobody has open only
// what concerns the chain as a whole.
std::vector<Shown> diagnostics_of(Session& session, const std::string& path);

// An array.
void write_diagnostics(Session& session, JsonWriter& json, const std::string& path,
                       std::span<const Shown> findings);

// Files that have such findings, over all chains.
std::vector<std::string> files_with_chain_findings(Session& session);

}  // namespace retort::lsp
