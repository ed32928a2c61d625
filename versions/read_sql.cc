#include "versions/read_sql.h"

#include "common/path.h"
#include "versions/header_block.h"
#include "versions/layouts.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace retort {
namespace {

constexpr std::string_view kRule = "chain/broken";
constexpr std::string_view kUp = ".up.sql";
constexpr std::string_view kDown = ".down.sql";

bool is_settings(const SqlFile& file) { return file.path.ends_with(".conf"); }

bool has_header(std::string_view text) { return find_header(text).has_value(); }

// The files of pairs by their paths: a folder may have thousands.
class Pairs {
public:
  explicit Pairs(std::span<const SqlFile> files) {
    for (const SqlFile& file : files)
      if (file.path.ends_with(kUp) || file.path.ends_with(kDown))
        by_path_.emplace(file.path, &file);
  }
  // `x.up.sql` for `x.down.sql` with these endings, and the other way round.
  const SqlFile* other_half(std::string_view path, std::string_view ending,
                            std::string_view other_ending) const {
    if (!path.ends_with(ending))
      return nullptr;
    std::string other(path.substr(0, path.size() - ending.size()));
    other += other_ending;
    const auto found = by_path_.find(other);
    return found == by_path_.end() ? nullptr : found->second;
  }

private:
  std::unordered_map<std::string_view, const SqlFile*> by_path_;
};

void report_ignored(const Sources& sources, const SqlFile& file, Diagnostics& diagnostics) {
  const std::string_view text = sources.text(file.file);
  const std::string_view name = file_name(file.path);
  const size_t late = text.find("-- /// retort");
  if (late != std::string_view::npos) {
    const uint32_t begin = static_cast<uint32_t>(late);
    diagnostics.report(Level::warning, kRule, "bad-header", {file.file, {begin, begin + 13}},
                       fmt::format("`{}` is not read: its header must stand before all SQL", name));
    return;
  }
  diagnostics.report(Level::info, kRule, "ignored-file", {file.file, {}},
                     fmt::format("`{}` is not read: it has no `-- /// retort` header", name));
}

std::vector<Revision> read_own(Sources& sources, std::span<const SqlFile> files,
                               Diagnostics& diagnostics) {
  const Pairs pairs(files);
  std::vector<Revision> revisions;
  for (const SqlFile& file : files) {
    if (is_settings(file))
      continue;
    const SqlFile* up = pairs.other_half(file.path, kDown, kUp);
    const bool second_half = up && has_header(sources.text(up->file));
    if (!has_header(sources.text(file.file))) {
      if (!second_half)
        report_ignored(sources, file, diagnostics);
      continue;
    }
    if (second_half) {
      diagnostics.report(Level::error, kRule, "bad-header", {file.file, {}},
                         fmt::format("`{}` has a header of its own: it belongs to `{}`",
                                     file_name(file.path), file_name(up->path)));
      continue;
    }
    std::optional<Revision> revision = read_sql_header(sources, file.file, diagnostics);
    if (!revision)
      continue;
    revision->path = file.path;
    if (const SqlFile* down = pairs.other_half(file.path, kUp, kDown))
      revision->down_file = down->file;
    revisions.push_back(std::move(*revision));
  }
  return revisions;
}

}  // namespace

std::vector<Revision> read_sql_files(Sources& sources, std::span<const SqlFile> files,
                                     bool folder_has_python_revisions, Diagnostics& diagnostics) {
  const bool own = std::any_of(files.begin(), files.end(), [&](const SqlFile& file) {
    return !is_settings(file) && has_header(sources.text(file.file));
  });
  if (!own && !folder_has_python_revisions)
    if (std::optional<std::vector<Revision>> others = read_layout(sources, files, diagnostics))
      return std::move(*others);
  return read_own(sources, files, diagnostics);
}

}  // namespace retort
