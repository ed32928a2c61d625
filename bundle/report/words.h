// The words of the report, the same in every format.
#pragma once

#include "bundle/account.h"

#include <string>
#include <string_view>
#include <vector>

namespace retort::bundle {

std::string number_of(size_t revision);                      // "2"
std::string number_of(size_t revision, size_t statement);    // "2.1": places from 0
std::string range_words(const Account& account);             // "from 41f0a6c2d853 to 9be0"
std::string servers_words(const std::vector<int>& servers);  // "PostgreSQL 15 and 16"
std::string_view phase_words(Phase phase);                   // "before the deploy"; empty: any

// "blocks reads and writes", "blocks writes", "blocks neither reads nor writes"
std::string_view blocks_words(facts::LockMode mode);
std::string_view work_words(facts::Work work);              // "rewrites the table"
std::string time_words(const StatementAccount& statement);  // "3 to 22 s", "a moment", "unknown"
std::string size_words(const StatementAccount& statement);  // "size unknown"
std::string origin(const StatementAccount& statement);      // "versions/0002.py:14"
std::string_view level_words(const Risk& risk);  // "Error", "Warning", "Note"; "Accepted"

// The worst first, what somebody has accepted last.
std::vector<Risk> sorted_risks(const std::vector<Risk>& risks);

// The locks in words, the strongest first: who waits, for what, and how the server calls it.
// Relations of which the same is to be said are in one line.
struct LockLine {
  std::string who;   // "Blocks reads and writes", "Changes of the table's shape wait"
  std::string what;  // "ACCESS EXCLUSIVE on public.orders, public.lines and 12 more"
  bool blocks = false;
};
inline constexpr size_t kMostRelations = 6;  // of a line
std::vector<LockLine> lock_lines(const StatementAccount& statement);
std::string_view no_lock_words(const StatementAccount& statement);  // where there are none

// How much has to be free on the server, where it is needed, and what is not known.
std::string disk_sentence(const Account& account);
std::string disk_words(const StatementAccount& statement);  // empty: it needs none

// The beginning of a text, as far as `lines` lines of a column for SQL go.
struct Folded {
  std::string_view text;
  size_t left_out = 0;  // lines of which not all is in it; 0: it is all
};
inline constexpr size_t kFoldedLines = 12;
Folded folded(std::string_view sql, size_t lines = kFoldedLines);

// What a revision loses on the way back only: it came after the run.
bool written_since(std::string_view lost);

// Marks that change the order of what is read, or that nobody sees: a report shows them, since the
// server gets them, too.
bool is_hidden(char32_t code);
std::string mark_name(char32_t code);  // "U+202E"

std::string capital(std::string_view text);  // with a capital, where it begins with a letter
// "a, b and c"
std::string listed(const std::vector<std::string>& words);

}  // namespace retort::bundle
