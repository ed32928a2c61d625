// The SQL statements of one plain-SQL revision in one direction, as they are written.
#pragma once

#include "common/diagnostic.h"
#include "common/source.h"
#include "compiler/checked.h"
#include "compiler/forms/forms.h"
#include "versions/revision.h"
#include "versions/sections.h"

#include <optional>
#include <string_view>
#include <vector>

namespace retort {

// Views are into the text of `at.file`.
struct Statement {
  Loc at;                   // first token to last token, without the `;`
  std::string_view sql;     // the same as text
  std::string_view data;    // the lines of COPY … FROM stdin
  bool copies = false;      // COPY … FROM stdin
  bool transaction = true;  // runs in a transaction block
  bool valid = true;        // the grammar takes it; else the reason was reported
  std::string_view
      outside;  // what the server calls a statement that it forbids in a block, or empty
  std::string_view assertion;    // the text of `-- retort: assert`: the statement must yield true
  std::optional<RowRange> rows;  // of `-- retort: expect rows`
  std::optional<std::vector<forms::Form>> forms;  // what it does, where it was asked for and valid
};

// Splits and checks the bodies. Call it on a large stack, as pg::check demands; several threads may
// do so, with a sink each. Nothing is left out: a statement with errors is there, not valid.
// `body` is what read_sections says of the revision; an irreversible one has nothing to go down.
std::vector<Statement> read_statements(const Sources& sources, const Revision& revision,
                                       const SqlBody& body, bool down, Diagnostics& diagnostics,
                                       const Wanted& wanted = {});

// The same for one section, or for a bare file that is no revision.
std::vector<Statement> read_statements(const Sources& sources, const SqlSection& section,
                                       Diagnostics& diagnostics, const Wanted& wanted = {});

}  // namespace retort
