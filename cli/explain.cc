// `retort explain`: the page of a rule, what a lock blocks, what a statement does.
#include "cli/command.h"
#include "cli/output.h"
#include "cli/project.h"
#include "common/text.h"
#include "compiler/facts/facts.h"
#include "compiler/statement_forms.h"
#include "grammars/postgres/parse.h"
#include "linter/finding.h"
#include "linter/own_rule.h"
#include "linter/unit.h"
#include "rules/pages.h"
#include "rules/rules.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort {

extern const std::string_view kErrorsPage;  // docs/errors.md

namespace {

using facts::LockMode;

constexpr std::array kModes = {LockMode::access_share,  LockMode::row_share,
                               LockMode::row_exclusive, LockMode::share_update_exclusive,
                               LockMode::share,         LockMode::share_row_exclusive,
                               LockMode::exclusive,     LockMode::access_exclusive};

// The rules whose names begin so, one line each.
bool list_rules(std::string_view group, Output& output) {
  bool any = false;
  for (const rules::Page& page : rules::pages())
    if (group.empty() || page.rule.substr(0, page.rule.find('/')) == group) {
      output.write(fmt::format("{:<28} {}\n", page.rule, one_line(page.summary())));
      any = true;
    }
  return any;
}

// The row of an error that is no rule: what it means, and the way out.
bool explain_error(std::string_view name, Output& output) {
  const std::string begin = fmt::format("\n| `{}` | ", name);
  const size_t at = kErrorsPage.find(begin);
  if (at == std::string_view::npos)
    return false;
  std::string_view row = kErrorsPage.substr(at + begin.size());
  row = row.substr(0, row.find('\n'));
  const size_t cell = row.find(" | ");
  const std::string_view way_out = trim(row.substr(cell + 3, row.rfind('|') - cell - 3));
  output.write(fmt::format("{}: {}\n", name, row.substr(0, cell)));
  if (!way_out.empty())
    output.write(fmt::format("{}\n", way_out));
  return true;
}

bool explain_lock(std::string_view topic, Output& output) {
  for (const LockMode mode : kModes) {
    const std::string_view name = facts::sql_name(mode);
    if (lower(name) != lower(topic) && lower(facts::server_name(mode)) != lower(topic))
      continue;
    output.write(
        fmt::format("{} ({}): {}\n", name, facts::server_name(mode), facts::blocked_words(mode)));
    std::vector<std::string> waiting;
    for (const LockMode other : kModes)
      if (facts::conflicts(mode, other))
        waiting.emplace_back(facts::sql_name(other));
    output.write(fmt::format("waits for and blocks: {}\n", join(waiting, ", ")));
    return true;
  }
  return false;
}

// What statements do when nothing is known of the tables.
int explain_sql(Run& run, const std::vector<int>& servers, const std::string& sql, Output& output) {
  const FileId file = run.sources.add_argument("statement", sql);
  const Unit unit = unit_of(run, file, true, servers.front());
  if (!unit.up.holes.empty()) {
    for (const Diagnostic& hole : unit.up.holes)
      run.diagnostics.report(hole.level, hole.rule, hole.variant, hole.at, hole.message);
    return kUsage;
  }
  on_large_stack([&] {
    for (const int server : servers) {
      facts::Walk walk(server);
      walk.catalog().incomplete = true;
      for (const LintStatement& statement : unit.up.statements) {
        if (servers.size() > 1)
          output.write(fmt::format("PostgreSQL {}\n", server));
        output.write(statement.sql + "\n" + facts::to_text(walk.look(statement.forms)));
        walk.take();
      }
    }
  });
  return kDone;
}

// The team's own rules, where there is a configuration.
Result<OwnRules> own_rules(Run& run, const Arguments& arguments) {
  ConfigRequest request = arguments.config;
  request.needs_folders = false;
  const Config config = TRY(read_config(run, request));
  return read_own_rules(run, config, rules::rule_names());
}

// The one of this name, or those of this group, one line each.
bool explain_own(const OwnRules& rules, std::string_view topic, const Sources& sources,
                 Output& output) {
  bool any = false;
  for (const std::shared_ptr<const OwnRule>& rule : rules) {
    const std::string_view name = rule->name;
    if (name == topic)
      output.write(to_text(*rule, sources));
    else if (topic.empty() || name.substr(0, name.find('/')) == topic)
      output.write(fmt::format("{:<28} {}\n", name, one_line(rule->message)));
    else
      continue;
    any = true;
  }
  return any;
}

}  // namespace

int explain(Run& run, const Arguments& arguments, Output& output) {
  if (arguments.revisions.empty()) {
    const Result<OwnRules> own = own_rules(run, arguments);
    list_rules("", output);
    if (!own)
      return kUsage;
    explain_own(*own, "", run.sources, output);
    return kDone;
  }
  const std::string topic = join(arguments.revisions, " ");
  const size_t colon = topic.find(':');
  if (const rules::Page* const page = rules::page(std::string_view(topic).substr(0, colon))) {
    output.write(page->text);
    return kDone;
  }
  if (explain_error(topic, output) || list_rules(topic, output) || explain_lock(topic, output))
    return kDone;
  if (topic.find(' ') != std::string::npos) {
    ConfigRequest request = arguments.config;
    request.needs_folders = false;
    const Result<Config> config = read_config(run, request);
    return config ? explain_sql(run, config->servers.value, topic, output) : kUsage;
  }
  const Result<OwnRules> own = own_rules(run, arguments);
  if (!own)
    return kUsage;
  if (explain_own(*own, topic, run.sources, output))
    return kDone;
  std::vector<std::string_view> names(rules::rule_names().begin(), rules::rule_names().end());
  for (const std::shared_ptr<const OwnRule>& rule : *own)
    names.push_back(rule->name);
  Diagnostic& diagnostic = run.diagnostics.report(
      Level::error, "usage/options", "", {},
      fmt::format("`{}` is no rule, error, group, lock or statement", topic));
  if (const std::string_view near = nearest(topic, names); !near.empty())
    diagnostic.note(fmt::format("did you mean `{}`?", near));
  return kUsage;
}

}  // namespace retort
