// `[[rule]]` of retort.toml.
#include "linter/own_rule.h"

#include "common/text.h"
#include "linter/settings.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace retort {
namespace {

using facts::LockMode;
using facts::Work;

constexpr std::array<std::string_view, 12> kKeys = {
    "name", "level", "message", "help",     "statement", "table",
    "lock", "work",  "rows",    "existing", "files",     "direction"};
constexpr std::array<std::string_view, 6> kPlaceholders = {"table", "lock",      "work",
                                                           "rows",  "statement", "revision"};
constexpr std::array kWork = {Work::catalog, Work::rows,    Work::scan,
                              Work::build,   Work::rewrite, Work::unknown};
constexpr std::array kLocks = {LockMode::access_share,  LockMode::row_share,
                               LockMode::row_exclusive, LockMode::share_update_exclusive,
                               LockMode::share,         LockMode::share_row_exclusive,
                               LockMode::exclusive,     LockMode::access_exclusive};
// Groups of messages that are no rules, and words that select rules.
constexpr std::array<std::string_view, 11> kReserved = {"all",   "compile", "config", "current",
                                                        "none",  "output",  "range",  "replay",
                                                        "stats", "usage",   "sql"};

class Reader {
public:
  Reader(Run& run, std::span<const std::string_view> builtin) : run_(run), builtin_(builtin) {}

  Result<OwnRules> read(const Config& config) {
    for (const Toml& file : config.tables) {
      const TomlEntry* const entry = file.find("rule");
      if (!entry)
        continue;
      if (entry->value.kind != Toml::Kind::array) {
        error("config/type", entry->key_at, "rules are written as `[[rule]]`, each with its keys");
        continue;
      }
      std::set<std::string> here;
      for (const Toml& table : entry->value.items)
        read_rule(table, here);
    }
    if (!good_)
      return run_.diagnostics.failed();
    return std::move(rules_);
  }

private:
  void error(std::string_view rule, Loc at, std::string message) {
    good_ = false;
    run_.diagnostics.report(Level::error, rule, "", at, std::move(message));
  }

  bool is(const Toml& value, Toml::Kind kind, std::string_view key) {
    if (value.kind == kind)
      return true;
    error("config/type", value.at,
          fmt::format("`{}` must be {}; this is {}", key, to_string(kind), to_string(value.kind)));
    return false;
  }

  void read_rule(const Toml& table, std::set<std::string>& here) {
    if (!is(table, Toml::Kind::table, "rule"))
      return;
    auto rule = std::make_shared<OwnRule>();
    rule->at = table.at;
    bool named = false;
    for (const TomlEntry& entry : table.entries) {
      named |= entry.key == "name";
      read_key(*rule, entry);
    }
    if (!named)
      error("config/value", table.at,
            "this rule has no `name`: group/problem, as `team/no-rewrites`");
    if (rule->message.empty() && good_)
      error("config/value", rule->at, fmt::format("`{}` needs a `message`", rule->name));
    if (good_ && rule->statements.empty() && !rule->asks_of_tables())
      error("config/value", rule->at,
            fmt::format("`{}` asks for nothing and would mean every statement: say which by "
                        "`statement`, `table`, `lock`, `work`, `rows` or `existing`",
                        rule->name));
    if (named && !here.insert(rule->name).second)
      error("config/value", rule->at, fmt::format("there are two rules `{}`", rule->name));
    const bool known = std::any_of(rules_.begin(), rules_.end(),
                                   [&](const auto& each) { return each->name == rule->name; });
    if (!known)  // the file that comes first counts
      rules_.push_back(std::move(rule));
  }

  // One text, or a list of them.
  template <class Use>
  void each_text(const TomlEntry& entry, Use&& use) {
    if (entry.value.kind == Toml::Kind::string) {
      use(entry.value);
      return;
    }
    if (entry.value.kind != Toml::Kind::array) {
      error("config/type", entry.value.at,
            fmt::format("`{}` must be a string or an array of them; this is {}", entry.key,
                        to_string(entry.value.kind)));
      return;
    }
    if (entry.value.items.empty())
      error("config/value", entry.value.at,
            fmt::format("`{}` is empty, so that nothing would be found", entry.key));
    for (const Toml& item : entry.value.items)
      if (is(item, Toml::Kind::string, entry.key))
        use(item);
  }

  void none_of(const Toml& value, std::string_view what, std::span<const std::string_view> words,
               bool list) {
    const std::string_view near = nearest(value.text, words);
    std::string message = fmt::format("`{}` is no {}", value.text, what);
    if (!near.empty())
      message += fmt::format("; did you mean `{}`?", near);
    else if (list)
      message += fmt::format("; there are {}",
                             join(std::vector<std::string>(words.begin(), words.end()), ", "));
    error("config/value", value.at, std::move(message));
  }

  void read_key(OwnRule& rule, const TomlEntry& entry) {
    const std::string& key = entry.key;
    const Toml& value = entry.value;
    if (key == "name")
      read_name(rule, value);
    else if (key == "level")
      read_level(rule, value);
    else if (key == "message")
      read_message(rule, value);
    else if (key == "help") {
      if (is(value, Toml::Kind::string, key))
        rule.help = value.text;
    } else if (key == "statement")
      each_text(entry, [&](const Toml& text) { read_statement(rule, text); });
    else if (key == "table")
      each_text(entry, [&](const Toml& text) { rule.tables.push_back(text.text); });
    else if (key == "files")
      each_text(entry, [&](const Toml& text) { rule.files.push_back(text.text); });
    else if (key == "work")
      each_text(entry, [&](const Toml& text) { read_work(rule, text); });
    else if (key == "lock")
      read_lock(rule, value);
    else if (key == "rows")
      read_rows(rule, value);
    else if (key == "existing") {
      if (is(value, Toml::Kind::boolean, key))
        rule.existing = value.number != 0;
    } else if (key == "direction")
      read_direction(rule, value);
    else {
      const std::string_view near = nearest(key, kKeys);
      error("config/unknown-key", entry.key_at,
            fmt::format("unknown key `{}` in `[[rule]]`{}", key,
                        near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
    }
  }

  void read_name(OwnRule& rule, const Toml& value) {
    if (!is(value, Toml::Kind::string, "name"))
      return;
    rule.name = value.text;
    rule.at = value.at;
    const size_t slash = rule.name.find('/');
    const auto is_kebab = [](std::string_view word) {
      return !word.empty() && word.front() != '-' && word.back() != '-' &&
             word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == word.npos;
    };
    if (slash == std::string::npos || !is_kebab(rule.name.substr(0, slash)) ||
        !is_kebab(rule.name.substr(slash + 1))) {
      error("config/value", value.at,
            fmt::format("`{}` is no name of a rule: two words in lower case with a slash between, "
                        "as `team/no-rewrites`",
                        rule.name));
      return;
    }
    const std::string group = rule.name.substr(0, slash);
    const auto names = [&](std::string_view other) {
      return other.substr(0, other.find('/')) == group;
    };
    if (std::any_of(builtin_.begin(), builtin_.end(), names) ||
        std::find(kReserved.begin(), kReserved.end(), group) != kReserved.end())
      error("config/value", value.at,
            fmt::format("the group `{}` is retort's own: choose another, as `team/{}`", group,
                        rule.name.substr(slash + 1)));
  }

  void read_level(OwnRule& rule, const Toml& value) {
    if (!is(value, Toml::Kind::string, "level"))
      return;
    if (const std::optional<Level> level = level_named(value.text))
      rule.level = *level;
    else
      error("config/value", value.at,
            fmt::format("`{}` is none of error, warning, info", value.text));
  }

  void read_message(OwnRule& rule, const Toml& value) {
    if (!is(value, Toml::Kind::string, "message"))
      return;
    rule.message = value.text;
    if (value.text.empty())
      error("config/value", value.at, "a `message` must say something");
    for (size_t open = value.text.find('{'); open != std::string::npos;
         open = value.text.find('{', open + 1)) {
      const size_t close = value.text.find('}', open);
      if (close == std::string::npos)
        break;
      const std::string word = value.text.substr(open + 1, close - open - 1);
      const bool is_word =
          !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == word.npos;
      if (!is_word ||
          std::find(kPlaceholders.begin(), kPlaceholders.end(), word) != kPlaceholders.end())
        continue;
      const std::string_view near = nearest(word, kPlaceholders);
      error("config/value", value.at,
            near.empty()
                ? fmt::format("`{{{}}}` stands for nothing; there are {{table}}, {{lock}}, "
                              "{{work}}, {{rows}}, {{statement}} and {{revision}}",
                              word)
                : fmt::format("`{{{}}}` stands for nothing; did you mean `{{{}}}`?", word, near));
    }
  }

  void read_statement(OwnRule& rule, const Toml& text) {
    const std::string wanted = lower(text.text);
    for (const StatementKind& kind : statement_kinds())
      if (kind.words == wanted) {
        rule.statements.push_back(&kind);
        return;
      }
    std::vector<std::string_view> words;
    for (const StatementKind& kind : statement_kinds())
      words.push_back(kind.words);
    none_of(text, "kind of statement", words, true);
  }

  void read_work(OwnRule& rule, const Toml& text) {
    std::vector<std::string_view> words;
    for (const Work work : kWork) {
      if (facts::to_string(work) == text.text) {
        rule.work.push_back(work);
        return;
      }
      words.push_back(facts::to_string(work));
    }
    none_of(text, "kind of work", words, true);
  }

  void read_lock(OwnRule& rule, const Toml& value) {
    if (!is(value, Toml::Kind::string, "lock"))
      return;
    std::vector<std::string> names;
    for (const LockMode mode : kLocks) {
      if (lower(value.text) == lower(facts::sql_name(mode)) ||
          lower(value.text) == lower(facts::server_name(mode))) {
        rule.lock = mode;
        return;
      }
      names.emplace_back(facts::sql_name(mode));
    }
    const std::vector<std::string_view> words(names.begin(), names.end());
    none_of(value, "lock", words, true);
  }

  void read_rows(OwnRule& rule, const Toml& value) {
    if (!is(value, Toml::Kind::integer, "rows"))
      return;
    if (value.number < 1)
      error("config/value", value.at, "`rows` counts from 1");
    rule.rows = static_cast<double>(value.number);
  }

  void read_direction(OwnRule& rule, const Toml& value) {
    if (!is(value, Toml::Kind::string, "direction"))
      return;
    if (value.text == "up" || value.text == "down")
      rule.down = value.text == "down";
    else if (value.text != "both")
      error("config/value", value.at, fmt::format("`{}` is none of up, down, both", value.text));
  }

  Run& run_;
  std::span<const std::string_view> builtin_;
  OwnRules rules_;
  bool good_ = true;
};

}  // namespace

Result<OwnRules> read_own_rules(Run& run, const Config& config,
                                std::span<const std::string_view> builtin) {
  return Reader(run, builtin).read(config);
}

std::string to_text(const OwnRule& rule, const Sources& sources) {
  std::string text = fmt::format("# {}\n\n{}\n", rule.name, rule.message);
  if (!rule.help.empty())
    text += rule.help + "\n";
  const auto line = [&](std::string_view key, const std::string& value) {
    if (!value.empty())
      text += fmt::format("{:<10} {}\n", key, value);
  };
  text += "\n";
  line("level", std::string(to_string(rule.level)));
  std::vector<std::string> words;
  for (const StatementKind* const kind : rule.statements)
    words.emplace_back(kind->words);
  line("statement", join(words, ", "));
  line("table", join(rule.tables, ", "));
  if (rule.lock != LockMode::none)
    line("lock", fmt::format("{} or stronger", facts::sql_name(rule.lock)));
  words.clear();
  for (const Work work : rule.work)
    words.emplace_back(facts::to_string(work));
  line("work", join(words, ", "));
  if (rule.rows)
    line("rows", fmt::format("{:.0f} or more", *rule.rows));
  if (rule.existing)
    line("existing", *rule.existing ? "true" : "false");
  line("files", join(rule.files, ", "));
  line("direction", !rule.down ? "both" : *rule.down ? "down" : "up");
  const Position at = sources.position(rule.at.file, rule.at.span.begin);
  line("from", fmt::format("{}:{}", sources.path(rule.at.file), at.line));
  return text;
}

}  // namespace retort
