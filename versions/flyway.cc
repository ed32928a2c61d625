#include "common/path.h"
#include "common/text.h"
#include "versions/layouts.h"
#include "versions/lines.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

constexpr std::string_view kRule = "chain/broken";
constexpr std::string_view kSettings = ".conf";

enum class Kind : uint8_t { none, versioned, undo, baseline, repeatable, callback };

struct Name {
  Kind kind = Kind::none;
  std::string_view version;  // "1.2", "1_2"
  std::string_view description;
};

// beforeMigrate.sql, afterEachMigrate__note.sql
bool is_callback(std::string_view name) {
  for (const std::string_view prefix : {"before", "after"})
    if (name.starts_with(prefix) && name.size() > prefix.size() && name[prefix.size()] >= 'A' &&
        name[prefix.size()] <= 'Z')
      return true;
  return false;
}

bool is_version(std::string_view version) {
  bool digit = false;
  for (const char c : version) {
    const bool separator = c == '.' || c == '_';
    if (separator ? !digit : c < '0' || c > '9')
      return false;
    digit = !separator;
  }
  return digit;
}

Name parse_name(std::string_view name) {
  if (!name.ends_with(".sql"))
    return {};
  name.remove_suffix(4);
  if (is_callback(name))
    return {Kind::callback, {}, name};
  const size_t separator = name.find("__");
  if (separator == std::string_view::npos)
    return {};
  const std::string_view version = name.substr(1, separator - 1);
  const std::string_view description = name.substr(separator + 2);
  if (name[0] == 'R')
    return version.empty() ? Name{Kind::repeatable, {}, description} : Name{};
  const Kind kind = name[0] == 'V'   ? Kind::versioned
                    : name[0] == 'U' ? Kind::undo
                    : name[0] == 'B' ? Kind::baseline
                                     : Kind::none;
  return kind != Kind::none && is_version(version) ? Name{kind, version, description} : Name{};
}

// Separators read as dots; Flyway holds 1 and 1.0 for the same version.
std::vector<std::string> numbers_of(std::string_view version) {
  std::string dotted(version);
  std::replace(dotted.begin(), dotted.end(), '_', '.');
  std::vector<std::string> numbers;
  for (const std::string_view part : split(dotted, '.'))
    numbers.push_back(without_leading_zeros(part));
  while (numbers.size() > 1 && numbers.back() == "0")
    numbers.pop_back();
  return numbers;
}

// `executeInTransaction=false` of the `.conf` file.
Wrap read_settings(const Sources& sources, const SqlFile& file, Diagnostics& diagnostics) {
  Wrap wrap = Wrap::automatic;
  const std::string_view text = sources.text(file.file);
  for (uint32_t at = text_begin(text); at < text.size();) {
    const Line line = line_at(text, at);
    at = line.next;
    const std::string_view words = text.substr(line.span.begin, line.span.size());
    const size_t equals = words.find('=');
    if (equals == std::string_view::npos || trim(words.substr(0, equals)) != "executeInTransaction")
      continue;
    const std::string value = lower(trim(words.substr(equals + 1)));
    if (value == "true" || value == "false")
      wrap = value == "true" ? Wrap::always : Wrap::never;
    else
      diagnostics.report(Level::error, kRule, "bad-header", {file.file, line.span},
                         "`executeInTransaction` must be true or false");
  }
  return wrap;
}

}  // namespace

bool is_flyway_name(std::string_view name) {
  if (name.ends_with(kSettings))
    name.remove_suffix(kSettings.size());
  return parse_name(name).kind != Kind::none;
}

std::vector<Revision> read_flyway(const Sources& sources, std::span<const SqlFile> files,
                                  Diagnostics& diagnostics) {
  std::vector<Version> versions;
  const auto report_unread = [&](const SqlFile& file, Level level, std::string_view variant,
                                 std::string_view why) {
    diagnostics.report(level, kRule, variant, {file.file, {}},
                       fmt::format("`{}` is not read: {}", file_name(file.path), why));
  };
  for (const SqlFile& file : files) {
    const std::string_view path = file_name(file.path);
    const Name name = parse_name(path);
    Version version;
    version.up = &file;
    version.title = title_of(name.description);
    switch (name.kind) {
    case Kind::versioned:
      version.id = name.version;
      std::replace(version.id.begin(), version.id.end(), '_', '.');
      version.numbers = numbers_of(name.version);
      break;
    case Kind::repeatable:
      version.id = path.substr(0, path.size() - 4);
      version.repeatable = true;
      break;
    case Kind::baseline:
      report_unread(file, Level::info, "ignored-file", "a baseline repeats the versions before it");
      continue;
    case Kind::callback:
      report_unread(file, Level::info, "ignored-file", "callbacks are no revisions");
      continue;
    default: continue;
    }
    versions.push_back(std::move(version));
  }

  const auto owner_of = [&](std::string_view file, const Name& name) {
    return std::find_if(versions.begin(), versions.end(), [&](const Version& version) {
      if (name.kind == Kind::undo)
        return !version.repeatable && version.numbers == numbers_of(name.version);
      return file_name(version.up->path) == file;
    });
  };
  for (const SqlFile& file : files) {
    const std::string_view path = file_name(file.path);
    if (path.ends_with(kSettings)) {
      const std::string_view subject = path.substr(0, path.size() - kSettings.size());
      const auto owner = owner_of(subject, {});
      if (owner != versions.end())
        owner->transaction = read_settings(sources, file, diagnostics);
      continue;
    }
    const Name name = parse_name(path);
    if (name.kind != Kind::undo)
      continue;
    const auto owner = owner_of(path, name);
    if (owner == versions.end())
      report_unread(file, Level::warning, "missing-up-file", "it undoes no version of this folder");
    else if (owner->down != FileId::none)
      report_unread(file, Level::error, "duplicate-id", "its version has another undo file");
    else
      owner->down = file.file;
  }
  return link_versions(Format::flyway, std::move(versions), diagnostics);
}

}  // namespace retort
