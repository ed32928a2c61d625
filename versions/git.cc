#include "versions/git.h"

#include "common/path.h"
#include "common/process.h"
#include "common/text.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/core.h>
#include <set>

namespace retort {
namespace {

constexpr std::string_view kRule = "range/git";

// Git reads the repository that holds `folder`; the environment of a hook must not redirect it.
ProcessResult git(const std::string& folder, std::vector<std::string> arguments,
                  std::string_view input = {}) {
  arguments.insert(arguments.begin(), {"git", "-C", folder});
  return run_process(arguments, input);
}

std::string existing_folder(const Disk& disk, std::string path) {
  while (path != "/" && path != "." && disk.kind(path) != EntryKind::folder)
    path = parent_path(path);
  return path;
}

Unexpected<Failed> fail(Run& run, Loc at, std::string message, const ProcessResult& result) {
  if (result.exit_code == 127)
    message = "the git program is needed for this and was not found";
  Diagnostic diagnostic{kRule, "", Level::error, at, std::move(message), {}, {}};
  if (result.exit_code != 127 && !trim(result.errors).empty())
    diagnostic.note(fmt::format("git says: {}", trim(result.errors)));
  return run.diagnostics.fail(std::move(diagnostic));
}

Result<std::string> top_folder(Run& run, const std::string& folder, Loc at) {
  const ProcessResult top = git(folder, {"rev-parse", "--show-toplevel"});
  if (top.exit_code != 0)
    return fail(run, at, fmt::format("`{}` is in no git repository", shown_path(folder)), top);
  return std::string(trim(top.output));
}

Result<std::string> commit_of(Run& run, const std::string& folder, const std::string& ref, Loc at) {
  ProcessResult result;
  if (!ref.empty() && ref[0] != '-')
    result = git(folder, {"rev-parse", "--verify", "--quiet", ref + "^{commit}"});
  else
    result.exit_code = 1;
  if (result.exit_code != 0)
    return fail(run, at, fmt::format("git knows no tag, branch or commit `{}`", ref), result);
  return std::string(trim(result.output));
}

class MapDisk final : public Disk {
public:
  explicit MapDisk(GitFiles files) : files_(std::move(files)) {}

  DiskResult<std::vector<Entry>> list(const std::string& folder) const override {
    std::set<std::string> folders;
    std::vector<Entry> entries;
    const std::string prefix = folder + "/";
    for (auto file = files_.lower_bound(prefix);
         file != files_.end() && file->first.starts_with(prefix); ++file) {
      const std::string rest = file->first.substr(prefix.size());
      const size_t slash = rest.find('/');
      if (slash == rest.npos)
        entries.push_back({rest, EntryKind::file});
      else if (folders.insert(rest.substr(0, slash)).second)
        entries.push_back({rest.substr(0, slash), EntryKind::folder});
    }
    if (entries.empty())
      return Unexpected{DiskError{true, "no such folder in git"}};
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return entries;
  }
  DiskResult<std::string> read(const std::string& path) const override {
    const auto file = files_.find(path);
    if (file == files_.end())
      return Unexpected{DiskError{true, "no such file in git"}};
    return file->second;
  }
  EntryKind kind(const std::string& path) const override {
    if (files_.contains(path))
      return EntryKind::file;
    const auto inside = files_.lower_bound(path + "/");
    const bool folder = inside != files_.end() && inside->first.starts_with(path + "/");
    return folder ? EntryKind::folder : EntryKind::other;
  }
  bool exists(const std::string& path) const override { return kind(path) != EntryKind::other; }
  std::string real_path(const std::string& path) const override { return path; }

private:
  GitFiles files_;
};

// All files below a folder of the work tree.
void collect(const Disk& disk, const std::string& folder, GitFiles& files, int depth) {
  const DiskResult<std::vector<Entry>> entries = disk.list(folder);
  if (!entries || depth > 64)
    return;
  for (const Entry& entry : *entries) {
    const std::string path = join_path(folder, entry.name);
    if (entry.kind == EntryKind::folder && !entry.is_link && entry.name != "__pycache__") {
      collect(disk, path, files, depth + 1);
    } else if (entry.name.ends_with(".py") || entry.name.ends_with(".sql") ||
               entry.name.ends_with(".conf")) {
      DiskResult<std::string> text = disk.read(path);
      if (text)
        files[path] = *std::move(text);
    }
  }
}

}  // namespace

Result<GitFiles> read_git_files(Run& run, const std::vector<std::string>& folders,
                                const std::string& commit, Loc at) {
  GitFiles files;
  if (folders.empty())
    return files;
  const std::string somewhere = existing_folder(real_disk(), folders[0]);
  const std::string top = TRY(top_folder(run, somewhere, at));
  const std::string id = TRY(commit_of(run, somewhere, commit, at));
  std::vector<std::string> listing = {"ls-tree", "-r", "-z", "--full-tree", id, "--"};
  for (const std::string& folder : folders) {
    const std::string real = real_disk().real_path(folder);
    if (real == top)
      listing.pop_back();  // the whole tree
    else if (real.starts_with(top + "/"))
      listing.push_back(real.substr(top.size() + 1));
  }
  const ProcessResult tree = git(top, listing);
  if (tree.exit_code != 0)
    return fail(run, at, fmt::format("git cannot list `{}`", commit), tree);

  // Each entry: mode SP type SP object TAB path.
  std::vector<std::string> paths;
  std::string objects;
  for (const std::string_view entry : split(tree.output, '\0')) {
    const size_t tab = entry.find('\t');
    const bool is_file = entry.starts_with("100") && tab != entry.npos;
    if (!is_file)
      continue;
    const std::string_view path = entry.substr(tab + 1);
    if (!path.ends_with(".py") && !path.ends_with(".sql") && !path.ends_with(".conf"))
      continue;
    paths.push_back(join_path(top, path));
    const size_t space = entry.rfind(' ', tab);
    objects += fmt::format("{}\n", entry.substr(space + 1, tab - space - 1));
  }
  const ProcessResult blobs = git(top, {"cat-file", "--batch"}, objects);
  // Each answer: object SP type SP size LF, the bytes, LF.
  size_t offset = 0;
  for (const std::string& path : paths) {
    const size_t line = blobs.output.find('\n', offset);
    const size_t space = line == std::string::npos ? line : blobs.output.rfind(' ', line);
    if (space == std::string::npos || space < offset)
      return fail(run, at, fmt::format("git cannot read the files of `{}`", commit), blobs);
    const size_t size = std::strtoull(blobs.output.c_str() + space + 1, nullptr, 10);
    files.emplace(path, blobs.output.substr(line + 1, size));
    offset = line + 1 + size + 1;
  }
  return files;
}

Result<std::optional<std::string>> read_git_file(Run& run, const std::string& path,
                                                 const std::string& commit, Loc at) {
  const std::string somewhere = existing_folder(real_disk(), parent_path(path));
  const std::string top = TRY(top_folder(run, somewhere, at));
  const std::string id = TRY(commit_of(run, somewhere, commit, at));
  const std::string real = join_path(real_disk().real_path(parent_path(path)), file_name(path));
  if (!real.starts_with(top + "/"))
    return std::optional<std::string>();
  // An option of git's, so that no letter of the path is a pattern.
  const std::string inside = real.substr(top.size() + 1);
  const ProcessResult tree =
      git(top, {"--literal-pathspecs", "ls-tree", "-z", "--full-tree", id, "--", inside});
  if (tree.exit_code != 0)
    return fail(run, at, fmt::format("git cannot list `{}`", commit), tree);
  if (!tree.output.starts_with("100"))
    return std::optional<std::string>();
  ProcessResult blob = git(top, {"cat-file", "blob", id + ":" + inside});
  if (blob.exit_code != 0)
    return fail(run, at, fmt::format("git cannot read `{}` of `{}`", inside, commit), blob);
  return std::optional(std::move(blob.output));
}

Result<std::string> merge_base(Run& run, const std::string& folder, const std::string& ref,
                               Loc at) {
  const std::string somewhere = existing_folder(real_disk(), folder);
  TRY(top_folder(run, somewhere, at));
  const std::string theirs = TRY(commit_of(run, somewhere, ref, at));
  const ProcessResult base = git(somewhere, {"merge-base", "HEAD", theirs});
  return std::string(trim(base.output));
}

std::string removed_in(const std::vector<std::string>& folders, const std::string& id) {
  const bool plain =
      !id.empty() && id.size() <= 64 &&
      std::all_of(id.begin(), id.end(), [](char c) { return is_word(c) || c == '.'; });
  for (const std::string& folder : folders) {
    if (!plain)
      break;
    const ProcessResult found =
        git(folder, {"log", "--all", "-1", "--diff-filter=D", "--no-textconv", "--format=%h of %as",
                     "-S" + id, "--", "."});
    if (found.exit_code == 0 && !trim(found.output).empty())
      return std::string(trim(found.output));
  }
  return {};
}

std::unique_ptr<Disk> disk_of(GitFiles files) {
  return std::make_unique<MapDisk>(std::move(files));
}

std::unique_ptr<Disk> merged_disk(const Disk& ours, const std::vector<std::string>& folders,
                                  const GitFiles& base, GitFiles theirs) {
  GitFiles merged;
  for (const std::string& folder : folders)
    collect(ours, real_disk().real_path(folder), merged, 0);
  const auto at = [](const GitFiles& files, const std::string& path) {
    const auto file = files.find(path);
    return file == files.end() ? nullptr : &file->second;
  };
  const auto same = [](const std::string* a, const std::string* b) {
    return a == b || (a && b && *a == *b);
  };
  GitFiles touched = base;
  touched.insert(theirs.begin(), theirs.end());
  for (const auto& [path, unused] : touched) {
    const std::string* const before = at(base, path);
    const std::string* const incoming = at(theirs, path);
    const bool they_changed = !same(before, incoming);
    const bool we_changed = !same(before, at(merged, path));
    if (!they_changed || we_changed)
      continue;
    if (incoming)
      merged[path] = *incoming;
    else
      merged.erase(path);
  }
  return disk_of(std::move(merged));
}

}  // namespace retort
