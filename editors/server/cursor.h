// What stands under the cursor: a revision's id, a statement or the call that emits it, an object
// of the catalog.
#pragma once

#include "editors/server/session.h"

#include <optional>
#include <vector>

namespace retort::lsp {

struct Cursor {
  Span word;                                     // the name there, quotes left out; empty: none
  std::optional<RevIndex> revision;              // whose id it is
  bool own_id = false;                           // of this very file
  std::vector<const SeenStatement*> statements;  // of the innermost call or statement there
  // Of the catalog before the first of the statements, or behind the last where they make it.
  catalog::Id object = 0;
  catalog::Id table = 0;  // of the column, index or constraint
  std::string column;     // the object is the table
  std::string label;      // the object is the type
};

Cursor cursor_at(Session& session, const Spot& spot);

// The catalogs around statements that stand together.
catalog::Catalog before(Model& model, RevIndex revision, const SeenStatement& first);
catalog::Catalog behind(Model& model, RevIndex revision, const SeenStatement& last);

// The name at an offset, as far as letters, digits and `_` go.
Span word_at(std::string_view text, uint32_t offset);

// Where a revision says what it is: its id.
Place header_of(const Model& model, RevIndex revision);

}  // namespace retort::lsp
