#include "versions/config.h"

#include "common/path.h"
#include "common/text.h"
#include "versions/config_paths.h"
#include "versions/config_source.h"
#include "versions/config_value.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

// Tables of retort.toml that other folders read, from Config::tables.
constexpr std::string_view kOtherTables[] = {"lint", "rule"};
constexpr std::string_view kChain = "chain";

class Reader {
public:
  Reader(Run& run, const ConfigRequest& request, ConfigSources found)
      : run_(run), request_(request), found_(std::move(found)) {
    config_.start_folder = request.start_folder;
    config_.section = request.section;
  }

  Result<Config> read() {
    note(check_section());
    for (ConfigSource& source : found_.all) {
      config_.files.push_back(source.file);
      if (source.is_own())
        note(check_keys(source.toml));
    }
    note(take_versions());
    const auto is_separator = [](const SettingInfo& info) { return info.name == "path_separator"; };
    for (const SettingInfo& info : settings())
      if (is_separator(info))  // first: the ini's lists of folders depend on it
        read_setting(info);
    for (const SettingInfo& info : settings())
      if (!is_separator(info))
        read_setting(info);
    std::vector<const Toml*> own;
    for (const ConfigSource& source : found_.all)
      if (source.is_own())
        own.push_back(&source.toml);
    Result<Given> given = read_given(run_.diagnostics, own);
    if (given)
      config_.given = *std::move(given);
    else
      note(run_.diagnostics.failed());
    TRY(result_);
    TRY(resolve());
    std::vector<int>& servers = config_.servers.value;
    std::sort(servers.begin(), servers.end());  // the oldest decides
    for (ConfigSource& source : found_.all) {
      if (source.kind == ConfigSource::Kind::ini)
        config_.ini = std::move(source.ini);
      else if (source.is_own())
        config_.tables.push_back(std::move(source.toml));
    }
    return std::move(config_);
  }

private:
  using Kind = ConfigSource::Kind;

  // One setting that is wrong does not hide the next.
  void note(Result<> result) {
    if (!result)
      result_ = result;
  }

  // A section that was asked for must be there; Alembic's default one may be missing.
  Result<> check_section() {
    const auto ini = std::find_if(found_.all.begin(), found_.all.end(),
                                  [](const ConfigSource& s) { return s.kind == Kind::ini; });
    if (request_.section == ConfigRequest{}.section)
      return Nothing{};
    if (ini == found_.all.end())
      return run_.diagnostics.fail(
          "config/missing", "section", {},
          fmt::format("no ini file with a section `[{}]` was found", request_.section));
    if (ini->ini.has_section(request_.section))
      return Nothing{};
    std::string message = fmt::format("no section `[{}]` in this file", request_.section);
    if (const auto near = nearest(request_.section, ini->ini.section_names()); !near.empty())
      message += fmt::format("; did you mean `[{}]`?", near);
    return run_.diagnostics.fail("config/missing", "section", {ini->file, {}}, std::move(message));
  }

  Result<> check_keys(const Toml& top) {
    Result<> result = Nothing{};
    const auto check = [&](const Toml& table, SettingInfo::Home home) {
      for (const TomlEntry& entry : table.entries)
        if (!is_known(entry.key, home))
          result = unknown_key(entry, home);
    };
    check(top, SettingInfo::Home::top);
    const TomlEntry* const chain = top.find(kChain);
    if (!chain)
      return result;
    if (chain->value.kind != Toml::Kind::table)
      return run_.diagnostics.fail(
          "config/type", "", chain->value.at,
          fmt::format("`chain` must be a table, not {}", to_string(chain->value.kind)));
    check(chain->value, SettingInfo::Home::chain);
    return result;
  }

  static std::vector<std::string_view> tables_at(SettingInfo::Home home) {
    std::vector<std::string_view> tables;
    if (home != SettingInfo::Home::top)
      return tables;
    tables = {kChain};
    tables.insert(tables.end(), std::begin(kOtherTables), std::end(kOtherTables));
    tables.insert(tables.end(), given_tables().begin(), given_tables().end());
    return tables;
  }

  static bool is_known(std::string_view key, SettingInfo::Home home) {
    const auto known = settings();
    if (std::any_of(known.begin(), known.end(),
                    [&](const SettingInfo& i) { return i.name == key && i.home == home; }))
      return true;
    const std::vector<std::string_view> tables = tables_at(home);
    return std::find(tables.begin(), tables.end(), key) != tables.end();
  }

  Unexpected<Failed> unknown_key(const TomlEntry& entry, SettingInfo::Home home) {
    std::vector<std::string_view> names;
    std::string message = fmt::format("unknown key `{}`", entry.key);
    for (const SettingInfo& info : settings()) {
      if (info.name == entry.key)  // known, but not here
        return run_.diagnostics.fail("config/unknown-key", "", entry.key_at,
                                     message + (info.home == SettingInfo::Home::chain
                                                    ? "; it belongs into `[chain]`"
                                                    : "; it belongs to the top level"));
      if (info.home == home)
        names.push_back(info.name);
    }
    for (const std::string_view table : tables_at(home))
      names.push_back(table);
    if (const std::string_view near = nearest(entry.key, names); !near.empty())
      message += fmt::format("; did you mean `{}`?", near);
    return run_.diagnostics.fail("config/unknown-key", "", entry.key_at, std::move(message));
  }

  Result<> take_versions() {
    if (request_.versions.empty())
      return Nothing{};
    Result<> result = Nothing{};
    for (const std::string& name : request_.versions) {
      const std::string folder = normal_path(join_path(request_.start_folder, name));
      config_.version_locations.value.push_back(folder);
      if (run_.disk.kind(folder) != EntryKind::folder)
        result = run_.diagnostics.fail("config/missing", "folder", {},
                                       fmt::format("`--versions {}` names no folder", name));
    }
    config_.version_locations.origin.kind = Origin::Kind::command_line;
    return result;
  }

  // Asks the sources in order until one has the setting.
  void read_setting(const SettingInfo& info) {
    const auto is_set = [&](auto member) { return !(config_.*member).is_default(); };
    for (const ConfigSource& source : found_.all) {
      if (std::visit(is_set, info.member))
        return;
      Result<> read = read_from(source, info);
      if (!read)  // wrong here: what a weaker file says does not matter
        return note(read);
    }
  }

  Result<> read_from(const ConfigSource& source, const SettingInfo& info) {
    const ValueContext context{run_.diagnostics, run_.disk, source, config_, info};
    const bool alembic = info.alembic == SettingInfo::Alembic::yes;
    if (source.kind == Kind::ini) {
      if (!alembic)
        return Nothing{};
      const auto value = TRY(source.ini.get(run_.diagnostics, request_.section, info.name));
      // Alembic looks an empty list up in pyproject.toml.
      const bool list = std::holds_alternative<Setting<Strings> Config::*>(info.member);
      return !value || (list && value->text.empty()) ? Nothing{}
                                                     : set_from_ini(context, *value, config_);
    }
    if (source.kind == Kind::tool_alembic && !alembic)
      return Nothing{};
    const bool in_chain = source.is_own() && info.home == SettingInfo::Home::chain;
    const Toml* const table = in_chain ? source.toml.table({kChain}) : &source.toml;
    const TomlEntry* const entry = table ? table->find(info.name) : nullptr;
    return entry ? set_from_toml(context, entry->value, config_) : Nothing{};
  }

  // What depends on more than one setting: packages, the default folder of versions.
  Result<> resolve() {
    for (const std::string& folder : config_.prepend_sys_path.value)
      add_import_folder(folder);
    for (const ConfigSource& source : found_.all)
      for (const std::string& base : source.bases)
        add_import_folder(base);
    add_import_folder(config_.start_folder);
    for (const std::string& folder : Strings(config_.import_folders))
      if (const std::string inside = join_path(folder, "src"); is_folder(inside))
        add_import_folder(inside);
    // A file inside of its own package, which is installed from the repository.
    for (const ConfigSource& source : found_.all)
      for (std::string folder = source.folder; folder != "/"; folder = parent_path(folder)) {
        add_import_folder(folder);
        if (run_.disk.exists(join_path(folder, ".git")))
          break;
      }

    for (const std::string& folder : config_.version_locations.value)
      add_repository_of(folder);
    const bool by_command_line =
        config_.version_locations.origin.kind == Origin::Kind::command_line;
    Setting<std::string>& script = config_.script_location;
    if (script.is_default() && !by_command_line)
      look_beside_ini();
    if (script.is_default() && config_.version_locations.is_default()) {
      if (!request_.needs_folders)
        return Nothing{};
      return nothing_found();
    }
    if (!script.is_default() && !by_command_line) {
      TRY(resolve_package(script.value, script.origin, "script_location"));
      if (!is_folder(script.value))
        return run_.diagnostics.fail(
            "config/missing", "folder", script.origin.at,
            fmt::format("`script_location` names no folder: `{}`", shown_path(script.value)));
    }
    for (std::string& folder : config_.version_locations.value)
      if (!by_command_line)
        TRY(resolve_package(folder, config_.version_locations.origin, "version_locations"));
    if (config_.version_locations.is_default())
      config_.version_locations.value = {join_path(script.value, "versions")};
    return resolve_overrides();
  }

  // Beside retort's own file, else beside Alembic's.
  Result<> resolve_overrides() {
    Setting<std::string>& overrides = config_.overrides;
    if (overrides.is_default()) {
      const auto own = std::find_if(found_.all.begin(), found_.all.end(),
                                    [](const ConfigSource& source) { return source.is_own(); });
      if (!found_.all.empty())
        overrides.value =
            join_path((own == found_.all.end() ? found_.all.front() : *own).folder, "overrides");
      if (!is_folder(overrides.value))
        overrides.value.clear();
      return Nothing{};
    }
    if (!overrides.value.empty() && !is_folder(overrides.value))
      return run_.diagnostics.fail(
          "config/missing", "folder", overrides.origin.at,
          fmt::format("`overrides` names no folder: `{}`", shown_path(overrides.value)));
    return Nothing{};
  }

  // Flask-Migrate keeps alembic.ini in the script folder and does not write the location down.
  void look_beside_ini() {
    for (const ConfigSource& source : found_.all) {
      if (source.kind != Kind::ini ||
          run_.disk.kind(join_path(source.folder, "env.py")) != EntryKind::file)
        continue;
      const IniSection* const section = source.ini.section(request_.section);
      config_.script_location = {
          source.folder, {Origin::Kind::file, section ? section->at : Loc{source.file, {}}}};
    }
  }

  Result<> resolve_package(std::string& text, const Origin& origin, std::string_view name) {
    if (!is_in_package(text))
      return Nothing{};
    std::optional<std::string> folder = package_folder(run_.disk, text, config_.import_folders);
    if (folder) {
      text = *std::move(folder);
      return Nothing{};
    }
    Diagnostic failure{"config/missing", "package", Level::error, origin.at, {}, {}, {}};
    failure.message = fmt::format("value of `{}`: package `{}` was not found", name,
                                  text.substr(0, text.find(':')));
    Strings shown;
    for (const std::string& root : config_.import_folders)
      shown.push_back("`" + shown_path(root) + "`");
    failure.note("looked into " + join(shown, ", "));
    failure.note(fmt::format("installed packages are not searched: set `{}` in retort.toml", name));
    return run_.diagnostics.fail(std::move(failure));
  }

  Unexpected<Failed> nothing_found() {
    Diagnostic failure{"config/missing", "", Level::error, {}, {}, {}, {}};
    if (found_.all.empty()) {
      const std::string from = shown_path(request_.start_folder);
      const std::string to = shown_path(found_.stopped_at);
      failure.message = "no `retort.toml`, `pyproject.toml` with `[tool.retort]` or "
                        "`[tool.alembic]`, or `alembic.ini` " +
                        (from == to ? fmt::format("in `{}`", from)
                                    : fmt::format("from `{}` up to `{}`", from, to));
    } else {
      Strings shown;
      for (const ConfigSource& source : found_.all)
        shown.push_back(fmt::format("`{}` ({})", run_.sources.path(source.file), place_in(source)));
      failure.message = "no `script_location` in " + join(shown, ", ");
      for (const ConfigSource& source : found_.all)
        if (source.kind == Kind::ini)
          note_other_sections(source.ini, failure);
    }
    for (const std::string_view name : {"migrations", "alembic"})
      if (const std::string ini = join_path(join_path(request_.start_folder, name), "alembic.ini");
          found_.all.empty() && run_.disk.kind(ini) == EntryKind::file)
        failure.note(fmt::format("`{}` is there: `-c {}`", shown_path(ini), shown_path(ini)));
    failure.note("name the folder of revision files with `--versions DIR`, or the configuration "
                 "with `-c FILE`");
    return run_.diagnostics.fail(std::move(failure));
  }

  std::string place_in(const ConfigSource& source) const {
    switch (source.kind) {
    case Kind::retort_toml: return "`[chain]`";
    case Kind::tool_retort: return "`[tool.retort.chain]`";
    case Kind::ini: return fmt::format("section `[{}]`", request_.section);
    case Kind::tool_alembic: return "`[tool.alembic]`";
    }
    return {};
  }

  static void note_other_sections(const Ini& ini, Diagnostic& failure) {
    for (const std::string_view name : ini.section_names())
      if (const IniValue* const value = ini.raw(name, "script_location"))
        failure.note(value->at, fmt::format("section `[{}]` has one: `-n {}`", name, name));
  }

  bool is_folder(const std::string& path) const {
    return run_.disk.kind(path) == EntryKind::folder;
  }

  // Up to the folder that looks like the root of a project; without one, nothing.
  void add_repository_of(const std::string& versions) {
    Strings above;
    for (std::string folder = versions; folder != "/"; folder = parent_path(folder)) {
      above.push_back(folder);
      for (const char* const mark : {".git", "pyproject.toml", "setup.py", "setup.cfg"})
        if (run_.disk.exists(join_path(folder, mark))) {
          std::for_each(above.begin(), above.end(),
                        [&](const std::string& one) { add_import_folder(one); });
          if (const std::string inside = join_path(folder, "src"); is_folder(inside))
            add_import_folder(inside);
          return;
        }
    }
  }

  void add_import_folder(const std::string& folder) {
    Strings& all = config_.import_folders;
    if (std::find(all.begin(), all.end(), folder) == all.end())
      all.push_back(folder);
  }

  Run& run_;
  const ConfigRequest& request_;
  ConfigSources found_;
  Config config_;
  Result<> result_ = Nothing{};
};

}  // namespace

Result<Config> read_config(Run& run, const ConfigRequest& given) {
  ConfigRequest request = given;
  request.start_folder = absolute_path(given.start_folder);
  ConfigSources found = TRY(find_config(run, request));
  return Reader(run, request, std::move(found)).read();
}

}  // namespace retort
