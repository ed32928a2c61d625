#include "editors/server/workspace.h"

#include "common/path.h"
#include "common/text.h"
#include "versions/header.h"
#include "versions/read_python.h"

#include <algorithm>
#include <array>
#include <sys/stat.h>
#include <utility>

namespace retort::lsp {
namespace {

constexpr std::array<std::string_view, 3> kConfigNames = {"retort.toml", "alembic.ini",
                                                          "pyproject.toml"};

bool is_config(std::string_view path) {
  return std::find(kConfigNames.begin(), kConfigNames.end(), file_name(path)) != kConfigNames.end();
}

// A file that is new to the chain would make it another one. Not while its header is being written.
bool is_whole_revision(const std::string& path, std::string_view text) {
  if (!path.ends_with(".py"))
    return text.find("-- ///", text.find("-- /// retort") + 1) != std::string_view::npos;
  std::optional<py::LineError> error;
  const std::optional<Header> header = read_plain_header(text, error);
  return header && header->values[0] && !error;
}

// When it was changed; 0: it is not there.
int64_t time_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    return 0;
  return int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

std::map<std::string, int64_t> times_of(const Model& model) {
  std::map<std::string, int64_t> times;
  for (const std::string& path : model.reads())
    times[path] = time_of(path);
  return times;
}

}  // namespace

// The nearest folder, upward, in which a chain is configured.
std::string Workspace::root_above(const std::string& start) const {
  if (!settings_.config.empty()) {
    for (const std::string& folder : folders)
      if (start == folder || start.starts_with(folder + "/"))
        return folder;
    return parent_path(settings_.config);
  }
  for (std::string folder = start;; folder = parent_path(folder)) {
    for (const std::string_view name : kConfigNames) {
      const std::string path = join_path(folder, name);
      if (disk_.kind(path) != EntryKind::file)
        continue;
      if (name != "pyproject.toml")
        return folder;
      const DiskResult<std::string> text = disk_.read(path);
      if (text && (text->find("[tool.retort") != std::string::npos ||
                   text->find("[tool.alembic") != std::string::npos))
        return folder;
    }
    if (folder == "/" || folder == "." || disk_.exists(join_path(folder, ".git")))
      return {};
  }
}

void Workspace::read(const std::string& root, Chain& chain) {
  ModelRequest request;
  request.config.start_folder = chain.alone ? parent_path(root) : root;
  request.config.needs_folders = !chain.alone;
  if (chain.alone)
    request.alone = root;
  if (!settings_.config.empty())
    request.config.files = {join_path(request.config.start_folder, settings_.config)};
  request.statistics = settings_.statistics;
  request.target = settings_.target;
  chain.outdated = false;
  chain.model.reset();  // not twice in memory
  chain.disk = std::make_unique<Fence>(disk_, reach(request.config.start_folder));
  chain.model = std::make_unique<Model>(*chain.disk, request, threads_);
  if (!told_of_changes)
    chain.times = times_of(*chain.model);
}

// Where a chain's files may lie: what was opened with it, or is one project with it.
std::vector<std::string> Workspace::reach(const std::string& root) const {
  std::vector<std::string> reached{root};
  for (const std::string& folder : folders)
    if (root == folder || root.starts_with(join_path(folder, "")))
      reached.insert(reached.begin(), folder);
  for (std::string folder = root; folder != "/" && folder != "."; folder = parent_path(folder))
    if (disk_.exists(join_path(folder, ".git"))) {
      reached.insert(reached.begin(), folder);
      break;
    }
  if (!settings_.config.empty())
    reached.push_back(parent_path(join_path(root, settings_.config)));
  return reached;
}

Model* Workspace::model_above(const std::string& folder) {
  const auto [known, unknown] = roots_.try_emplace(folder);
  if (unknown)
    known->second = root_above(folder);
  if (known->second.empty())
    return nullptr;
  Chain& chain = chains_[known->second];
  if (!chain.model || chain.outdated)
    read(known->second, chain);
  return chain.model.get();
}

Model* Workspace::model_of(const std::string& path) {
  catch_up();
  // A folder of revisions may lie beside the folder of its configuration.
  for (auto& [root, chain] : chains_)
    if (chain.model && !chain.alone && chain.model->concerns(path)) {
      if (chain.outdated)
        read(root, chain);
      return chain.model.get();
    }
  Model* const model = model_above(parent_path(path));
  return model && model->concerns(path) ? model : alone(path);
}

Model* Workspace::alone(const std::string& path) {
  const Document* const document = documents_.find(path);
  const auto known = chains_.find(path);
  const bool python = path.ends_with(".py");
  if (!document || !(python || path.ends_with(".sql")))
    return nullptr;
  // What has been taken for a revision stays one while its header is being edited.
  if (known == chains_.end() && python && !is_whole_revision(path, document->text))
    return nullptr;
  Chain& chain = known == chains_.end() ? chains_[path] : known->second;
  chain.alone = true;
  if (!chain.model || chain.outdated)
    read(path, chain);
  return chain.model.get();
}

void Workspace::forget_alone() {
  std::erase_if(chains_, [](const auto& each) { return each.second.alone; });
}

std::vector<Model*> Workspace::models() {
  catch_up();
  for (const auto& [path, document] : documents_.all())
    (void)model_of(path);
  std::vector<Model*> all;
  for (auto& [root, chain] : chains_) {
    if (chain.outdated)
      read(root, chain);
    if (chain.model)
      all.push_back(chain.model.get());
  }
  return all;
}

void Workspace::opened(Document document) {
  const std::string path = document.path;
  const DiskResult<std::string> before = disk_.read(path);
  const bool same = before && *before == document.text;
  documents_.open(std::move(document));
  if (!same)
    edited(path);
}

void Workspace::edited(const std::string& path) { changed_.insert(path); }

void Workspace::closed(const std::string& path) {
  const Document* const document = documents_.find(path);
  if (!document)
    return;
  const std::string last = document->text;
  documents_.close(path);
  if (const auto known = chains_.find(path); known != chains_.end())
    chains_.erase(known);  // it was looked at by itself
  const DiskResult<std::string> text = disk_.read(path);
  if (!text || *text != last)
    edited(path);
}

void Workspace::changed_on_disk(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (documents_.find(path))
      continue;  // the open text counts
    if (is_config(path)) {
      roots_.clear();
      forget_alone();
    }
    changed_.insert(path);
  }
}

void Workspace::look_at_disk() {
  std::vector<std::string> changed;
  for (auto& [root, chain] : chains_) {
    if (!chain.model || chain.outdated)
      continue;
    std::map<std::string, int64_t> now = times_of(*chain.model);
    for (const auto& [path, time] : now) {
      if (chain.times[path] == time)
        continue;
      if (chain.model->revision(path))
        changed.push_back(path);
      else
        chain.outdated = true;  // a folder, or a file that all depends on
    }
    chain.times = std::move(now);
  }
  if (!changed.empty())
    changed_on_disk(changed);
}

void Workspace::set(WorkspaceSettings settings) {
  settings_ = std::move(settings);
  roots_.clear();
  forget_alone();
  for (auto& [root, chain] : chains_)
    chain.outdated = true;
}

void Workspace::catch_up() {
  const std::set<std::string> changed = std::exchange(changed_, {});
  // Many files at once are a checkout: one reading is less than as many edits.
  constexpr size_t kManyFiles = 20;
  for (const std::string& path : changed)
    for (auto& [root, chain] : chains_) {
      if (!chain.model || chain.outdated)
        continue;
      if (is_config(path) && path.starts_with(root)) {
        chain.outdated = true;
        continue;
      }
      if (!chain.model->concerns(path))
        continue;
      const std::optional<RevIndex> revision = chain.model->revision(path);
      DiskResult<std::string> text = disk_.read(path);
      if (text && path.ends_with(".py"))
        text = decode_python(*std::move(text));
      if (!revision && text && documents_.find(path) && !is_whole_revision(path, *text)) {
        chain.model->edit_unread(path, *std::move(text));
        continue;
      }
      const bool taken = changed.size() < kManyFiles && revision && text && !text->empty() &&
                         chain.model->edit(*revision, *std::move(text));
      chain.outdated |= !taken;
    }
}

}  // namespace retort::lsp
