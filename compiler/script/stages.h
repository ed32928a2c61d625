// A script cut into stages: transactions, and between them the statements that must run alone. A
// stage is done or not done, never half; after any failure the rest can go on from there.
#pragma once

#include "compiler/script/script.h"

#include <span>
#include <string>
#include <vector>

namespace retort {

// Where transactions end: with every revision, with the script, or where the configuration (and
// env.py) say so for Alembic.
enum class Transactions : uint8_t { as_written, per_revision, all };

struct Stage {
  struct Act {
    // A revision begins; a statement; SQL that is missing; the rows of the version table move.
    enum class Kind : uint8_t { title, statement, hole, rows };
    Kind kind = Kind::statement;
    size_t step = 0;                   // of the script
    std::string sql = {};              // without `;`
    const BodyItem* item = nullptr;    // that it comes from
    const Diagnostic* hole = nullptr;  // why it is missing
  };
  std::vector<Act> acts;
  // How the server calls the one statement that it forbids in a transaction block; empty for a
  // transaction. Acts of other kinds may stand around it.
  std::string_view alone;
  // The version table before and after.
  Rows before, after;
  // SET without LOCAL: who leaves this stage out must run them all the same.
  std::vector<std::string> session;

  const Act& statement() const;  // of a stage that is alone
};

// Several stages belong to one revision, so that the version table cannot tell how far it got.
bool needs_progress(std::span<const Stage> stages);

// A body that rolls its transaction back has no place in a script that can be taken up again: the
// result then names it in `rolls_back`.
struct Stages {
  std::vector<Stage> stages;
  const BodyItem* rolls_back = nullptr;
};

// `rows` are those before the first step. The result views the steps.
Stages cut_into_stages(std::span<const ScriptStep> steps, const Rows& rows, const Config& config,
                       Transactions transactions);

}  // namespace retort
