#include "versions/layouts.h"

#include "common/path.h"
#include "common/text.h"
#include "versions/lines.h"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace retort {
namespace {

constexpr std::string_view kRule = "chain/broken";
constexpr std::string_view kUp = ".up.sql";
constexpr std::string_view kDown = ".down.sql";

size_t leading_digits(std::string_view name) {
  return std::min(name.find_first_not_of("0123456789"), name.size());
}

bool has_up_mark(Format format, std::string_view text) {
  for (uint32_t at = text_begin(text); at < text.size();) {
    const Line line = line_at(text, at);
    if (layout_line(format, text, line.span).mark == LayoutMark::up)
      return true;
    at = line.next;
  }
  return false;
}

// 000001_add_orders.up.sql
bool is_golang_migrate(std::string_view name) {
  const size_t digits = leading_digits(name);
  return digits > 0 && name.substr(digits).starts_with("_") &&
         (name.ends_with(kUp) || name.ends_with(kDown));
}

bool is_marked(Format format, std::string_view name, std::string_view text) {
  return leading_digits(name) > 0 && name.ends_with(".sql") && has_up_mark(format, text);
}

bool fits(Format format, const Sources& sources, const SqlFile& file) {
  const std::string_view name = file_name(file.path);
  switch (format) {
  case Format::flyway: return is_flyway_name(name);
  case Format::golang_migrate: return is_golang_migrate(name);
  default: return is_marked(format, name, sources.text(file.file));
  }
}

// 20240131120000_add_orders.sql; goose and golang-migrate record the number, dbmate its text.
Version version_of(Format format, const SqlFile& file, std::string_view suffix) {
  std::string_view name = file_name(file.path);
  name.remove_suffix(suffix.size());
  const size_t digits = leading_digits(name);
  Version version;
  version.numbers = {without_leading_zeros(name.substr(0, digits))};
  version.id = format == Format::dbmate ? name.substr(0, digits) : version.numbers[0];
  version.title = title_of(name.substr(digits));
  version.up = &file;
  return version;
}

std::vector<Revision> read_marked(Format format, std::span<const SqlFile> files,
                                  Diagnostics& diagnostics) {
  std::vector<Version> versions;
  for (const SqlFile& file : files) {
    Version version = version_of(format, file, ".sql");
    version.transaction = Wrap::always;  // unless a mark in the body says otherwise
    versions.push_back(std::move(version));
  }
  return link_versions(format, std::move(versions), diagnostics);
}

std::vector<Revision> read_golang_migrate(std::span<const SqlFile> files,
                                          Diagnostics& diagnostics) {
  std::vector<Version> versions;
  std::unordered_map<std::string, size_t> by_id;
  for (const SqlFile& file : files)
    if (file.path.ends_with(kUp)) {
      Version version = version_of(Format::golang_migrate, file, kUp);
      version.transaction = Wrap::never;
      by_id.emplace(version.id, versions.size());
      versions.push_back(std::move(version));
    }
  for (const SqlFile& file : files) {
    if (!file.path.ends_with(kDown))
      continue;
    const Version down = version_of(Format::golang_migrate, file, kDown);
    const auto found = by_id.find(down.id);
    if (found == by_id.end()) {
      diagnostics.report(Level::warning, kRule, "missing-up-file", {file.file, {}},
                         fmt::format("`{}` is never run: version {} has no `.up.sql` file",
                                     file_name(file.path), down.id));
      continue;
    }
    Version& up = versions[found->second];
    if (up.down == FileId::none)
      up.down = file.file;
    else
      diagnostics
          .report(Level::error, kRule, "duplicate-id", {file.file, {}},
                  fmt::format("version {} has a second down file", down.id))
          .note({up.down, {}}, "the first one");
  }
  return link_versions(Format::golang_migrate, std::move(versions), diagnostics);
}

// Shorter numbers are smaller, once they have no leading zeros.
int compare(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const std::string_view left = i < a.size() ? std::string_view(a[i]) : "0";
    const std::string_view right = i < b.size() ? std::string_view(b[i]) : "0";
    if (left.size() != right.size())
      return left.size() < right.size() ? -1 : 1;
    if (left != right)
      return left < right ? -1 : 1;
  }
  return 0;
}

bool before(const Version& a, const Version& b) {
  if (a.repeatable != b.repeatable)
    return b.repeatable;
  return a.repeatable ? a.title < b.title : compare(a.numbers, b.numbers) < 0;
}

}  // namespace

std::optional<std::vector<Revision>>
read_layout(const Sources& sources, std::span<const SqlFile> files, Diagnostics& diagnostics) {
  if (files.empty())
    return std::nullopt;
  for (const Format format :
       {Format::flyway, Format::golang_migrate, Format::dbmate, Format::goose}) {
    const auto misfit = std::find_if(files.begin(), files.end(), [&](const SqlFile& file) {
      return !fits(format, sources, file);
    });
    if (misfit == files.end()) {
      if (format == Format::flyway)
        return read_flyway(sources, files, diagnostics);
      if (format == Format::golang_migrate)
        return read_golang_migrate(files, diagnostics);
      return read_marked(format, files, diagnostics);
    }
    // A chain must not vanish because of one file: say which one it is.
    if (std::any_of(files.begin(), files.end(),
                    [&](const SqlFile& file) { return fits(format, sources, file); }))
      diagnostics.report(Level::warning, kRule, "mixed-layout", {misfit->file, {}},
                         fmt::format("no file of this folder is read as {} revision: `{}` is none",
                                     to_string(format), file_name(misfit->path)));
  }
  return std::nullopt;
}

std::vector<Revision> link_versions(Format format, std::vector<Version> versions,
                                    Diagnostics& diagnostics) {
  std::stable_sort(versions.begin(), versions.end(), before);
  std::vector<Revision> revisions;
  const Version* last = nullptr;
  for (Version& version : versions) {
    if (last && !before(*last, version)) {
      diagnostics
          .report(Level::error, kRule, "duplicate-id", {version.up->file, {}},
                  fmt::format("version {} is in two files: `{}` and `{}`", version.id,
                              file_name(last->up->path), file_name(version.up->path)))
          .note({last->up->file, {}}, "the other file");
      continue;
    }
    const auto header = std::make_shared<SqlHeader>();
    header->transaction = version.transaction;
    Revision revision;
    revision.format = format;
    revision.id = version.id;
    if (!revisions.empty())
      revision.down_revisions.push_back({revisions.back().id, {}});
    revision.doc = version.title;
    revision.path = version.up->path;
    revision.file = version.up->file;
    revision.down_file = version.down;
    revision.sql = header;
    revisions.push_back(std::move(revision));
    last = &version;
  }
  return revisions;
}

std::string without_leading_zeros(std::string_view digits) {
  const size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? "0" : std::string(digits.substr(first));
}

std::string title_of(std::string_view name) {
  std::string title(name);
  std::replace(title.begin(), title.end(), '_', ' ');
  return std::string(trim(title));
}

}  // namespace retort
