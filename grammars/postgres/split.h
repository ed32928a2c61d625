// SQL text to statements, as psql and the server cut it: no grammar, so one broken statement leaves
// the others readable. Linear in the text, no recursion.
//
//   SELECT 1; -- one          statements: `SELECT 1`, `COPY t FROM stdin` with the data `2`
//   COPY t FROM stdin;        comments:   `-- one`
//   2
//   \.
#pragma once

#include "common/source.h"

#include <string_view>
#include <vector>

namespace retort::pg {

struct Statement {
  Span span;                // first token to last token, without the `;`
  Span data;                // the lines of COPY … FROM stdin, without the `\.`
  bool copies = false;      // COPY … FROM stdin: `data` means something
  bool terminated = false;  // a `;` ends it
  bool broken = false;      // a problem lies inside: the grammar would only repeat it
};

enum class Problem : uint8_t {
  open_string,
  open_name,
  open_dollar,
  open_comment,
  open_parenthesis,
  psql_command,
  restrict_command,  // `\restrict` and `\unrestrict` of pasted dumps; skipped, no error
  nul,
};

struct Fault {
  Problem problem;
  Span at;  // the opening quote, the command, the byte
};
bool is_error(Problem problem);
std::string_view explain(Problem problem);  // "string is never closed"

struct Split {
  std::vector<Statement> statements;
  std::vector<Span> comments;
  std::vector<Fault> faults;  // in the order of the text
};

// Cuts the bytes of `range`; spans count from the start of `text`. A byte order mark at the start
// of the text is skipped.
//
// A `;` inside parentheses ends the statement unless it makes a rule, the one statement that may
// hold it there: psql would read on to the end of the file. A body opens at BEGIN ATOMIC, not at
// a routine that is called `begin`.
Split split(std::string_view text, Span range);
Split split(std::string_view text);

}  // namespace retort::pg
