// The effective configuration: every setting with the place it came from. retort's own files come
// before Alembic's; env.py is read later and only where nothing else was said (versions/env_py.h).
#pragma once

#include "common/run.h"
#include "versions/given.h"
#include "versions/ini.h"
#include "versions/toml_tree.h"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace retort {

struct Origin {
  enum class Kind : uint8_t { default_value, command_line, file, env_py };
  Kind kind = Kind::default_value;
  Loc at;  // of the value in its file
};

template <class T>
struct Setting {
  T value{};
  Origin origin;

  bool is_default() const { return origin.kind == Origin::Kind::default_value; }
};

using Strings = std::vector<std::string>;
using Templates = std::map<std::string, std::string>;

// Initial values are the defaults. Folders are absolute.
struct Config {
  Setting<std::vector<int>> servers{{15}, {}};
  Setting<std::string> overrides;                // empty: none
  Setting<std::string> lock_timeout;             // empty: none
  Setting<std::string> statement_timeout;        // empty: none
  Setting<Strings> search_path{{"public"}, {}};  // of scripts; empty: the role's
  Setting<std::string> database;                 // that scripts are for, with `*`; empty: any
  Setting<std::string> role;                     // that scripts run as; empty: who runs them
  Setting<std::string> lock;                     // empty: beside the first folder of revisions
  Setting<std::string> script_location;
  Setting<Strings> version_locations;  // never empty after read_config
  Setting<bool> recursive_version_locations;
  Setting<std::string> path_separator;  // empty: Alembic's old splitting
  Setting<Strings> prepend_sys_path;
  Setting<std::string> version_table{"alembic_version", {}};
  Setting<std::string> version_table_schema;  // empty: none
  Setting<bool> version_table_pk{true, {}};
  Setting<bool> transaction_per_migration;
  Setting<bool> transactional_ddl{true, {}};
  Setting<bool> include_schemas;
  Setting<Templates> naming_convention;
  bool naming_unknown = false;  // env.py has a convention, or may have one, that it does not tell
  Setting<std::string> file_template{"%(rev)s_%(slug)s", {}};
  Setting<int> truncate_slug_length{40, {}};
  Setting<std::string> timezone;  // empty: local time
  Setting<std::string> output_encoding{"utf-8", {}};
  Setting<bool> sourceless;
  Setting<bool> revision_environment;

  Given given;

  // Where it was read from, for the readers that come later.
  std::string start_folder;
  std::string section;  // of the ini file
  std::optional<Ini> ini;
  Strings import_folders;     // where Python packages of the repository are looked for
  std::vector<Toml> tables;   // retort.toml and [tool.retort], by precedence: `[lint]` and the like
  std::vector<FileId> files;  // all that were read, by precedence
};

// One line per setting. Readers, `config show`, the check for unknown keys and the docs use it.
struct SettingInfo {
  enum class Home : uint8_t { top, chain };       // in retort.toml: top level, or `[chain]`
  enum class Alembic : uint8_t { no, yes };       // also an option of alembic.ini
  enum class Holds : uint8_t { plain, folders };  // folders are resolved
  using Member = std::variant<Setting<bool> Config::*, Setting<int> Config::*,
                              Setting<std::string> Config::*, Setting<Strings> Config::*,
                              Setting<std::vector<int>> Config::*, Setting<Templates> Config::*>;

  std::string_view name;
  Member member;
  Home home;
  Alembic alembic;
  Holds holds;
  std::string_view description;
};
std::span<const SettingInfo> settings();

// What is wrong with the value of a setting, or nothing.
std::string problem_of(const SettingInfo& info, const Config& config);

struct ConfigRequest {
  Strings files = {};  // `-c`, repeatable; without it RETORT_CONFIG, then the search
  std::string section = "alembic";
  Strings versions = {};          // `--versions`, repeatable
  std::string start_folder = {};  // empty: the current folder
  bool needs_folders = true;      // of revisions; files of SQL do without
};

Result<Config> read_config(Run& run, const ConfigRequest& request);

}  // namespace retort
