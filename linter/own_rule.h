// Rules that a team writes for itself: `[[rule]]` in retort.toml says which statements, by what
// they are and by what they do to which table. docs/own_rules.md describes the keys.
#pragma once

#include "common/run.h"
#include "compiler/facts/facts.h"
#include "versions/config.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

class Visit;

// A kind of statement as one would call it: "alter table", and more narrowly "add column".
struct StatementKind {
  std::string_view words;
  bool (*is)(const forms::Form& form);
};
std::span<const StatementKind> statement_kinds();

struct OwnRule {
  std::string name;  // group/problem
  Level level = Level::warning;
  std::string message;  // with {table}, {lock}, {work}, {rows}, {statement}, {revision}
  std::string help;     // a note below it
  // What is left out is not asked for; all that is there must hold, and of the lists one entry.
  std::vector<const StatementKind*> statements;
  std::vector<std::string> tables;  // patterns: `public.*`; without a dot in any schema
  facts::LockMode lock = facts::LockMode::none;  // at least
  std::vector<facts::Work> work;
  std::optional<double> rows;  // at least, by the statistics of production
  std::optional<bool> existing;
  std::vector<std::string> files;  // patterns
  std::optional<bool> down;

  Loc at;  // of its name

  bool asks_of_tables() const {
    return !tables.empty() || lock != facts::LockMode::none || !work.empty() || rows || existing;
  }
};

using OwnRules = std::vector<std::shared_ptr<const OwnRule>>;

// Of all files of the configuration; what is misspelt is reported. `builtin` are names of rules.
Result<OwnRules> read_own_rules(Run& run, const Config& config,
                                std::span<const std::string_view> builtin);

// Reports the statement if it is one that the rule means.
void check(const OwnRule& rule, Visit& visit);

// For `retort explain`.
std::string to_text(const OwnRule& rule, const Sources& sources);

}  // namespace retort
