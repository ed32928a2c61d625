// The table of settings. A new one is a line here and a member of Config.
#include "versions/config.h"

#include "common/text.h"
#include "grammars/postgres/parse.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {

static constexpr auto kTop = SettingInfo::Home::top;
static constexpr auto kChain = SettingInfo::Home::chain;
static constexpr auto kOwn = SettingInfo::Alembic::no;
static constexpr auto kAlembic = SettingInfo::Alembic::yes;
static constexpr auto kPlain = SettingInfo::Holds::plain;
static constexpr auto kFolders = SettingInfo::Holds::folders;

// clang-format off
static constexpr SettingInfo kSettings[] = {
  {"servers", &Config::servers, kTop, kOwn, kPlain, "PostgreSQL major versions that scripts and findings must hold for, 12 to 18"},
  {"overrides", &Config::overrides, kTop, kOwn, kFolders, "folder of hand-written SQL, `REVISION.up.sql` and `REVISION.down.sql`; by default `overrides` beside this file, where it exists"},
  {"lock_timeout", &Config::lock_timeout, kTop, kOwn, kPlain, "how long a statement of a revision waits for a lock; scripts set it (by default to 5s), with Alembic the session or the role must"},
  {"statement_timeout", &Config::statement_timeout, kTop, kOwn, kPlain, "how long a statement of a script may take; by default any time"},
  {"search_path", &Config::search_path, kTop, kOwn, kPlain, "schemas where scripts look names up and make things; an empty list leaves that to the role"},
  {"database", &Config::database, kTop, kOwn, kPlain, "name of the database that scripts are for, `*` for any part of it; they refuse another"},
  {"role", &Config::role, kTop, kOwn, kPlain, "role that scripts run as, by SET ROLE"},
  {"lock", &Config::lock, kTop, kOwn, kFolders, "file that records what revisions were when they were released; by default `retort.lock` beside the first folder of revisions"},
  {"script_location", &Config::script_location, kChain, kAlembic, kFolders, "folder of env.py; `package:folder` names one inside a package of the repository"},
  {"version_locations", &Config::version_locations, kChain, kAlembic, kFolders, "folders of revision files, in order; by default `versions` in `script_location`"},
  {"recursive_version_locations", &Config::recursive_version_locations, kChain, kAlembic, kPlain, "also read the folders inside `version_locations`"},
  {"path_separator", &Config::path_separator, kChain, kAlembic, kPlain, "how alembic.ini separates paths: `os`, `:`, `;`, `space` or `newline`"},
  {"prepend_sys_path", &Config::prepend_sys_path, kChain, kAlembic, kFolders, "folders where Python modules are looked for first"},
  {"version_table", &Config::version_table, kChain, kOwn, kPlain, "table that holds the applied revisions"},
  {"version_table_schema", &Config::version_table_schema, kChain, kOwn, kPlain, "schema of `version_table`; empty: whatever search_path gives"},
  {"version_table_pk", &Config::version_table_pk, kChain, kOwn, kPlain, "`version_table` has a primary key"},
  {"transaction_per_migration", &Config::transaction_per_migration, kChain, kOwn, kPlain, "one transaction per revision instead of one per script"},
  {"transactional_ddl", &Config::transactional_ddl, kChain, kOwn, kPlain, "scripts open transactions at all"},
  {"include_schemas", &Config::include_schemas, kChain, kOwn, kPlain, "comparisons cover all schemas, not only the default one"},
  {"naming_convention", &Config::naming_convention, kChain, kOwn, kPlain, "templates for names of constraints and indexes, by `ix`, `uq`, `ck`, `fk` and `pk`"},
  {"file_template", &Config::file_template, kChain, kAlembic, kPlain, "name of new revision files, without extension"},
  {"truncate_slug_length", &Config::truncate_slug_length, kChain, kAlembic, kPlain, "longest slug in a new file's name"},
  {"timezone", &Config::timezone, kChain, kAlembic, kPlain, "time zone of dates in new files; empty: local time"},
  {"output_encoding", &Config::output_encoding, kChain, kAlembic, kPlain, "encoding of new revision files"},
  {"sourceless", &Config::sourceless, kChain, kAlembic, kPlain, "Alembic also loads compiled files; retort reads sources only"},
  {"revision_environment", &Config::revision_environment, kChain, kAlembic, kPlain, "Alembic runs env.py for new revisions too; retort never runs it"},
};
// clang-format on

std::span<const SettingInfo> settings() { return kSettings; }

constexpr int kOldestServer = 12;

static std::string servers_problem(const std::vector<int>& servers) {
  if (servers.empty())
    return "`servers` is empty: name at least one major version";
  for (const int server : servers)
    if (server < kOldestServer || server > pg::kNewestServer)
      return fmt::format("server {} is not known: majors {} to {} are", server, kOldestServer,
                         pg::kNewestServer);
  return {};
}

static std::string naming_problem(const Templates& templates) {
  constexpr std::string_view kKeys[] = {"ck", "fk", "ix", "pk", "uq"};
  for (const auto& [key, text] : templates)
    if (std::find(std::begin(kKeys), std::end(kKeys), key) == std::end(kKeys))
      return fmt::format("`{}` names no kind of constraint: `ix`, `uq`, `ck`, `fk` and `pk` do",
                         key);
  return {};
}

static std::string separator_problem(std::string_view separator) {
  constexpr std::string_view kSeparators[] = {"", "os", ":", ";", "space", "newline"};
  if (std::find(std::begin(kSeparators), std::end(kSeparators), separator) != std::end(kSeparators))
    return {};
  return fmt::format("`{}` is no separator: `os`, `:`, `;`, `space` and `newline` are", separator);
}

std::string problem_of(const SettingInfo& info, const Config& config) {
  if (info.name == "servers")
    return servers_problem(config.servers.value);
  if (info.name == "naming_convention")
    return naming_problem(config.naming_convention.value);
  if (info.name == "path_separator")
    return separator_problem(config.path_separator.value);
  if (info.name == "truncate_slug_length" && config.truncate_slug_length.value < 0)
    return "`truncate_slug_length` is negative";
  if (info.name == "version_table" && config.version_table.value.empty())
    return "`version_table` is empty";
  if (info.name == "script_location" && config.script_location.value.empty())
    return "`script_location` is empty";
  return {};
}

}  // namespace retort
