#include "common/path.h"
#include "common/text.h"
#include "versions/layouts.h"
#include "versions/lines.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

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
  const size_t prefix = name.starts_with("before") ? 6 : name.starts_with("after") ? 5 : 0;
  return prefix > 0 && name.size() > prefix && name[prefix] >= 'A' && name[prefix] <= 'Z';
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

class FlywayFolder {
public:
  FlywayFolder(const Sources& sources, Diagnostics& diagnostics)
      : sources_(sources), diagnostics_(diagnostics) {}

  std::vector<Revision> read(std::span<const SqlFile> files) {
    for (const SqlFile& file : files)
      if (!file.path.ends_with(kSettings))
        add_version(file);
    for (const SqlFile& file : files)
      add_to_version(file);
    return link_versions(Format::flyway, std::move(versions_), diagnostics_);
  }

private:
  void add_version(const SqlFile& file) {
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
      index_.emplace(join(version.numbers, "."), versions_.size());
      break;
    case Kind::repeatable:
      version.id = path.substr(0, path.size() - 4);
      version.repeatable = true;
      break;
    case Kind::baseline:
      unread(file, Level::info, "ignored-file", "a baseline repeats the versions before it");
      return;
    case Kind::callback:
      unread(file, Level::info, "ignored-file", "callbacks are no revisions");
      return;
    case Kind::undo:
    case Kind::none: return;
    }
    index_.emplace(path, versions_.size());
    versions_.push_back(std::move(version));
  }

  // Undo files and settings, once all versions are known.
  void add_to_version(const SqlFile& file) {
    const std::string_view path = file_name(file.path);
    if (path.ends_with(kSettings)) {
      if (Version* version = find(path.substr(0, path.size() - kSettings.size())))
        version->transaction = read_settings(sources_, file, diagnostics_);
      return;
    }
    const Name name = parse_name(path);
    if (name.kind != Kind::undo)
      return;
    Version* version = find(join(numbers_of(name.version), "."));
    if (!version)
      unread(file, Level::warning, "missing-up-file", "it undoes no version of this folder");
    else if (version->down != FileId::none)
      unread(file, Level::error, "duplicate-id", "its version has another undo file");
    else
      version->down = file.file;
  }

  Version* find(std::string_view key) {
    const auto found = index_.find(std::string(key));
    return found == index_.end() ? nullptr : &versions_[found->second];
  }

  void unread(const SqlFile& file, Level level, std::string_view variant, std::string_view why) {
    diagnostics_.report(level, kRule, variant, {file.file, {}},
                        fmt::format("`{}` is not read: {}", file_name(file.path), why));
  }

  const Sources& sources_;
  Diagnostics& diagnostics_;
  std::vector<Version> versions_;
  std::unordered_map<std::string, size_t> index_;  // by number and by file name
};

}  // namespace

bool is_flyway_name(std::string_view name) {
  if (name.ends_with(kSettings))
    name.remove_suffix(kSettings.size());
  return parse_name(name).kind != Kind::none;
}

std::vector<Revision> read_flyway(const Sources& sources, std::span<const SqlFile> files,
                                  Diagnostics& diagnostics) {
  return FlywayFolder(sources, diagnostics).read(files);
}

}  // namespace retort
