// From the statements of a body or of a bare SQL file to their forms, and through them to the
// catalog.
#pragma once

#include "common/diagnostic.h"
#include "compiler/body.h"
#include "compiler/catalog/replay.h"
#include "compiler/statements.h"

#include <vector>

namespace retort {

struct StatementForms {
  Loc at;  // in the file that the user wrote
  std::string sql;
  std::vector<forms::Form> forms;
  bool exact = false;  // the statement stands in the file as it is, so that places inside do too
};

// The place of a statement inside of what emits it, where it stands there as it is: then places in
// it are places in the file. False, and nothing changed, where it does not.
bool find_written(const Sources& sources, std::string_view sql, Loc& at);

// Call these on a large stack, as pg::parse demands; several threads may do so. A statement that
// the grammar does not take has one Opaque form: the reason was reported where it was read.
std::vector<forms::Form> forms_of(std::string_view sql);
std::vector<StatementForms> forms_of(const Sources& sources, Body body);
std::vector<StatementForms> forms_of(std::vector<Statement> statements);

// Applies the statements of a body in order, as one transaction; what the server would refuse is
// reported as `replay/fails`, with its SQLSTATE as variant, and changes nothing.
void replay(catalog::Replay& replay, const std::vector<StatementForms>& statements,
            Diagnostics& diagnostics);

}  // namespace retort
