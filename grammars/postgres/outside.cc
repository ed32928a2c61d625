#include "grammars/postgres/outside.h"

#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

namespace retort::pg {
namespace {

// What stands between blanks.
struct Parts {
  constexpr Parts(const char* text) {
    std::string_view rest = text;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find(' '), rest.size());
      all[count++] = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  constexpr const std::string_view* begin() const { return all.data(); }
  constexpr const std::string_view* end() const { return all.data() + count; }

  std::array<std::string_view, 7> all;
  size_t count = 0;
};

// `words` open the statement, the first of them one word: `a|b` is a choice, `[a]` may be missing,
// `*` is any run of words, `$` the end. Parentheses are skipped; `option` must be among the words
// of one, if given, and `without` must not. Names of objects can't pose as `concurrently` and the
// like without quotes.
struct Forbidden {
  Parts words;
  std::string_view name;
  std::string_view option = {};
  std::string_view without = {};
};
// As of PostgreSQL 12 to 18. REFRESH MATERIALIZED VIEW CONCURRENTLY and ALTER TYPE … ADD VALUE are
// allowed; DROP SUBSCRIPTION is forbidden while it has a slot, its usual state.
constexpr Forbidden kForbidden[] = {
    {"create [unique] index concurrently", "CREATE INDEX CONCURRENTLY"},
    {"drop index concurrently", "DROP INDEX CONCURRENTLY"},
    {"reindex index|table|schema|database|system concurrently", "REINDEX CONCURRENTLY"},
    {"reindex schema", "REINDEX SCHEMA"},
    {"reindex database", "REINDEX DATABASE"},
    {"reindex system", "REINDEX SYSTEM"},
    {"reindex", "REINDEX CONCURRENTLY", "concurrently", "concurrently false"},
    {"vacuum", "VACUUM"},
    {"cluster [verbose] $", "CLUSTER"},
    {"create database", "CREATE DATABASE"},
    {"drop database", "DROP DATABASE"},
    {"alter database * set tablespace", "ALTER DATABASE SET TABLESPACE"},
    {"create tablespace", "CREATE TABLESPACE"},
    {"drop tablespace", "DROP TABLESPACE"},
    {"alter system", "ALTER SYSTEM"},
    {"alter table * detach partition * concurrently", "DETACH PARTITION CONCURRENTLY"},
    {"create subscription", "CREATE SUBSCRIPTION", {}, "connect|create_slot false"},
    {"drop subscription", "DROP SUBSCRIPTION"},
    {"alter subscription * refresh publication", "ALTER SUBSCRIPTION REFRESH"},
    {"alter subscription * set|add|drop publication",
     "ALTER SUBSCRIPTION PUBLICATION",
     {},
     "refresh false"},
    {"commit prepared", "COMMIT PREPARED"},
    {"rollback prepared", "COMMIT PREPARED"},
    {"discard all", "DISCARD ALL"},
};
constexpr size_t kMaxWords = 64;  // the pattern's words come early
constexpr size_t kTelling = 4;    // so many rule out all that is allowed but ALTER TABLE

struct Words {
  std::vector<std::string_view> outside;  // as written; anything but a word is one of its own
  std::vector<std::string_view> inside;   // words of parentheses, `=` left out
};

bool is_choice(std::string_view choices, std::string_view word) {
  while (true) {
    size_t bar = 0;
    while (bar < choices.size() && choices[bar] != '|')
      ++bar;
    if (same_word(word, choices.substr(0, bar)))
      return true;
    if (bar == choices.size())
      return false;
    choices.remove_prefix(bar + 1);
  }
}

std::string_view without_brackets(std::string_view part) { return part.substr(1, part.size() - 2); }

// A `*` stops at the first place where the next part fits, which the patterns above allow.
// `partly`: more words may follow.
bool opens_with(const std::vector<std::string_view>& words, const Parts& pattern,
                bool partly = false) {
  size_t at = 0;
  bool any = false;
  for (const std::string_view part : pattern) {
    if (part == "*") {
      any = true;
      continue;
    }
    if (part.front() == '[') {
      if (at < words.size() && is_choice(without_brackets(part), words[at]))
        ++at;
      continue;
    }
    while (any && at < words.size() && !is_choice(part, words[at]))
      ++at;
    any = false;
    if (at >= words.size())
      return partly;
    if (!is_choice(part, words[at]))
      return false;
    ++at;
  }
  return true;
}

// The letters of the word are somewhere, which is cheaper to tell than where the words are.
bool holds(std::string_view statement, std::string_view word) {
  for (size_t i = 0; i + word.size() <= statement.size(); ++i)
    if ((statement[i] | 0x20) == word.front() && same_word(statement.substr(i, word.size()), word))
      return true;
  return false;
}

using Rows = std::vector<const Forbidden*>;

// By the first two words, and by the last one of ALTER TABLE … CONCURRENTLY and its like: that
// rules out nearly all statements.
Rows rows_for(std::string_view statement) {
  Lexer lexer(statement, {0, static_cast<uint32_t>(statement.size())});
  const auto next = [&] {
    Token token = lexer.next();
    while (token.kind == TokenKind::comment)
      token = lexer.next();
    return token.kind == TokenKind::word ? lexer.text(token) : std::string_view();
  };
  Rows rows;
  const std::string_view first = next();
  std::optional<std::string_view> second;
  for (const Forbidden& row : kForbidden) {
    if (!same_word(first, *row.words.begin()))
      continue;
    if (!second)
      second = next();
    const std::string_view* part = row.words.begin() + 1;
    while (part != row.words.end() && part->front() == '[' &&
           !is_choice(without_brackets(*part), *second))
      ++part;
    // Options in parentheses, or the end of the statement, say nothing yet.
    if (second->empty() || part == row.words.end() || part->front() == '[' ||
        is_choice(*part, *second)) {
      const std::string_view last = row.words.end()[-1];
      if (last != "concurrently" || holds(statement, last))
        rows.push_back(&row);
    }
  }
  return rows;
}

// Empty where the first words rule out all rows.
Words words_of(std::string_view statement, const Rows& rows) {
  Words words;
  words.outside.reserve(8);
  Lexer lexer(statement, {0, static_cast<uint32_t>(statement.size())});
  int depth = 0;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    std::vector<std::string_view>& list = depth > 0 ? words.inside : words.outside;
    if (token.kind == TokenKind::open)
      ++depth;
    else if (token.kind == TokenKind::close)
      --depth;
    else if (token.kind == TokenKind::word) {
      list.push_back(lexer.text(token));
    } else if (token.kind != TokenKind::comment && token.kind != TokenKind::operation) {
      list.emplace_back("?");
    }
    if (token.kind == TokenKind::word && words.inside.empty() && words.outside.size() == kTelling &&
        std::none_of(rows.begin(), rows.end(), [&](const Forbidden* row) {
          return opens_with(words.outside, row->words, true);
        }))
      return {};
    if (words.outside.size() + words.inside.size() >= kMaxWords)
      return words;
  }
  words.outside.emplace_back("$");
  return words;
}

// "a|b false": one of the options, then a value that means false.
bool has_option(const std::vector<std::string_view>& words, std::string_view option) {
  const size_t blank = option.find(' ');
  const std::string_view name = option.substr(0, blank);
  for (size_t i = 0; i < words.size(); ++i) {
    if (!is_choice(name, words[i]))
      continue;
    if (blank == std::string_view::npos)
      return true;
    if (i + 1 < words.size() &&
        (same_word(words[i + 1], "false") || same_word(words[i + 1], "off")))
      return true;
  }
  return false;
}

}  // namespace

std::string_view forbidden_in_transaction(std::string_view statement) {
  const Rows rows = rows_for(statement);
  if (rows.empty())
    return {};
  const Words words = words_of(statement, rows);
  for (const Forbidden* const row : rows) {
    if (!opens_with(words.outside, row->words))
      continue;
    if (!row->option.empty() && !has_option(words.inside, row->option))
      continue;
    if (!row->without.empty() && has_option(words.inside, row->without))
      continue;
    return row->name;
  }
  return {};
}

}  // namespace retort::pg
