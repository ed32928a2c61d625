// What an editor shows of statements and objects, in words.
#pragma once

#include "editors/server/model.h"

#include <string>

namespace retort::lsp {

// The strongest lock on what was there before the statement; `none` if nobody can be kept waiting.
facts::LockMode strongest_lock(const facts::Facts& facts);
facts::LockMode strongest_lock(std::span<const SeenStatement> statements, bool down);

// "ACCESS EXCLUSIVE on public.orders, SHARE on public.users"; empty: none that anybody waits for.
std::string locks_text(const facts::Facts& facts);
// "every row is written anew"; empty: only the catalog changes.
std::string work_text(const facts::Facts& facts);

// A block of Markdown, or the same as plain text.
std::string code_block(std::string_view sql, bool markdown);
// Text of the project as Markdown shows it as it is.
std::string escaped(std::string_view text, bool markdown);

// `CREATE TABLE …` as the object is in that catalog; a comment where it cannot be written.
std::string definition_text(catalog::Catalog& catalog, catalog::Id id);

// "add order notes", what a revision says of itself.
std::string title_of(const Revision& revision);

}  // namespace retort::lsp
