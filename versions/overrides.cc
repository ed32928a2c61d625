#include "versions/overrides.h"

#include "common/path.h"
#include "common/text.h"

#include <fmt/core.h>

namespace retort {
namespace {

constexpr std::string_view kRule = "compile/override";
constexpr std::string_view kUp = ".up.sql";
constexpr std::string_view kDown = ".down.sql";

void report_unknown(Run& run, const Chain& chain, const std::string& path, std::string_view id) {
  std::vector<std::string_view> ids;
  std::string_view longer;
  for (RevIndex i = 0; i < chain.size(); ++i) {
    ids.push_back(chain[i].id);
    if (!id.empty() && chain[i].id.starts_with(id))
      longer = chain[i].id;
  }
  Diagnostic& diagnostic = run.diagnostics.report(
      Level::error, kRule, "unknown", {run.sources.declare(shown_path(path)), {}},
      fmt::format("override of `{}`, which the chain does not have", id));
  if (const std::string_view meant = longer.empty() ? nearest(id, ids) : longer; !meant.empty())
    diagnostic.note(fmt::format("the file is named after the whole id: `{}{}`", meant,
                                path.ends_with(kDown) ? kDown : kUp));
}

}  // namespace

std::optional<FileId> Overrides::find(RevIndex revision, bool down) const {
  const auto found = files_.find({revision, down});
  return found == files_.end() ? std::nullopt : std::optional(found->second);
}

Overrides read_overrides(Run& run, const Config& config, const Chain& chain) {
  Overrides overrides;
  const std::string& folder = config.overrides.value;
  if (folder.empty() || run.disk.kind(folder) != EntryKind::folder)
    return overrides;
  const DiskResult<std::vector<Entry>> entries = run.disk.list(folder);
  if (!entries) {
    run.diagnostics.report(
        Level::error, kRule, "unreadable", config.overrides.origin.at,
        fmt::format("`{}` cannot be read: {}", shown_path(folder), entries.error().reason));
    return overrides;
  }
  for (const Entry& entry : *entries) {
    if (entry.kind != EntryKind::file || !entry.name.ends_with(".sql"))
      continue;
    const std::string path = join_path(folder, entry.name);
    const auto fail = [&](std::string_view variant, std::string message) {
      run.diagnostics.report(Level::error, kRule, variant,
                             {run.sources.declare(shown_path(path)), {}}, std::move(message));
    };
    const bool down = entry.name.ends_with(kDown);
    if (!down && !entry.name.ends_with(kUp)) {
      fail("name", "an override is named `REVISION.up.sql` or `REVISION.down.sql`");
      continue;
    }
    const std::string id =
        entry.name.substr(0, entry.name.size() - (down ? kDown.size() : kUp.size()));
    const std::optional<RevIndex> revision = chain.find_id(id);
    if (!revision) {
      report_unknown(run, chain, path, id);
      continue;
    }
    const DiskResult<FileId> file = run.load(path);
    if (file)
      overrides.files_[{*revision, down}] = *file;
    else
      fail("unreadable", fmt::format("this cannot be read: {}", file.error().reason));
  }
  return overrides;
}

}  // namespace retort
