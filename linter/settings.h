// What the user wants of the linter: `[lint]` of retort.toml, then the options of the command.
#pragma once

#include "common/diagnostic.h"
#include "common/run.h"
#include "linter/own_rule.h"
#include "versions/config.h"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort {

struct LintSettings {
  std::vector<int> servers{15};     // in order
  std::vector<std::string> select;  // rules, groups or `all`; empty: those that are on
  std::vector<std::string> ignore;  // rules, groups or `rule:variant`
  std::map<std::string, Level, std::less<>> levels;  // by rule or `rule:variant`
  std::optional<Level> fail_on = Level::error;       // none: never
  std::set<std::string, std::less<>> small;          // tables for which no lock matters
  // Patterns of paths, and what is ignored there.
  std::vector<std::pair<std::string, std::vector<std::string>>> ignore_in;
  std::map<std::string, std::string> session;  // what is set before any revision: "lock_timeout"
  std::string base;                            // a dump of the schema before the first revision
  std::string released;                        // the newest revision that is live
  std::string stats;                           // a file of statistics of production
  std::string baseline;                        // a file of findings that are accepted
  OwnRules own_rules;
  bool assume_transaction = true;                         // a bare file of SQL runs in one
  std::map<std::string, std::string, std::less<>> names;  // patterns by kind of object
  std::vector<std::string> lock_order;  // tables, as the application locks them one after the other

  bool is_small(std::string_view schema, std::string_view table) const;
  // Those of retort and of the team.
  std::vector<std::string_view> rule_names(std::span<const std::string_view> builtin) const;
};

// Unknown keys and names are errors; `rules` are the names of all rules.
Result<LintSettings> read_lint_settings(Run& run, const Config& config,
                                        std::span<const std::string_view> rules);
// The limits that the session has, once env.py is read.
void take_limits(LintSettings& settings, const Config& config);

// A name as SQL writes it, `shop."order"`, as users write it in retort.toml: `shop.order`.
std::string without_quotes(std::string_view name);

// Whether a pattern of `select` or `ignore` means the rule: its name, its group, or `all`.
bool names_rule(std::string_view pattern, std::string_view rule);
// Whether a name of `select`, `ignore`, `levels` or a suppression stands for something: for `all`,
// a group, a rule or one of its variants. `known` has `rule:*` where any variant will do.
bool is_known_name(std::string_view name, std::span<const std::string_view> known);
// Reports a name that is none.
bool check_rule_name(Run& run, std::string_view name, Loc at,
                     std::span<const std::string_view> rules);

// What `[lint.names]` may have patterns for: "table", "foreign_key".
std::span<const std::string_view> name_kinds();
// A pattern of `[lint.names]` is a regular expression for the whole name, in which `{table}`,
// `{columns}` and the like stand for names; this puts them in.
std::string filled_pattern(std::string_view pattern,
                           const std::map<std::string, std::string, std::less<>>& values);

std::optional<Level> level_named(std::string_view name);

// `*` stands for anything but `/`, `**` for anything.
bool matches_path(std::string_view pattern, std::string_view path);

}  // namespace retort
