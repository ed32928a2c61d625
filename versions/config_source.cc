#include "versions/config_source.h"

#include "common/path.h"
#include "common/text.h"
#include "versions/config_file.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>

namespace retort {
namespace {

constexpr std::string_view kRetortToml = "retort.toml";
constexpr std::string_view kPyproject = "pyproject.toml";
constexpr std::string_view kAlembicIni = "alembic.ini";

class Finder {
public:
  Finder(Run& run, const ConfigRequest& request) : run_(run), request_(request) {}

  Result<ConfigSources> find() {
    Strings named = request_.files;
    const char* const variable = std::getenv("RETORT_CONFIG");
    if (named.empty() && variable && *variable)
      named.push_back(variable);
    for (const std::string& name : named)
      TRY(add_named(join_path(request_.start_folder, name)));
    if (named.empty())
      TRY(search());
    else  // what stands beside the named file goes with it, as Alembic's pyproject.toml does
      TRY(look_into(parent_path(join_path(request_.start_folder, named.front())),
                    {!has(Kind::retort_toml), !has(Kind::tool_retort), !has(Kind::ini),
                     !has(Kind::tool_alembic)}));

    // What the command line asked for comes before what merely stands there.
    const auto rank = [&](const ConfigSource& source) {
      const bool asked = source.named || (source.kind == ConfigSource::Kind::ini &&
                                          request_.section != ConfigRequest{}.section);
      return std::make_pair(!asked, source.kind);
    };
    std::stable_sort(found_.all.begin(), found_.all.end(),
                     [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    return std::move(found_);
  }

private:
  using Kind = ConfigSource::Kind;

  bool has(Kind kind) const {
    return std::any_of(found_.all.begin(), found_.all.end(),
                       [&](const ConfigSource& source) { return source.kind == kind; });
  }
  bool has_own() const { return has(Kind::retort_toml) || has(Kind::tool_retort); }
  bool has_alembic() const { return has(Kind::ini) || has(Kind::tool_alembic); }

  // Up to the repository's root. retort's files and Alembic's are looked for apart.
  Result<> search() {
    std::string folder = request_.start_folder;
    while (true) {
      const bool own = !has_own();
      const bool alembic = !has_alembic();
      TRY(look_into(folder, {own, own, alembic, alembic}));
      if ((has_own() && has_alembic()) || folder == "/" ||
          run_.disk.exists(join_path(folder, ".git")))
        return Nothing{};
      folder = parent_path(folder);
    }
  }

  struct Wanted {
    bool retort_toml, tool_retort, ini, tool_alembic;
  };

  Result<> look_into(const std::string& folder, Wanted wanted) {
    const auto is_there = [&](std::string_view name) {
      return run_.disk.kind(join_path(folder, name)) == EntryKind::file;
    };
    if (wanted.retort_toml && is_there(kRetortToml))
      TRY(add_toml(join_path(folder, kRetortToml), false));
    if (wanted.ini && is_there(kAlembicIni))
      TRY(add_ini(join_path(folder, kAlembicIni), false));
    if ((wanted.tool_retort || wanted.tool_alembic) && is_there(kPyproject))
      TRY(add_pyproject(join_path(folder, kPyproject), false, wanted.tool_retort,
                        wanted.tool_alembic));
    found_.stopped_at = folder;
    return Nothing{};
  }

  Result<> add_named(const std::string& path) {
    const std::string_view name = file_name(path);
    const size_t before = found_.all.size();
    if (name == kPyproject) {
      TRY(add_pyproject(path, true, true, true));
      if (found_.all.size() == before)
        return run_.diagnostics.fail("config/missing", "table", {},
                                     fmt::format("`{}` has neither `[tool.retort]` nor "
                                                 "`[tool.alembic]`",
                                                 shown_path(path)));
    } else if (name.ends_with(".toml")) {
      TRY(add_toml(path, true));
    } else {
      TRY(add_ini(path, true));
    }
    for (size_t i = 0; i < before; ++i)
      if (found_.all[i].kind == found_.all[before].kind)
        return run_.diagnostics.fail(
            "config/usage", "", {},
            fmt::format("`-c {}`: another file of that kind is named already, `{}`",
                        shown_path(path), run_.sources.path(found_.all[i].file)));
    return Nothing{};
  }

  Result<> add_toml(const std::string& path, bool named) {
    const FileId file = TRY(load_config_file(run_, path));
    Toml toml = TRY(parse_toml(run_.diagnostics, run_.sources, file));
    add(Kind::retort_toml, named, file, path).toml = std::move(toml);
    return Nothing{};
  }

  Result<> add_ini(const std::string& path, bool named) {
    const FileId file = TRY(load_config_file(run_, path));
    Ini ini = TRY(parse_ini(run_.diagnostics, run_.sources, file, parent_path(path)));
    add(Kind::ini, named, file, path).ini = std::move(ini);
    return Nothing{};
  }

  Result<> add_pyproject(const std::string& path, bool named, bool own, bool alembic) {
    const FileId file = TRY(load_config_file(run_, path));
    // A file that speaks of neither is none of our business, however broken.
    const std::string_view text = run_.sources.text(file);
    if (text.find("retort") == std::string_view::npos &&
        text.find("alembic") == std::string_view::npos)
      return Nothing{};
    const Toml toml = TRY(parse_toml(run_.diagnostics, run_.sources, file));
    const Toml* const tool = toml.table({"tool"});
    for (const auto& [key, kind, wanted] : {std::tuple{"retort", Kind::tool_retort, own},
                                            std::tuple{"alembic", Kind::tool_alembic, alembic}}) {
      const TomlEntry* const entry = tool && wanted ? tool->find(key) : nullptr;
      if (!entry)
        continue;
      if (entry->value.kind != Toml::Kind::table)
        return run_.diagnostics.fail("config/type", "", entry->value.at,
                                     fmt::format("`tool.{}` must be a table", key));
      add(kind, named, file, path).toml = entry->value;
    }
    return Nothing{};
  }

  ConfigSource& add(Kind kind, bool named, FileId file, const std::string& path) {
    ConfigSource& source = found_.all.emplace_back();
    source.kind = kind;
    source.named = named;
    source.file = file;
    source.folder = parent_path(path);
    // Alembic's paths are relative to the current folder. A file that the search found further up
    // is read as if Alembic ran there.
    source.bases = {source.folder, request_.start_folder};
    if (source.is_own())
      source.bases.pop_back();
    else if (named)
      std::swap(source.bases[0], source.bases[1]);
    return source;
  }

  Run& run_;
  const ConfigRequest& request_;
  ConfigSources found_;
};

}  // namespace

Result<ConfigSources> find_config(Run& run, const ConfigRequest& request) {
  return Finder(run, request).find();
}

}  // namespace retort
