// The hashes of retort.lock. Their schemes are frozen for ever: whoever wants another form adds a
// scheme (`up2`) and keeps these.
#pragma once

#include "compiler/body.h"

#include <string>
#include <string_view>
#include <vector>

namespace retort {

// src1 of one file: SHA-256 of its text, CRLF as LF and without a byte order mark. `sha256sum` says
// the same of a file with Unix line ends.
std::string source_hash(std::string_view text);
// src1 of a revision of several files: SHA-256 of a line per file, `ROLE HASH`.
struct SourcePart {
  std::string_view role;  // "file", "down", "override-up", "override-down"
  std::string_view text;
};
std::string source_hash(const std::vector<SourcePart>& parts);

// up1 and down1: SHA-256 of the canonical form of a whole body.
std::string body_hash(const Body& body);

// The form itself:
//
//   SET lock_timeout = '3s';        t w3:setw12:lock_timeoutr1:=s2:3s;
//   CREATE INDEX … CONCURRENTLY …   o w6:create…;
//
// Each statement: whether it runs in the transaction (`t`) or outside (`o`), its tokens as kind,
// size and bytes, `d` and the lines of COPY … FROM stdin, and `;`. Comments and blanks are no
// tokens; words (`w`) are folded as the server folds them; strings (`s`) are what they stand for,
// with or without dollars; anything else is kept as it is written (`r`).
//
// Why tokens, and not the tree of the grammar: libpg_query's tree gets other nodes, fields and
// spellings with each major version, and a hash from it would say "changed" of a revision that
// nobody touched once the library is updated. The rules for tokens have not changed since
// dollar quotes came, and the grammar's opinion is not needed for them. The price is that `int`
// for `integer`, or a pair of parentheses, counts as a change: somebody is asked, and nothing that
// was changed is ever called the same.
std::string canonical(const Body& body);

}  // namespace retort
