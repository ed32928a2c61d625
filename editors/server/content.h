// Documents that are no files: the SQL of a revision, a schema at some point of the chain, the page
// of a rule.
#pragma once

#include "editors/server/session.h"

#include <optional>
#include <string>
#include <string_view>

namespace retort::lsp {

// `what`: "upgrade", "downgrade", "guarded", "schema-before", "schema-after".
std::string sql_uri(const Model& model, RevIndex revision, std::string_view what);

// Nothing where there is no such document.
std::optional<std::string> content_of(Session& session, std::string_view uri);

}  // namespace retort::lsp
