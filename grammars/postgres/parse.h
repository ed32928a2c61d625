// One statement against PostgreSQL's own grammar (libpg_query).
#pragma once

#include "common/source.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::pg {

constexpr int kNewestServer = 18;

struct Limits {
  size_t bytes = size_t{4} << 20;
  uint32_t tree = 20'000;      // libpg_query 15 and 17 crash on an 8 MiB stack at some 100,000
  uint32_t nesting = 5'000;    // the grammar itself gives up between 5,000 and 10,000
  int server = kNewestServer;  // the oldest that the statement is for
};

// What the grammar does not take, told from its words (reject_words.cc).
struct Meant {
  std::string_view words;
  std::string_view advice;  // what takes their place here
  int read_since = 0;       // servers from here on read the words, in order to refuse them (0A000)
};

struct Reject {
  enum class Reason : uint8_t { syntax, newer_grammar, too_large };
  Reason reason = Reason::syntax;
  Span at;                       // in the statement; empty at its end
  std::string message;           // "not valid in PostgreSQL 15: syntax error at or near `selec`"
  const Meant* meant = nullptr;  // where the words are known from elsewhere

  std::string_view sqlstate(int server) const;
  std::string_view advice() const { return meant ? meant->advice : std::string_view(); }
};

// Words of a later grammar that were read in words of this one.
struct Retold {
  enum class Meaning : uint8_t { virtual_column, not_null_constraint, enforced, not_enforced };
  Meaning meaning;
  Span at;  // the words, in the statement
};

// Nothing when the grammar accepts the statement. Call it on a large stack: inside a task of
// `parallel_for` or `on_large_stack` (common/parallel.h).
std::optional<Reject> check(std::string_view statement, const Limits& limits = {});

// Comments as blanks, newlines kept, so that all offsets stay: before libpg_query 18 a comment
// between two words that the grammar reads as a pair is a syntax error (`NULLS /* */ LAST`).
std::string blank_comments(std::string_view statement);

// Byte offset of the character that libpg_query counts from 1, by the server's rule: the first byte
// says how long a character is.
uint32_t byte_offset(std::string_view text, int cursor);

// What `newer` grammar feature the words at `offset` spell, or empty (reject_words.cc).
std::string newer_feature(std::string_view statement, uint32_t offset, std::string_view message,
                          int major);
const Meant* meant_by(std::string_view statement, uint32_t offset);

// Tells what the grammar refuses at `offset` in words that it takes, and that are as long, so that
// all offsets stay. Nothing, and nothing changed, when that is not known (retell.cc).
std::optional<Retold> retell(std::string& statement, uint32_t offset);

// Statements as libpg_query's grammar cuts a text without errors; nothing when it has errors. The
// splitter's tests compare with it.
std::optional<std::vector<Span>> split_by_grammar(const std::string& text);

}  // namespace retort::pg
