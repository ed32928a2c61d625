// What one revision does in one direction: the SQL of its body, in order.
#pragma once

#include "common/diagnostic.h"
#include "compiler/forms/forms.h"
#include "compiler/types/types.h"
#include "versions/sections.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct BodyItem {
  // `autocommit_begin` and `autocommit_end` are the ends of Alembic's autocommit_block().
  enum class Kind : uint8_t { statement, autocommit_begin, autocommit_end };
  Kind kind = Kind::statement;
  std::string sql;  // without the `;`
  // Statements that were executed as one text are items of their own. What stands between this one
  // and the one before, with its `;`; empty where this one is alone or the first.
  std::string joint = {};
  bool followed = false;  // the next one stands in the same text
  Loc at;                 // what emitted it, in the file that the user wrote
  std::string_view op;    // "add_column", "execute"; static text; "sql" in a plain-SQL revision
  bool transaction = true;
  std::optional<std::string> data = {};  // the lines of COPY … FROM stdin
  // What a SQL revision demands of it: that it yields true, in words; how many rows it changes.
  std::string_view assertion = {};
  std::optional<RowRange> rows = {};
  // What it does, where CompileOptions ask for that and the grammar takes it.
  std::optional<std::vector<forms::Form>> forms = {};
  // The type that this statement makes or takes away; a run against a database would leave it out
  // where that is done already.
  std::shared_ptr<const NamedType> creates = nullptr;
  std::shared_ptr<const NamedType> drops = nullptr;
};

// An operation that cannot be written as SQL, which a hole says, and what is known of it all the
// same: `create_table` makes a table of that name.
struct Unwritten {
  size_t before = 0;  // the item that it stands before
  Loc at;
  std::string_view op;  // static text
  bool transaction = true;
  std::vector<forms::Form> forms;
};

// An answer that the text alone does not give, and on which the SQL rests.
struct Assumption {
  Loc at;
  std::string text;
};

// Of a constraint that has no name in the text, where env.py may have a convention for it.
inline constexpr std::string_view kUnknownConvention =
    "a constraint gets the name that PostgreSQL makes up; a naming convention, which could not be "
    "read from env.py, would give it another one: set `chain.naming_convention`";

// Of a CHECK, whose name stands in the text: conventions put it into another one.
inline constexpr std::string_view kUnknownCheckName =
    "a check gets the name that stands here; a naming convention, which could not be read from "
    "env.py, may make another one of it: set `chain.naming_convention`, or say op.f(…)";

struct Body {
  std::vector<BodyItem> items;
  std::vector<Unwritten> unwritten;
  std::vector<Assumption> assumptions;
  // Why the body is not complete: holes, each located. Empty when it is.
  std::vector<Diagnostic> holes;
  // It asks what the database holds, so that it depends on the revisions before.
  bool asks = false;
  bool settled = false;  // for this reason or another it would be different behind other revisions

  bool complete() const { return holes.empty(); }
};

// The text as it was executed, of the statement at `number` and those that stand in one text with
// it; `number` is that of the last of them then.
std::string executed_text(const std::vector<BodyItem>& items, size_t& number);

}  // namespace retort
