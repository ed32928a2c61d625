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
  std::vector<const SeenStatement*> statements;  // of the innermost call or statement there
  // Of the catalog before the first of the statements, or behind the last where they make it.
  catalog::Id object = 0;
  catalog::Id table = 0;  // of the column, index or constraint
  std::string column;     // the object is the table
};

Cursor cursor_at(const Spot& spot);

// The catalogs around statements that stand together.
catalog::Catalog before(Model& model, RevIndex revision, const SeenStatement& first);
catalog::Catalog behind(Model& model, RevIndex revision, const SeenStatement& last);

// The name at an offset, as far as letters, digits and `_` go.
Span word_at(std::string_view text, uint32_t offset);

// Where the name stands, and not as a part of a longer one.
std::vector<Span> whole_words(std::string_view text, std::string_view name);

// What a header names: parents, then dependencies.
std::vector<const Reference*> references_of(const Revision& revision);
// Where the header of `naming` names another revision.
std::vector<Span> named_by(const Chain& chain, RevIndex naming, RevIndex named);

// What emits a statement; the revision's header where that is no file.
Place place_of(const Model& model, RevIndex revision, const LintStatement& statement);

// Where a revision says what it is: its id.
Place header_of(const Model& model, RevIndex revision);

}  // namespace retort::lsp
