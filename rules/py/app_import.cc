// A revision that imports the application's models: they go on changing, and the revision, which is
// to do what it did, changes with them, or cannot be run any more.
#include "rules/rules.h"

#include "common/text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::rules {
namespace {

// The dotted name that a line at the margin, or in a function, imports from.
std::string_view imported(std::string_view line) {
  const std::string_view text = trim(line);
  std::string_view rest;
  if (text.starts_with("from "))
    rest = trim(text.substr(5));
  else if (text.starts_with("import "))
    rest = trim(text.substr(7));
  else
    return "";
  if (text.starts_with("from ") && rest.find(" import ") == std::string_view::npos)
    return "";
  return rest.substr(0, rest.find_first_of(" ,;#"));
}

// The application's, by its name or by the folders that the file is in; helpers beside the
// revisions are kept with them.
bool is_of_application(std::string_view module, std::string_view path) {
  for (const std::string_view part : split(module, '.'))
    if (part == "migrations" || part == "migration" || part == "alembic" || part == "versions" ||
        part == "revisions" || part == "migration_helpers")
      return false;
  if (module.starts_with("."))
    return false;
  const std::string_view top = module.substr(0, module.find('.'));
  constexpr std::array<std::string_view, 6> kUsual = {"app",    "application", "models",
                                                      "server", "backend",     "myapp"};
  if (std::find(kUsual.begin(), kUsual.end(), top) != kUsual.end())
    return true;
  constexpr std::array<std::string_view, 12> kNever = {
      "sqlalchemy",  "os",   "sys",      "json", "typing", "logging",
      "collections", "enum", "datetime", "uuid", "re",     "src"};
  if (std::find(kNever.begin(), kNever.end(), top) != kNever.end())
    return false;
  const std::vector<std::string_view> folders = split(path, '/');
  return std::find(folders.begin(), folders.end(), top) != folders.end();
}

// What a column is made of: autogenerate writes such imports, and there is no way without, as long
// as they stay what they are.
bool is_of_types(std::string_view module) {
  const std::vector<std::string_view> parts = split(module, '.');
  constexpr std::array<std::string_view, 12> kNames = {
      "types", "type", "sqlalchemy", "database", "db",           "utilities",
      "utils", "util", "guid",       "fields",   "custom_types", "orm_types"};
  return parts.size() == 1 || std::find(kNames.begin(), kNames.end(), parts.back()) != kNames.end();
}

void check(RevisionVisit& visit) {
  if (!visit.unit().index || (*visit.chain())[*visit.unit().index].format != Format::python)
    return;
  const std::string_view source = visit.source();
  bool quoted = false;
  for (const std::string_view line : split(source, '\n')) {
    const bool inside = quoted;
    for (size_t at = line.find("\"\"\""); at != std::string_view::npos;
         at = line.find("\"\"\"", at + 3))
      quoted = !quoted;
    const std::string_view module = inside ? std::string_view() : imported(line);
    if (module.empty() || !is_of_application(module, visit.path()))
      continue;
    const bool types = is_of_types(module);
    const auto begin = static_cast<uint32_t>(module.data() - source.data());
    visit
        .report(Span{begin, begin + static_cast<uint32_t>(module.size())},
                fmt::format("{} goes on changing, and this revision with it", module),
                {.variant = types ? "types" : std::string_view(),
                 .level = types ? std::optional(Level::info) : std::nullopt})
        .note("write down what the revision needs of it: sa.table(), sa.column(), values");
  }
}

}  // namespace

const Rule py_app_import{.name = "py/app-import", .level = Level::warning, .checks = {on<check>}};

}  // namespace retort::rules
