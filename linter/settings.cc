#include "linter/settings.h"

#include "common/path.h"
#include "common/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <regex>

namespace retort {
namespace {

constexpr std::array<std::string_view, 6> kTokens = {
    "schema", "table", "column", "columns", "referred_table", "referred_columns"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Reader {
public:
  Reader(Run& run, std::span<const std::string_view> rules) : run_(run), rules_(rules) {}

  Result<LintSettings> read(const Config& config) {
    settings_.own_rules = TRY(read_own_rules(run_, config, rules_));
    const std::vector<std::string_view> all = settings_.rule_names(rules_);
    rules_ = all;
    settings_.servers = config.servers.value;
    std::set<std::string, std::less<>> seen;
    for (const Toml& file : config.tables) {
      const TomlEntry* const lint = file.find("lint");
      if (!lint)
        continue;
      if (!is(lint->value, Toml::Kind::table, "lint"))
        continue;
      for (const TomlEntry& entry : lint->value.entries) {
        const std::string key = plain(entry.key);
        const bool first = seen.insert(key).second;
        const LintSettings before = settings_;
        read_key(key, entry);
        if (!first)
          settings_ = before;  // the file that comes first counts
      }
    }
    if (!good_)
      return run_.diagnostics.failed();
    return std::move(settings_);
  }

private:
  // `fail-on` and `fail_on` are one key.
  static std::string plain(std::string_view key) {
    std::string name(key);
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
  }

  void error(std::string_view rule, Loc at, std::string message) {
    good_ = false;
    run_.diagnostics.report(Level::error, rule, "", at, std::move(message));
  }

  bool is(const Toml& value, Toml::Kind kind, std::string_view name) {
    if (value.kind == kind)
      return true;
    error("config/type", value.at,
          fmt::format("`{}` must be {}; this is {}", name, to_string(kind), to_string(value.kind)));
    return false;
  }

  std::vector<std::string> strings(const TomlEntry& entry) {
    std::vector<std::string> texts;
    if (!is(entry.value, Toml::Kind::array, entry.key))
      return texts;
    for (const Toml& item : entry.value.items)
      if (is(item, Toml::Kind::string, entry.key))
        texts.push_back(item.text);
    return texts;
  }

  std::vector<std::string> rule_names(const TomlEntry& entry) {
    std::vector<std::string> names = strings(entry);
    for (size_t i = 0; i < names.size() && i < entry.value.items.size(); ++i)
      good_ &= check_rule_name(run_, names[i], entry.value.items[i].at, rules_);
    return names;
  }

  void text(const TomlEntry& entry, std::string& to) {
    if (is(entry.value, Toml::Kind::string, entry.key))
      to = entry.value.text;
  }

  void read_key(const std::string& key, const TomlEntry& entry) {
    if (key == "select")
      settings_.select = rule_names(entry);
    else if (key == "ignore")
      settings_.ignore = rule_names(entry);
    else if (key == "small") {
      for (std::string& name : strings(entry))
        settings_.small.insert(std::move(name));
    } else if (key == "levels")
      read_levels(entry);
    else if (key == "per_path")
      read_paths(entry);
    else if (key == "lock_order")
      settings_.lock_order = strings(entry);
    else if (key == "names")
      read_names(entry);
    else if (key == "fail_on")
      read_fail_on(entry);
    else if (key == "base")
      file(entry, settings_.base);
    else if (key == "baseline")
      file(entry, settings_.baseline);
    else if (key == "stats")
      file(entry, settings_.stats);
    else if (key == "released")
      text(entry, settings_.released);
    else if (key == "assume_transaction") {
      if (is(entry.value, Toml::Kind::boolean, entry.key))
        settings_.assume_transaction = entry.value.number != 0;
    } else {
      static constexpr std::array<std::string_view, 13> kKeys = {
          "select",  "ignore",     "small",    "levels",   "per_path",
          "fail_on", "base",       "baseline", "released", "assume_transaction",
          "names",   "lock_order", "stats"};
      const std::string_view near = nearest(key, kKeys);
      error("config/unknown-key", entry.key_at,
            fmt::format("unknown key `{}` in `[lint]`{}", entry.key,
                        near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
    }
  }

  // Paths are those of the file that names them.
  void file(const TomlEntry& entry, std::string& to) {
    text(entry, to);
    if (!to.empty())
      to = join_path(parent_path(absolute_path(run_.sources.path(entry.key_at.file))), to);
  }

  void read_levels(const TomlEntry& entry) {
    if (!is(entry.value, Toml::Kind::table, entry.key))
      return;
    for (const TomlEntry& rule : entry.value.entries) {
      good_ &= check_rule_name(run_, rule.key, rule.key_at, rules_);
      if (!is(rule.value, Toml::Kind::string, rule.key))
        continue;
      if (const std::optional<Level> level = level_named(rule.value.text))
        settings_.levels[rule.key] = *level;
      else if (rule.value.text == "off")
        settings_.ignore.push_back(rule.key);
      else
        error("config/value", rule.value.at,
              fmt::format("`{}` is none of error, warning, info, off", rule.value.text));
    }
  }

  void read_paths(const TomlEntry& entry) {
    if (!is(entry.value, Toml::Kind::table, entry.key))
      return;
    for (const TomlEntry& path : entry.value.entries)
      settings_.ignore_in.emplace_back(path.key, rule_names(path));
  }

  void read_names(const TomlEntry& entry) {
    if (!is(entry.value, Toml::Kind::table, entry.key))
      return;
    for (const TomlEntry& each : entry.value.entries) {
      const std::string kind = plain(each.key);
      if (!has(name_kinds(), kind)) {
        const std::string_view near = nearest(kind, name_kinds());
        error("config/unknown-key", each.key_at,
              fmt::format("`[lint.names]` knows no kind `{}`{}", each.key,
                          near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
      } else if (is(each.value, Toml::Kind::string, each.key) && is_pattern(each.value)) {
        settings_.names[kind] = each.value.text;
      }
    }
  }

  static bool has(std::span<const std::string_view> names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  // Every `{word}` is a token, and the rest a regular expression.
  bool is_pattern(const Toml& value) {
    const std::string_view text = value.text;
    for (size_t open = text.find('{'); open != std::string_view::npos;
         open = text.find('{', open + 1)) {
      const size_t close = std::min(text.find('}', open), text.size());
      const std::string_view token = text.substr(open + 1, close - open - 1);
      if (token.empty() || !is_letter(token.front()) || has(kTokens, token))
        continue;
      const std::string_view near = nearest(token, kTokens);
      error("config/value", value.at,
            fmt::format("`{{{}}}` is none of {{{}}}{}", token,
                        join(std::vector<std::string>(kTokens.begin(), kTokens.end()), "}, {"),
                        near.empty() ? "" : fmt::format("; did you mean `{{{}}}`?", near)));
      return false;
    }
    try {
      const std::regex regex(filled_pattern(text, {}));
      return true;
    } catch (const std::regex_error&) {
      error("config/value", value.at, fmt::format("`{}` is no regular expression", text));
      return false;
    }
  }

  void read_fail_on(const TomlEntry& entry) {
    if (!is(entry.value, Toml::Kind::string, entry.key))
      return;
    settings_.fail_on = level_named(entry.value.text);
    if (!settings_.fail_on && entry.value.text != "none")
      error("config/value", entry.value.at,
            fmt::format("`{}` is none of error, warning, info, none", entry.value.text));
  }

  Run& run_;
  std::span<const std::string_view> rules_;
  LintSettings settings_;
  bool good_ = true;
};

}  // namespace

bool LintSettings::is_small(std::string_view schema, std::string_view table) const {
  return small.contains(table) || small.contains(fmt::format("{}.{}", schema, table));
}

std::vector<std::string_view>
LintSettings::rule_names(std::span<const std::string_view> builtin) const {
  std::vector<std::string_view> all(builtin.begin(), builtin.end());
  for (const std::shared_ptr<const OwnRule>& rule : own_rules)
    all.push_back(rule->name);
  std::sort(all.begin(), all.end());
  return all;
}

Result<LintSettings> read_lint_settings(Run& run, const Config& config,
                                        std::span<const std::string_view> rules) {
  Result<LintSettings> settings = Reader(run, rules).read(config);
  if (settings)
    take_limits(*settings, config);
  return settings;
}

void take_limits(LintSettings& settings, const Config& config) {
  // Each transaction copies what is set: nothing, for most.
  if (!config.lock_timeout.value.empty())
    settings.session["lock_timeout"] = config.lock_timeout.value;
  if (!config.statement_timeout.value.empty())
    settings.session["statement_timeout"] = config.statement_timeout.value;
}

std::string without_quotes(std::string_view name) {
  std::string plain;
  bool quoted = false;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool doubled = quoted && name.substr(i).starts_with("\"\"");
    if (name[i] != '"' || doubled)
      plain += name[i];
    else
      quoted = !quoted;
    i += doubled ? 1 : 0;
  }
  return plain;
}

bool names_rule(std::string_view pattern, std::string_view rule) {
  return pattern == "all" || pattern == rule || rule.substr(0, rule.find('/')) == pattern;
}

bool is_known_name(std::string_view name, std::span<const std::string_view> known) {
  const std::string any = fmt::format("{}:*", name.substr(0, name.find(':')));
  return std::any_of(known.begin(), known.end(), [&](std::string_view each) {
    return each == name || each == any
               ? true
               : name.find(':') == std::string_view::npos && names_rule(name, each);
  });
}

bool check_rule_name(Run& run, std::string_view name, Loc at,
                     std::span<const std::string_view> known) {
  if (is_known_name(name, known))
    return true;
  const bool variant = is_known_name(name.substr(0, name.find(':')), known);
  Diagnostic& diagnostic = run.diagnostics.report(
      Level::error, "config/value", "", at,
      fmt::format("there is no {} `{}`", variant ? "variant" : "rule or group", name));
  if (const std::string_view near = nearest(name, known); !near.empty())
    diagnostic.note(fmt::format("did you mean `{}`?", near));
  return false;
}

std::span<const std::string_view> name_kinds() {
  static constexpr std::array<std::string_view, 14> kKinds = {
      "schema", "table",       "column",      "view",  "materialized_view", "index", "unique_index",
      "unique", "primary_key", "foreign_key", "check", "sequence",          "type",  "trigger"};
  return kKinds;
}

std::string filled_pattern(std::string_view pattern,
                           const std::map<std::string, std::string, std::less<>>& values) {
  std::string result;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const size_t close = pattern[i] == '{' ? pattern.find('}', i) : std::string_view::npos;
    const bool token =
        close != std::string_view::npos && i + 1 < close && is_letter(pattern[i + 1]);
    if (!token) {
      result += pattern[i];
      continue;
    }
    const auto value = values.find(pattern.substr(i + 1, close - i - 1));
    for (const char c : value == values.end() ? std::string() : value->second) {
      if (!is_word(c))
        result += '\\';
      result += c;
    }
    i = close;
  }
  return result;
}

std::optional<Level> level_named(std::string_view name) {
  for (const Level level : {Level::info, Level::warning, Level::error})
    if (to_string(level) == name)
      return level;
  return std::nullopt;
}

bool matches_path(std::string_view pattern, std::string_view path) {
  if (pattern.empty())
    return path.empty();
  if (pattern.starts_with("**")) {
    const std::string_view rest = pattern.substr(pattern.starts_with("**/") ? 3 : 2);
    for (size_t i = 0; i <= path.size(); ++i)
      if (matches_path(rest, path.substr(i)))
        return true;
    return false;
  }
  if (pattern.front() == '*') {
    for (size_t i = 0;; ++i) {
      if (matches_path(pattern.substr(1), path.substr(i)))
        return true;
      if (i == path.size() || path[i] == '/')
        return false;
    }
  }
  if (path.empty() || (pattern.front() != '?' && pattern.front() != path.front()))
    return false;
  return matches_path(pattern.substr(1), path.substr(1));
}

}  // namespace retort
