// The text that `alembic upgrade --sql`, `downgrade --sql` and `stamp --sql` of Alembic 1.19 print.
#pragma once

#include "compiler/script/script.h"
#include "versions/config.h"

#include <span>
#include <string>

namespace retort {

// A body with holes has a comment in place of each.
std::string plain_script(const Chain& chain, std::span<const ScriptStep> steps,
                         const Config& config, const Sources& sources);

// `ensure_version --sql`: the version table alone.
std::string plain_version_table(const Config& config);

}  // namespace retort
