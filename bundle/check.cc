#include "bundle/check.h"

#include "common/json.h"
#include "common/path.h"
#include "common/sha256.h"
#include "common/text.h"
#include "linter/fix.h"
#include "versions/current.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace retort::bundle {
namespace {

void collect(const Disk& disk, const std::string& folder, const std::string& below,
             std::vector<NewFile>& files, std::vector<std::string>& unreadable) {
  const DiskResult<std::vector<Entry>> entries = disk.list(folder);
  if (!entries) {
    unreadable.push_back(below.empty() ? folder : below);
    return;
  }
  for (const Entry& entry : *entries) {
    const std::string path = below.empty() ? entry.name : below + "/" + entry.name;
    if (entry.kind == EntryKind::folder) {
      collect(disk, join_path(folder, entry.name), path, files, unreadable);
      continue;
    }
    DiskResult<std::string> text = disk.read(join_path(folder, entry.name));
    if (text)
      files.push_back({path, std::move(*text)});
    else
      unreadable.push_back(path);
  }
}

const std::string* find(std::span<const NewFile> files, std::string_view path) {
  for (const NewFile& file : files)
    if (file.path == path)
      return &file.text;
  return nullptr;
}

// What may be added to a bundle without changing it.
bool may_be_added(std::string_view path) {
  return path.starts_with("evidence/") || path == "SHA256SUMS.sig" || path == "SHA256SUMS.asc" ||
         path == "SHA256SUMS.minisig";
}

std::map<std::string, std::string> sums_of(std::string_view text) {
  std::map<std::string, std::string> sums;
  for (const std::string_view line : split(text, '\n'))
    if (line.size() > 66 && line.substr(64, 2) == "  ")
      sums[std::string(line.substr(66))] = std::string(line.substr(0, 64));
  return sums;
}

void say(Check& check, bool good, std::string_view what, std::string_view words) {
  check.good &= good;
  check.text += fmt::format("{:<9} {}\n", what, words);
}

Request request_in(std::string_view manifest) {
  Request request;
  const auto text = [&](const char* name) {
    const std::vector<std::string> values = json_texts(manifest, {"request", name});
    return values.empty() ? std::string() : values.front();
  };
  request.range = text("range");
  request.reason = text("reason");
  request.approved = json_texts(manifest, {"request", "approved"});
  request.allow_holes = text("allow_holes") == "true";
  request.with_source = text("with_source") == "true";
  request.emit_test = text("emit_test") == "true";
  const std::vector<std::string> change = json_texts(manifest, {"change"});
  const std::vector<std::string> release = json_texts(manifest, {"release"});
  request.change = change.empty() ? "" : change.front();
  request.release = release.empty() ? "" : release.front();
  return request;
}

std::string braces(const std::vector<std::string>& ids) {
  return fmt::format("{{{}}}", join(ids, ", "));
}

}  // namespace

Check check_folder(const Disk& disk, const std::string& folder) {
  Check check;
  std::vector<std::string> problems;
  collect(disk, absolute_path(folder), "", check.files, problems);
  for (std::string& path : problems)
    path += " cannot be read";
  const std::string* const sums = find(check.files, "SHA256SUMS");
  const std::string* const manifest = find(check.files, "MANIFEST.json");
  if (!sums || !manifest) {
    say(check, false, "files",
        fmt::format("{}: this is no bundle: {} is missing", folder,
                    sums ? "MANIFEST.json" : "SHA256SUMS"));
    return check;
  }
  const std::map<std::string, std::string> expected = sums_of(*sums);
  for (const auto& [path, sum] : expected) {
    const std::string* const text = find(check.files, path);
    if (!text)
      problems.push_back(path + " is missing");
    else if (sha256(*text) != sum)
      problems.push_back(path + " was changed");
  }
  size_t extra = 0;
  for (const NewFile& file : check.files)
    if (file.path != "SHA256SUMS" && !expected.contains(file.path)) {
      ++extra;
      if (!may_be_added(file.path))
        problems.push_back(file.path + " was added");
    }
  say(check, problems.empty(), "files",
      problems.empty() ? fmt::format("{} of {}, none changed, none added but {} in evidence or "
                                     "signatures",
                                     expected.size(), expected.size(), extra)
                       : join(problems, "; "));
  for (const std::string_view name : {"SHA256SUMS.sig", "SHA256SUMS.minisig", "SHA256SUMS.asc"})
    if (find(check.files, name))
      say(check, true, "signature",
          fmt::format("{} is there; README.txt says how to check it", name));
  check.from = json_texts(*manifest, {"from"});
  check.to = json_texts(*manifest, {"to"});
  if (json_texts(*manifest, {"schema"}) == std::vector<std::string>{"retort.bundle/1"})
    check.request = request_in(*manifest);
  else
    say(check, false, "manifest", "MANIFEST.json is none that this version reads");
  return check;
}

void check_log(const std::string& log, Check& check) {
  Sources sources;
  Diagnostics ignored;
  const FileId file = sources.add("log", log);
  const Result<CurrentRows> rows = read_current(sources, file, {}, ignored);
  if (!rows) {
    say(check, false, "log", "it is no log of a script");
    return;
  }
  std::vector<std::string> ids;
  for (const Reference& id : rows->ids)
    ids.push_back(id.id);
  std::sort(ids.begin(), ids.end());
  if (rows->unfinished)
    say(check, false, "log",
        fmt::format("the run did not come to its end ({}); the database is at {}",
                    rows->unfinished->step.empty() ? "no end mark" : rows->unfinished->step,
                    braces(ids)));
  else
    say(check, ids == check.to, "log",
        ids == check.to ? fmt::format("came to its end, the database is at {}", braces(ids))
                        : fmt::format("came to its end at {}, the bundle ends at {}", braces(ids),
                                      braces(check.to)));
}

void compare_with(std::span<const NewFile> built, Check& check) {
  std::vector<std::string> different;
  for (const NewFile& file : built) {
    const std::string* const text = find(check.files, file.path);
    if (!text || *text != file.text)
      different.push_back(file.path);
  }
  for (const NewFile& file : check.files)
    if (!find(built, file.path) && !may_be_added(file.path))
      different.push_back(file.path);
  say(check, different.empty(), "rebuild",
      different.empty() ? "the same bytes" : fmt::format("other bytes: {}", join(different, ", ")));
}

Expected<std::string, std::string> difference(const Disk& disk, const std::string& a,
                                              const std::string& b) {
  std::vector<NewFile> before, after;
  std::vector<std::string> unreadable;
  collect(disk, absolute_path(a), "", before, unreadable);
  collect(disk, absolute_path(b), "", after, unreadable);
  if (!unreadable.empty())
    return Unexpected{fmt::format("{} cannot be read", join(unreadable, ", "))};
  std::set<std::string> paths;
  for (const std::vector<NewFile>* const files : {&before, &after})
    for (const NewFile& file : *files)
      // The sums say nothing that the files do not.
      if (file.path != "SHA256SUMS" && file.path != "FILES" && !may_be_added(file.path))
        paths.insert(file.path);
  std::string text;
  for (const std::string& path : paths) {
    const std::string* const old = find(before, path);
    const std::string* const now = find(after, path);
    if (!old)
      text += fmt::format("added    {}\n", path);
    else if (!now)
      text += fmt::format("removed  {}\n", path);
    else if (*old != *now)
      text += fmt::format("changed  {}\n", path);
  }
  for (const std::string& path : paths) {
    const std::string* const old = find(before, path);
    const std::string* const now = find(after, path);
    if (old && now && *old != *now && path.ends_with(".sql"))
      text += unified_diff(path, *old, *now);
  }
  return text;
}

}  // namespace retort::bundle
