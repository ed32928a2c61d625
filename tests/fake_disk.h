// A disk that is a map from path to text: tests read like the folder they describe, and see what
// was read.
#pragma once

#include "common/disk.h"
#include "common/path.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace retort {

class FakeDisk final : public Disk {
public:
  using Files = std::map<std::string, std::string>;  // absolute, normalised paths
  explicit FakeDisk(Files files = {}) : files_(std::move(files)) {}

  // Reads in order, each as often as it happened.
  const std::vector<std::string>& reads() const { return reads_; }
  bool was_read(const std::string& path) const {
    return std::find(reads_.begin(), reads_.end(), path) != reads_.end();
  }

  DiskResult<std::vector<Entry>> list(const std::string& folder) const override {
    if (kind(folder) != EntryKind::folder)
      return Unexpected{DiskError{true, "no such file or directory"}};
    const std::string prefix = normal_path(folder) == "/" ? "/" : normal_path(folder) + "/";
    std::vector<Entry> entries;
    for (auto at = files_.lower_bound(prefix); at != files_.end(); ++at) {
      if (!at->first.starts_with(prefix))
        break;
      const std::string_view rest = std::string_view(at->first).substr(prefix.size());
      const size_t slash = rest.find('/');
      const Entry entry{std::string(rest.substr(0, slash)),
                        slash == std::string_view::npos ? EntryKind::file : EntryKind::folder};
      if (!entry.name.empty() && std::find(entries.begin(), entries.end(), entry) == entries.end())
        entries.push_back(entry);
    }
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return entries;
  }

  DiskResult<std::string> read(const std::string& path) const override {
    const std::lock_guard lock(mutex_);
    reads_.push_back(normal_path(path));
    const auto found = files_.find(normal_path(path));
    if (found == files_.end())
      return Unexpected{DiskError{true, "no such file or directory"}};
    return found->second;
  }

  EntryKind kind(const std::string& path) const override {
    const std::string name = normal_path(path);
    if (files_.contains(name))
      return EntryKind::file;
    const std::string prefix = name == "/" ? "/" : name + "/";
    const auto inside = files_.lower_bound(prefix);
    return inside != files_.end() && inside->first.starts_with(prefix) ? EntryKind::folder
                                                                       : EntryKind::other;
  }

  bool exists(const std::string& path) const override { return kind(path) != EntryKind::other; }
  std::string real_path(const std::string& path) const override { return normal_path(path); }

private:
  Files files_;
  mutable std::vector<std::string> reads_;
  mutable std::mutex mutex_;
};

}  // namespace retort
