// The disk as far as a project reaches. Whoever opens a folder in an editor has not asked for what
// its configuration names elsewhere.
#pragma once

#include "common/disk.h"

#include <string>
#include <vector>

namespace retort::lsp {

class Fence final : public Disk {
public:
  // Nothing outside of these folders is read, links or not.
  Fence(const Disk& below, std::vector<std::string> folders)
      : below_(below), folders_(std::move(folders)) {}

  DiskResult<std::vector<Entry>> list(const std::string& folder) const override;
  DiskResult<std::string> read(const std::string& path) const override;
  EntryKind kind(const std::string& path) const override { return below_.kind(path); }
  bool exists(const std::string& path) const override { return below_.exists(path); }
  // A link that leads outside is not followed: what is said of it is said where it stands.
  std::string real_path(const std::string& path) const override;

private:
  bool is_inside(const std::string& path) const { return holds(below_.real_path(path)); }
  bool holds(const std::string& real_path) const;

  const Disk& below_;
  std::vector<std::string> folders_;
};

}  // namespace retort::lsp
