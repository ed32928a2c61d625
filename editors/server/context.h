// Where the cursor stands while somebody types: told from the words before it alone, since a text
// that is being written is seldom whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::lsp {

struct Context {
  enum class Kind {
    none,
    revision_id,  // in the string of `down_revision` or `depends_on`
    attribute,    // behind `op.`, `batch_op.` or `sa.`
    argument,     // in the parentheses of a call
    sql,          // in a statement
    allowance,    // in `retort: allow(…)`
  };
  Kind kind = Kind::none;
  std::string_view typed;    // what stands before the cursor of the word
  std::string_view object;   // "op", "sa": of an attribute or a call
  std::string_view call;     // "add_column"
  size_t argument = 0;       // which one, from 0
  std::string_view keyword;  // `table_name=`, where it is named
  bool in_string = false;
  std::vector<std::string_view> strings;  // of the call, before this argument
  std::string_view sql;                   // of the statement, up to the cursor
};

Context context_at(std::string_view text, size_t offset, bool python);

}  // namespace retort::lsp
