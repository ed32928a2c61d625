#include "versions/config.h"

#include "cli/config_show.h"
#include "tests/fake_disk.h"

#include "common/text.h"

#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>

using namespace retort;

namespace {

// A repository on a fake disk, and what retort makes of it.
struct Reading {
  FakeDisk disk;
  Run run{disk, 1, {}, {}};
  Result<Config> config;

  Reading(const std::string& folder, FakeDisk::Files files, const ConfigRequest& request = {})
      : disk(std::move(files)),
        config(read_config(run, {request.files, request.section, request.versions, folder})) {}

  const Config& operator*() const {
    INFO(messages());
    REQUIRE(config);
    return *config;
  }
  const Config* operator->() const { return &**this; }

  std::string messages() const {
    std::string text;
    for (const Diagnostic& d : run.diagnostics.all()) {
      if (d.at.file != FileId::none) {
        const Position at = run.sources.position(d.at.file, d.at.span.begin);
        text += std::string(run.sources.path(d.at.file)) + ":" + std::to_string(at.line) + ":" +
                std::to_string(at.column) + ": ";
      }
      text += std::string(d.rule) + ": " + d.message + "\n";
    }
    return text;
  }
  template <class T>
  std::string written(const Setting<T>& setting) const {
    return std::string(run.sources.text(setting.origin.at));
  }
};

const std::pair<const std::string, std::string> kEnv{"/repo/migrations/env.py", ""};

}  // namespace

TEST_CASE("config: alembic.ini alone is enough") {
  const Reading read("/repo/app/deep",
                     {kEnv,
                      {"/repo/.git/HEAD", ""},
                      {"/repo/alembic.ini", "[alembic]\n"
                                            "script_location = migrations\n"
                                            "file_template = %%(rev)s\n"
                                            "truncate_slug_length = 20\n"
                                            "recursive_version_locations = true\n"
                                            "sourceless = true\n"
                                            "sqlalchemy.url = %(DATABASE_URL)s\n"}});
  CHECK(read->script_location.value == "/repo/migrations");
  CHECK(read.written(read->script_location) == "migrations");
  CHECK(read->version_locations.value == Strings{"/repo/migrations/versions"});
  CHECK(read->version_locations.is_default());
  CHECK(read->file_template.value == "%(rev)s");
  CHECK(read->truncate_slug_length.value == 20);
  CHECK(read->recursive_version_locations.value);
  CHECK(read->sourceless.value);
  CHECK(read->servers.value == std::vector{15});
  CHECK(read->version_table.value == "alembic_version");
  CHECK(read.messages() == "");
}

TEST_CASE("config: retort.toml overrides alembic.ini") {
  const Reading read(
      "/repo", {kEnv,
                {"/repo/alembic.ini", "[alembic]\nscript_location = migrations\ntimezone = UTC\n"},
                {"/repo/retort.toml", "servers = [16, 13]\n"
                                      "[chain]\n"
                                      "timezone = \"Europe/Oslo\"\n"
                                      "version_table_schema = \"ops\"\n"
                                      "naming_convention = { pk = \"pk_%(table_name)s\" }\n"
                                      "[lint]\nselect = [\"all\"]\n"}});
  CHECK(read->servers.value == std::vector{13, 16});  // in order, however they are written
  CHECK(read->timezone.value == "Europe/Oslo");
  CHECK(read->version_table_schema.value == "ops");
  CHECK(read->naming_convention.value == Templates{{"pk", "pk_%(table_name)s"}});
  CHECK(read->script_location.value == "/repo/migrations");
  REQUIRE(read->tables.size() == 1);
  CHECK(read->tables[0].table({"lint"}));
}

TEST_CASE("config: pyproject.toml speaks for both") {
  const Reading read(
      "/repo", {{"/repo/db/env.py", ""},
                {"/repo/pyproject.toml", "[tool.retort]\n"
                                         "servers = [17]\n"
                                         "[tool.retort.chain]\n"
                                         "version_table = \"revisions\"\n"
                                         "[tool.alembic]\n"
                                         "script_location = \"%(here)s/db\"\n"
                                         "version_locations = [\"%(here)s/db/v1\", \"db/v2\"]\n"
                                         "file_template = \"%%(year)d_%%(rev)s\"\n"
                                         "truncate_slug_length = \"30\"\n"
                                         "anything = 1\n"}});
  CHECK(read->servers.value == std::vector{17});
  CHECK(read->version_table.value == "revisions");
  CHECK(read->script_location.value == "/repo/db");
  CHECK(read->version_locations.value == Strings{"/repo/db/v1", "/repo/db/v2"});
  CHECK(read->file_template.value == "%(year)d_%(rev)s");
  CHECK(read->truncate_slug_length.value == 30);
}

TEST_CASE("config: the ini section comes before [tool.alembic]") {
  const Reading read("/repo",
                     {kEnv,
                      {"/repo/alembic.ini", "[alembic]\ntimezone = UTC\nversion_locations =\n"},
                      {"/repo/pyproject.toml", "[tool.alembic]\n"
                                               "timezone = \"CET\"\n"
                                               "script_location = \"migrations\"\n"
                                               "version_locations = [\"migrations/a\"]\n"}});
  CHECK(read->timezone.value == "UTC");
  CHECK(read->script_location.value == "/repo/migrations");
  CHECK(read->version_locations.value == Strings{"/repo/migrations/a"});
}

TEST_CASE("config: version_locations split as Alembic splits them") {
  const auto locations = [](const std::string& lines) {
    const Reading read(
        "/repo",
        {kEnv, {"/repo/alembic.ini", "[alembic]\nscript_location = migrations\n" + lines}});
    Strings names = read->version_locations.value;
    for (std::string& name : names)
      name = name.substr(6);
    return join(names, "|");
  };
  CHECK(locations("version_locations = a, b  c,d\n") == "a|b|c|d");
  CHECK(locations("path_separator = os\nversion_locations = a b:c: :\n") == "a b|c");
  CHECK(locations("path_separator = ;\nversion_locations = a;b\n") == "a|b");
  CHECK(locations("path_separator = space\nversion_locations = a  b\n") == "a|b");
  CHECK(locations("path_separator = newline\nversion_locations =\n  a\n\n  b\n") == "a|b");
  CHECK(locations("version_path_separator = :\nversion_locations = a:b\n") == "a|b");
  CHECK(locations("path_separator = newline\nversion_path_separator = :\n"
                  "version_locations = a;b\n") == "a;b");
}

TEST_CASE("config: the old separator's name does not serve prepend_sys_path") {
  const Reading read("/repo", {kEnv,
                               {"/repo/alembic.ini", "[alembic]\nscript_location = migrations\n"
                                                     "version_path_separator = ;\n"
                                                     "prepend_sys_path = .:lib\n"}});
  CHECK(read->prepend_sys_path.value == Strings{"/repo", "/repo/lib"});
}

TEST_CASE("config: a location inside a package of the repository") {
  const Reading read("/repo",
                     {{"/repo/src/shop/db/migrations/env.py", ""},
                      {"/repo/alembic.ini", "[alembic]\nscript_location = shop.db:migrations\n"}});
  CHECK(read->script_location.value == "/repo/src/shop/db/migrations");

  const Reading module(
      "/repo", {{"/repo/lib/shop/__init__.py", ""},
                {"/repo/lib/shop/tool.py", ""},
                {"/repo/lib/shop/migrations/env.py", ""},
                {"/repo/alembic.ini", "[alembic]\nprepend_sys_path = lib\npath_separator = os\n"
                                      "script_location = shop.tool:migrations\n"}});
  CHECK(module->script_location.value == "/repo/lib/shop/migrations");

  const Reading around(
      "/repo/src/shop/db",
      {{"/repo/.git/HEAD", ""},
       {"/repo/src/shop/db/migrations/env.py", ""},
       {"/repo/src/shop/db/alembic.ini", "[alembic]\nscript_location = shop:db:migrations\n"}});
  CHECK(around->script_location.value == "/repo/src/shop/db/migrations");

  const Reading missing(
      "/repo", {{"/repo/alembic.ini", "[alembic]\nscript_location = vendor:migrations\n"}});
  CHECK(missing.messages() == "/repo/alembic.ini:2:19: config/missing: value of `script_location`: "
                              "package `vendor` was not found\n");
}

TEST_CASE("config: relative folders, by file and by -c") {
  const FakeDisk::Files files{
      {"/repo/conf/migrations/env.py", ""},
      {"/repo/migrations/env.py", ""},
      {"/repo/conf/alembic.ini", "[alembic]\nscript_location = migrations\n"},
      {"/repo/conf/retort.toml", "[chain]\nscript_location = \"../migrations\"\n"}};
  const Reading named("/repo", files, {.files = {"conf/alembic.ini"}});
  CHECK(named->script_location.value == "/repo/migrations");
  const Reading toml("/repo", files, {.files = {"conf/retort.toml"}});
  CHECK(toml->script_location.value == "/repo/migrations");
  const Reading inside("/repo/conf/sub", FakeDisk::Files{files.begin(), std::prev(files.end(), 2)});
  CHECK(inside->script_location.value == "/repo/conf/migrations");
}

TEST_CASE("config: what -c and -n ask for comes first, what stands beside comes second") {
  const FakeDisk::Files files{
      {"/repo/a/env.py", ""},
      {"/repo/b/env.py", ""},
      {"/repo/tenants.ini", "[alembic]\nscript_location = b\n[other]\nscript_location = a\n"},
      {"/repo/alembic.ini", "[alembic]\nscript_location = a\n[tenant]\nscript_location = b\n"},
      {"/repo/retort.toml", "servers = [14]\n[chain]\nscript_location = \"a\"\n"}};
  const Reading named("/repo", files, {.files = {"tenants.ini"}});
  CHECK(named->script_location.value == "/repo/b");
  CHECK(named->servers.value == std::vector{14});
  const Reading section("/repo", files, {.section = "tenant"});
  CHECK(section->script_location.value == "/repo/b");
  const Reading wrong("/repo", files, {.section = "tenent"});
  CHECK(wrong.messages() == "/repo/alembic.ini:1:1: config/missing: no section `[tenent]` in this "
                            "file; did you mean `[tenant]`?\n");
  const Reading twice("/repo", files, {.files = {"tenants.ini", "alembic.ini"}});
  CHECK(twice.messages() == "config/usage: `-c /repo/alembic.ini`: another file of that kind is "
                            "named already, `/repo/tenants.ini`\n");
}

TEST_CASE("config: --versions needs no configuration") {
  const Reading read("/repo", {{"/repo/sql/1.sql", ""}}, {.versions = {"sql"}});
  CHECK(read->version_locations.value == Strings{"/repo/sql"});
  CHECK(read->version_locations.origin.kind == Origin::Kind::command_line);
  const Reading missing("/repo", {}, {.versions = {"sql"}});
  CHECK(missing.messages() == "config/missing: `--versions sql` names no folder\n");
}

TEST_CASE("config: the search ends at the repository's root") {
  const Reading read("/repo/app", {{"/alembic.ini", "[alembic]\nscript_location = x\n"},
                                   {"/x/env.py", ""},
                                   {"/repo/.git/HEAD", ""},
                                   {"/repo/pyproject.toml", "this is [broken"},
                                   {"/repo/app/x.py", ""}});
  CHECK(read.messages() ==
        "config/missing: no `retort.toml`, `pyproject.toml` with `[tool.retort]` or "
        "`[tool.alembic]`, or `alembic.ini` from `/repo/app` up to `/repo`\n");
  CHECK_FALSE(read.disk.was_read("/alembic.ini"));
}

TEST_CASE("config: a section elsewhere is offered") {
  const Reading read("/repo",
                     {kEnv, {"/repo/alembic.ini", "[tenant]\nscript_location = migrations\n"}});
  CHECK(read.messages() ==
        "config/missing: no `script_location` in `/repo/alembic.ini` (section `[alembic]`)\n");
  REQUIRE(!read.run.diagnostics.empty());
  CHECK(read.run.diagnostics.all()[0].notes[0].text == "section `[tenant]` has one: `-n tenant`");
}

TEST_CASE("config: Flask-Migrate's ini lies beside env.py and does not name the folder") {
  const FakeDisk::Files files{{"/repo/migrations/env.py", ""},
                              {"/repo/migrations/alembic.ini", "[alembic]\nfile_template = x\n"}};
  const Reading named("/repo", files, {.files = {"migrations/alembic.ini"}});
  CHECK(named->script_location.value == "/repo/migrations");
  CHECK(named.written(named->script_location) == "alembic");
  const Reading unnamed("/repo", files);
  REQUIRE_FALSE(unnamed.config);
  CHECK(unnamed.run.diagnostics.all()[0].notes[0].text ==
        "`/repo/migrations/alembic.ini` is there: `-c /repo/migrations/alembic.ini`");
}

TEST_CASE("config: every mistake in retort.toml is reported where it stands") {
  const Reading read("/repo", {kEnv,
                               {"/repo/retort.toml", "server = [15]\n"
                                                     "version_table = \"x\"\n"
                                                     "servers = [15, 19]\n"
                                                     "[chain]\n"
                                                     "script_location = \"${HOME}/x\"\n"
                                                     "version_tabel = \"x\"\n"
                                                     "timezone = 1\n"
                                                     "version_locations = [\"ä\", 2]\n"
                                                     "[chain.naming_convention]\n"
                                                     "xx = \"\"\n"}});
  CHECK(read.messages() ==
        "/repo/retort.toml:1:1: config/unknown-key: unknown key `server`; did you mean `servers`?\n"
        "/repo/retort.toml:2:1: config/unknown-key: unknown key `version_table`; it belongs into "
        "`[chain]`\n"
        "/repo/retort.toml:6:1: config/unknown-key: unknown key `version_tabel`; did you mean "
        "`version_table`?\n"
        "/repo/retort.toml:3:11: config/value: server 19 is not known: majors 12 to 18 are\n"
        "/repo/retort.toml:5:19: config/value: value of `script_location`: `${HOME}` is not known, "
        "only `%(here)s` is\n"
        "/repo/retort.toml:8:27: config/type: `version_locations` must be an array of strings; "
        "this is an integer\n"
        "/repo/retort.toml:9:1: config/value: `xx` names no kind of constraint: `ix`, `uq`, `ck`, "
        "`fk` and `pk` do\n"
        "/repo/retort.toml:7:12: config/type: `timezone` must be a string; this is an integer\n");
}

TEST_CASE("config: files that cannot be read say why") {
  const auto message = [](const std::string& name, std::string text) {
    return Reading("/repo", {kEnv, {"/repo/" + name, std::move(text)}}).messages();
  };
  CHECK(message("retort.toml", "a = \n").starts_with("/repo/retort.toml:1:5: config/syntax: "));
  CHECK(message("retort.toml", "[chain]\nk = \"\xFF\"\n") ==
        "/repo/retort.toml:2:6: config/syntax: file is not UTF-8 from here on\n");
  CHECK(message("alembic.ini", std::string("[alembic]\nk = \0\n", 15)) ==
        "/repo/alembic.ini:2:5: config/syntax: file contains a NUL byte\n");
  CHECK(message("alembic.ini", std::string("\xFF\xFE[\0", 4)) ==
        "/repo/alembic.ini:1:1: config/syntax: file is encoded in UTF-16: save it as UTF-8\n");
  CHECK(message("retort.toml", "[=]\n").starts_with("/repo/retort.toml:1:2: config/syntax: "));
  std::string deep = "a";
  for (int i = 0; i < 100000; ++i)
    deep += ".a";
  CHECK(message("retort.toml", deep + " = 1\n") ==
        "/repo/retort.toml:1:66: config/syntax: key has more than 32 parts\n");
  CHECK(
      message("alembic.ini", "[alembic]\nscript_location = none\n") ==
      "/repo/alembic.ini:2:19: config/missing: `script_location` names no folder: `/repo/none`\n");
  CHECK(message("alembic.ini", "[alembic]\nscript_location = %(MIGRATIONS)s\n") ==
        "/repo/alembic.ini:2:19: config/value: value of `script_location`: `%(migrations)s` names "
        "no option of `[alembic]` or `[DEFAULT]`\n");
}

TEST_CASE("config: a byte order mark and CRLF keep places right") {
  const Reading read("/repo", {kEnv,
                               {"/repo/retort.toml", "\xEF\xBB\xBFservers = [13]\r\n[chain]\r\n"
                                                     "script_location = \"migrations\"\r\n"}});
  CHECK(read.written(read->servers) == "[13]");
  CHECK(read.written(read->script_location) == "\"migrations\"");
}

TEST_CASE("config show: TOML with places, and JSON") {
  const Reading read("/repo",
                     {kEnv, {"/repo/alembic.ini", "[alembic]\nscript_location = migrations\n"}});
  const std::string text = config_text(*read, read.run.sources, true);
  CHECK(text.starts_with("servers                     = [15]"));
  CHECK(text.find("\n[chain]\nscript_location             = \"/repo/migrations\"") !=
        std::string::npos);
  CHECK(text.find("# /repo/alembic.ini:2\n") != std::string::npos);
  CHECK(text.find("# default\n") != std::string::npos);
  CHECK(config_text(*read, read.run.sources, false).find('#') == std::string::npos);

  const std::string json = config_json(*read, read.run.sources);
  CHECK(json.find(R"("script_location":{"value":"/repo/migrations","origin":"file",)"
                  R"("file":"/repo/alembic.ini","line":2,"column":19})") != std::string::npos);
  CHECK(json.find(R"("servers":{"value":[15],"origin":"default"})") != std::string::npos);

  // What is shown is a retort.toml that says the same.
  const Reading again("/repo", {kEnv, {"/repo/retort.toml", text}});
  CHECK(config_text(*again, again.run.sources, false) ==
        config_text(*read, read.run.sources, false));
}

TEST_CASE("config: docs/configuration.md has the table of settings") {
  const std::string path = join_path(RETORT_SOURCE, "docs/configuration.md");
  std::string page = *real_disk().read(path);
  const std::string table = settings_markdown();
  const size_t begin = page.find(table.substr(0, table.find('\n')));
  REQUIRE(begin != std::string::npos);
  const size_t end = page.find("\n\n", begin) + 1;
  REQUIRE(end != 0);
  if (std::getenv("RETORT_UPDATE"))
    std::ofstream(path, std::ios::binary) << page.replace(begin, end - begin, table);
  else
    CHECK(page.substr(begin, end - begin) == table);
}
